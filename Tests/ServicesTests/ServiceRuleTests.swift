import FailureDetection
import Records
import TestSupport
import Testing

@testable import Services

/// Rules that are no row of the table.
@Suite("services: rules")
struct ServiceRuleTests {
    @Test("hung after the time limit, only after the first call of this generation, until the next call")
    func hung() {
        var unit = Timeline.running(hungAfter: .seconds(2))
        unit.until(60_000)
        #expect(unit.lines.isEmpty && unit.watch.findings == [.noProgressCall])
        unit.at(61_000, .alive(within: nil))
        unit.at(62_500, .alive(within: nil))
        unit.until(64_499)
        #expect(unit.lines.isEmpty && unit.watch.findings.isEmpty)
        unit.until(64_500)
        #expect(unit.lines == ["hung progress"])
        unit.at(70_000, .alive(within: nil))
        #expect(unit.lines == ["hung progress", "up"])
        unit.at(70_001, .unit(.active, 2))
        unit.until(90_000)
        #expect(unit.lines == ["hung progress", "up"], "a new generation has made no call yet")
    }

    @Test("the clock stands while the unit reloads or is frozen, and begins anew after a pause of ours")
    func standingClock() {
        var unit = Timeline.running(hungAfter: .seconds(2))
        unit.at(1_000, .alive(within: nil))
        unit.at(2_000, .unit(.reloading, 1))
        unit.at(12_000, .unit(.active, 1))
        unit.at(12_500, .cgroup(isPopulated: true, isFrozen: true, of: Timeline.id(1)))
        unit.at(20_000, .cgroup(isPopulated: true, isFrozen: false, of: Timeline.id(1)))
        unit.at(20_400, .paused(for: .seconds(1)))
        unit.until(22_399)
        #expect(unit.lines == ["reloading", "up", "hung frozen", "up"])
        unit.until(22_400)
        #expect(unit.lines.last == "hung progress")
    }

    @Test("another time limit changes nothing else")
    func otherLimit() {
        var unit = Timeline.running(hungAfter: .seconds(2))
        unit.at(1_000, .alive(within: nil))
        unit.limit(.seconds(10), at: 1_500)
        unit.until(10_999)
        #expect(unit.lines.isEmpty)
        unit.until(11_000)
        #expect(unit.lines == ["hung progress"])
        unit.limit(nil, at: 11_001)
        #expect(unit.lines == ["hung progress", "up"], "without a limit it does not hang any more")
    }

    @Test(
        "a shorter time limit that has run out is noticed immediately, and a longer one takes the verdict back"
    )
    func shorterLimit() {
        var unit = Timeline.running(hungAfter: .seconds(10))
        unit.at(1_000, .alive(within: nil))
        unit.limit(.seconds(2), at: 5_000)
        #expect(unit.lines == ["hung progress"])
        unit.limit(.seconds(20), at: 6_000)
        #expect(unit.lines == ["hung progress", "up"])
        unit.until(20_999)
        #expect(unit.lines.count == 2)
        unit.until(21_000)
        #expect(unit.lines.last == "hung progress")
    }

    @Test(
        "a call that names a time of its own counts for that time, with or without a limit",
        arguments: [true, false])
    func namedTime(hasLimit: Bool) {
        var unit = Timeline.running(hungAfter: hasLimit ? .seconds(2) : nil)
        unit.at(1_000, .alive(within: .seconds(30)))
        unit.limit(hasLimit ? .seconds(5) : nil, at: 2_000)
        unit.until(30_999)
        #expect(unit.lines.isEmpty)
        unit.until(31_000)
        #expect(unit.lines == ["hung progress"])
        unit.at(32_000, .alive(within: .seconds(1)))
        unit.at(32_500, .paused(for: .milliseconds(400)))
        unit.until(33_499)
        #expect(unit.lines == ["hung progress", "up"])
        unit.until(33_500)
        #expect(unit.lines.last == "hung progress")
    }

    @Test("short pauses of ours put a verdict off by their length, however often they come")
    func shortPauses() {
        var unit = Timeline.running(hungAfter: .seconds(2))
        unit.at(0, .alive(within: nil))
        for pause in 1...20 { unit.at(Double(pause) * 100, .paused(for: .milliseconds(20))) }
        unit.until(2_399)
        #expect(unit.lines.isEmpty)
        unit.until(2_400)
        #expect(unit.lines == ["hung progress"])
    }

    @Test("a service that hangs does so after a restart of this daemon, too, and another gets its time anew")
    func progressMemory() {
        var unit = Timeline.running(hungAfter: .seconds(2))
        unit.at(0, .alive(within: nil))
        let before = unit.watch.memory
        unit.until(2_000)
        var hung = Timeline(hungAfter: .seconds(2), memory: unit.watch.memory)
        hung.at(0, .unit(.active, 1))
        #expect(hung.lines == ["hung progress"])
        hung.at(10, .alive(within: nil))
        #expect(hung.lines == ["hung progress", "up"])
        var other = Timeline(hungAfter: .seconds(2), memory: before)
        other.at(0, .unit(.active, 1))
        other.until(1_999)
        #expect(other.lines == ["up"])
        other.until(2_000)
        #expect(other.lines == ["up", "hung progress"])
        var later = Timeline(hungAfter: .seconds(2), memory: unit.watch.memory)
        later.at(0, .unit(.active, 2))
        later.until(60_000)
        #expect(later.lines == ["up"], "another activation has made no call")
    }

    @Test("a call without any time means nothing")
    func noTime() {
        var unit = Timeline.running()
        unit.at(1_000, .alive(within: nil))
        unit.until(100_000_000)
        #expect(unit.lines.isEmpty)
    }

    @Test("an end during a reload is not planned: its job asks for no end")
    func endDuringReload() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.reloading, 1, job: .other))
        unit.at(1_010, .exit(1))
        unit.at(1_011, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.until(2_000)
        #expect(unit.lines == ["reloading", "down!", "failed signal signal 9!"])
    }

    @Test("an exit of another process, or of an earlier activation, is none of the service's")
    func strangeExits() {
        var unit = Timeline.running(2)
        unit.at(1_000, .exit(1))
        unit.at(1_000, .exited(pid: 7, of: Timeline.id(2)))
        #expect(unit.lines.isEmpty)
        unit.at(2_000, .exit(2))
        #expect(unit.lines == ["down!"])
    }

    @Test("a service that gives itself another main process is up, although the former one has ended")
    func newMainProcess() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001, .unit(.active, 1, change: { $0.mainPID = 555 }))
        unit.at(2_000, .exited(pid: 555, of: Timeline.id(1)))
        #expect(unit.lines == ["down!", "up", "down!"])
    }

    @Test("a restart that was too fast for any sign of its end is counted, and reported with both times")
    func fastRestart() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.active, 2))
        #expect(unit.watch.status.generation == 2 && unit.restarts.count == 1)
        #expect(unit.restarts.first?.ended == Timeline.instant(1_000_000))
    }

    @Test("a restart is planned although its job is one of a start by the time its type is asked for")
    func lateJobType() {
        var unit = Timeline.running()
        for number in 1...3 as ClosedRange<UInt64> {
            let start = Double(number) * 1_000
            unit.at(start, .unit(.active, number, job: .start))
            unit.at(start + 1, .exit(number))
            unit.at(start + 2, .unit(.inactive, number, end: .killed(15), job: .start))
            unit.at(start + 3, .unit(.active, number + 1, job: .start))
            unit.at(start + 4, .unit(.active, number + 1))
        }
        #expect(unit.watch.status.restarts == 0 && unit.restarts.count == 3)
        #expect(!unit.lines.contains { $0.hasPrefix("failed") })
    }

    @Test("a job that has started a service and is not done yet makes its end no planned one")
    func endDuringStart() {
        var unit = Timeline()
        unit.at(0, .unit(.activating, 1, job: .start))
        unit.at(1, .unit(.active, 1, job: .start))
        unit.at(2, .unit(.active, 1, job: .start))
        unit.at(3, .exit(1))
        unit.at(4, .unit(.failed, 1, result: .signal, end: .killed(9)))
        unit.until(1_000)
        #expect(unit.lines.last == "failed signal signal 9!")
    }

    @Test("what is said of an activation that another has followed is outdated, and starts nothing again")
    func formerActivation() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.active, 2))
        let before = unit.watch.status
        for _ in 0..<10 {
            unit.at(1_001, .unit(.failed, 1, result: .signal, end: .killed(9)))
            unit.at(1_002, .unit(.active, 2))
        }
        #expect(unit.watch.status == before)
    }

    @Test("of a unit that the manager cannot read nothing is known, until it can be read again")
    func unreadable() {
        var unit = Timeline()
        unit.at(0, .notLoaded(.unreadable))
        #expect(unit.watch.findings == [.unreadable] && unit.watch.status.detail == .statusUnknown)
        unit.at(1, .unit(.active, 1))
        #expect(unit.watch.findings.isEmpty && unit.lines.last == "up")
        unit.at(2, .notLoaded(.unreadable))
        #expect(unit.watch.status.state == .unknown)
        unit.at(3, .unit(.active, 1))
        #expect(unit.lines.last == "up" && unit.watch.status.generation == 1)
        var none = Timeline()
        none.at(0, .notLoaded(.missing))
        #expect(none.watch.status.detail == .none, "that there is no such unit is another reason")
    }

    @Test("a start long after a stop or a failure is no restart")
    func laterStart() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.failed, 1, result: .exitCode, end: .exited(1)))
        unit.at(60_000, .unit(.failed, 1, result: .exitCode, end: .exited(1), job: .unknown))
        unit.at(60_000, .unit(.activating, 2, job: .unknown))
        unit.at(60_001, .unit(.active, 2))
        #expect(unit.restarts.isEmpty && unit.watch.status.restarts == 0)
        #expect(unit.watch.status.generation == 2)
        #expect(unit.lines == ["failed exit status 1", "starting", "up"])
    }

    @Test("a start after the start limit is no restart, and what remains after its exit has not failed")
    func startsAndRemains() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001, .unit(.activating, 1, sub: .autoRestart, result: .exitCode, end: .exited(1)))
        unit.at(1_002, .unit(.failed, 1, result: .exitCode, end: .exited(1)))
        unit.at(60_000, .unit(.failed, 1, result: .exitCode, end: .exited(1), job: .start))
        unit.at(60_001, .unit(.active, 2))
        #expect(unit.restarts.isEmpty && unit.watch.status.restarts == 0)
        unit.at(61_000, .exit(2))
        unit.at(61_001, .unit(.active, 2, sub: .exited, end: .exited(0)))
        unit.until(70_000)
        #expect(unit.lines.last == "up")
    }

    @Test("generations survive a restart of this daemon")
    func memory() {
        var unit = Timeline.running()
        unit.at(1_000, .unit(.active, 2))
        var same = Timeline(memory: unit.watch.memory)
        same.at(0, .unit(.active, 2))
        #expect(same.watch.status.generation == 2 && same.restarts.isEmpty)
        var later = Timeline(memory: unit.watch.memory)
        later.at(0, .unit(.active, 3))
        #expect(later.watch.status.generation == 3 && later.watch.status.restarts == 2)
    }

    @Test("a clean exit whose ExecStopPost takes long is no failure")
    func longStopPost() {
        var unit = Timeline.running()
        unit.at(1_000, .exit(1))
        unit.at(1_001, .unit(.deactivating, 1, end: .exited(0)))
        unit.at(8_000, .unit(.inactive, 1, end: .exited(0)))
        #expect(unit.lines == ["down!", "stopping exit status 0", "stopped exit status 0!"])
    }

    @Test("a reader shows unknown while the host is suspected, for others' hosts only")
    func readers() {
        let report = ServiceFacts(state: .up, certainty: .suspected)
        #expect(
            HostStanding.allCases.map { ShownService(report, on: $0).state } == [
                .up, .up, .unknown, .unknown,
            ])
    }

    @Test("a book keeps 32 services, forgets none that stays, and says which are gone")
    func book() {
        var book = ServiceBook()
        let names = (0..<40).compactMap { ServiceName("s\($0)") }
        let first = book.configure(names.map { ServiceSettings(name: $0) }, at: Timeline.instant(0))
        #expect(first.isEmpty && book.names.count == 32)
        _ = book.handle(.unit(.active, 1), of: names[3], at: Timeline.instant(0))
        let news = book.configure(
            [ServiceSettings(name: names[3], hungAfter: .seconds(2))], at: Timeline.instant(1))
        #expect(news.count == 31)
        #expect(book.watch(of: names[3])?.status.state == .up)
        let stranger = book.handle(.alive(within: nil), of: names[4], at: Timeline.instant(1))
        #expect(stranger.isEmpty)
        _ = book.handle(.exit(1), of: names[3], at: Timeline.instant(10))
        #expect(book.nextDeadline == .never)
        _ = book.handleForAll(.manager(isReachable: false), at: Timeline.instant(20))
        #expect(book.nextDeadline == Timeline.instant(20) + ServiceWatch.managerPatience)
        let woken = book.wake(at: book.nextDeadline)
        #expect(woken.count == 1 && book.nextDeadline == .never)
    }

    @Test("whatever comes in whatever order, nothing traps, deadlines end, and what has ended is not up")
    func anyOrder() {
        for seed in 0..<400 as Range<UInt64> {
            var numbers = SeededGenerator(seed: seed)
            var unit = Timeline(hungAfter: seed.isMultiple(of: 2) ? .milliseconds(300) : nil)
            var now = 0.0
            for _ in 0..<60 {
                now += Double(Int.random(in: 0...400, using: &numbers)) / 10
                unit.at(now, input(&numbers))
                #expect(unit.watch.violatedInvariant == nil, "seed \(seed)")
            }
            unit.until(now + 15_000)
            #expect(unit.watch.nextDeadline == .never, "seed \(seed)")
        }
    }

    private func input(_ numbers: inout SeededGenerator) -> ServiceInput {
        let number = UInt64.random(in: 1...4, using: &numbers)
        let states: [ActiveState] = [.active, .reloading, .inactive, .failed, .activating, .deactivating]
        let jobs: [UnitJob] = [.none, .start, .other, .stop, .restart, .unknown]
        let results: [UnitResult] = [.success, .exitCode, .signal, .watchdog, .oomKill, .startLimit, .other]
        let ends: [ProcessEnd] = [.none, .exited(0), .exited(3), .killed(9), .dumped(11)]
        switch Int.random(in: 0..<13, using: &numbers) {
        case 0: return .exit(number)
        case 1: return .cgroup(isPopulated: number != 1, isFrozen: number == 2, of: Timeline.id(number))
        case 2: return .oomKill(of: Timeline.id(number))
        case 3:
            return [
                .alive(within: nil), .paused(for: .milliseconds(100)), .noMemoryEvents, .notLoaded(.notAsked),
            ][Int(number - 1)]
        case 5: return .manager(isReachable: number > 2)
        case 4: return .notLoaded([.there, .missing, .masked, .unreadable][Int(number - 1)])
        default:
            return .unit(
                states.randomElement(using: &numbers) ?? .active, number,
                sub: number == 3 ? .autoRestart : .other,
                result: results.randomElement(using: &numbers) ?? .other,
                end: ends.randomElement(using: &numbers) ?? .none,
                job: jobs.randomElement(using: &numbers) ?? .none)
        }
    }
}
