import CausalClock
import Testing
import Wire

@testable import FailureDetection
@testable import Simulation

/// A check that cannot fail is worth nothing: each is shown something wrong.
@Suite("the checks find what is wrong")
struct CheckerTests {
    @Test("nothing is found in a calm cluster")
    func calm() {
        var trial = CheckTrial()
        trial.checks.judgeCalm(in: trial.world)
        #expect(trial.broken == [])
        #expect(trial.world.turns > 100)
    }

    @Test("a suspicion of a host that is running")
    func accuracy() {
        var trial = CheckTrial()
        trial.world.cut(from: 0, to: 1)
        trial.run(.seconds(2))
        #expect(trial.broken == [.accuracy])
        trial.checks.judgeCalm(in: trial.world)
        #expect(trial.broken.filter { $0 != .recovery } == [.accuracy, .accuracy])
    }

    @Test("a crashed host that is not suspected in time")
    func completeness() {
        var trial = CheckTrial()
        let crashed = trial.world.now
        trial.world.crash(2, refuses: false)
        trial.run(.milliseconds(100))
        trial.checks.judgeCrash(of: 2, at: crashed, in: trial.world)
        #expect(trial.broken == [.completeness, .completeness])
    }

    @Test("a bound that is not what it was")
    func restored() {
        var trial = CheckTrial()
        trial.checks.noteUsualBounds(in: trial.world)
        trial.run(.seconds(2))
        trial.checks.noteLastBounds(in: trial.world)
        trial.checks.judgeRestored(in: trial.world)
        #expect(trial.broken == [])
        trial.world.setLink(LinkModel(delay: .milliseconds(150)), from: 0, to: 1)
        trial.run(.seconds(3))
        trial.checks.lastBounds = []
        trial.checks.noteLastBounds(in: trial.world)
        trial.checks.judgeRestored(in: trial.world)
        #expect(trial.broken.filter { $0 != .accuracy } == [.restored, .restored])
    }

    @Test("an event that never was")
    func clocks() {
        var trial = CheckTrial()
        trial.world.hosts[1].incarnations[0].epoch = Epoch(7)
        trial.checks.afterTurn(of: 0, in: trial.world)
        #expect(!trial.broken.contains(.clocks), "the clock was checked when it last changed")
        trial.run(.milliseconds(500))
        #expect(trial.broken.contains(.clocks))
    }

    @Test("a copy, a damaged datagram and one of a retired incarnation that are believed")
    func refusals() {
        var trial = CheckTrial()
        while trial.world.deliveries.isEmpty { _ = trial.world.step(before: .never) }
        var delivery = trial.world.deliveries[0]
        delivery.isRepeated = true
        var damaged = trial.world.deliveries[0]
        damaged.isCorrupted = true
        var retired = trial.world.deliveries[0]
        retired.knownEpoch = Epoch(retired.epoch.value + 1)
        trial.world.deliveries = [delivery, damaged, retired]
        let place = trial.world.hosts.indices.first { $0 != delivery.from } ?? 0
        trial.checks.afterTurn(of: place, in: trial.world)
        #expect(trial.broken.filter { $0 == .refusal }.count == 3)
    }

    @Test("a deadline that is still due after a turn")
    func deadline() {
        var trial = CheckTrial()
        trial.world.turnInstant = .never
        trial.checks.afterTurn(of: 0, in: trial.world)
        #expect(trial.broken == [.deadline])
    }

    @Test("suspect and trust that do not alternate")
    func alternation() {
        func notice(_ kind: Notice.Kind, _ cause: Cause? = nil) -> Notice {
            var notice = Notice(
                kind: kind, dot: Dot(host: CheckTrial().world.hosts[0].id, epoch: Epoch(1), counter: 1),
                at: Instant(nanoseconds: 0))
            notice.verdict = cause.map { Verdict($0, .suspected) }
            return notice
        }
        var reported = LastReport()
        #expect(reported.hear(notice(.trust)) == nil)
        #expect(reported.hear(notice(.trust)) == "trusted twice")
        #expect(reported.hear(notice(.confirm, .crash)) == "confirmed after trusted")
        reported = LastReport()
        #expect(reported.hear(notice(.trust)) == nil)
        #expect(reported.hear(notice(.suspect, .crash)) == nil)
        #expect(reported.hear(notice(.suspect, .link)) == nil, "the cause has changed")
        #expect(reported.hear(notice(.suspect, .link)) == "suspected twice for one cause")
        #expect(reported.hear(notice(.confirm, .link)) == nil)
        #expect(reported.hear(notice(.confirm, .link)) == "confirmed after suspected")
        #expect(reported.hear(notice(.confirm, .daemon)) == nil, "the cause has changed, and is confirmed")
        #expect(reported.hear(notice(.suspect, .daemon)) == nil, "the quorum is lost")
        #expect(reported.hear(notice(.suspect, .link)) == nil, "the cause has changed")
        #expect(reported.hear(notice(.suspect, .link)) == "suspected twice for one cause")
        #expect(reported.hear(notice(.pending)) == "pending after suspected")
        #expect(reported.compare(.suspected, isIsolated: false) == nil)
        #expect(reported.compare(.trusted, isIsolated: false) == "trusted, but reported as suspected")
        #expect(reported.hear(notice(.leave)) == nil)
        #expect(reported.hear(notice(.leave)) == "left twice")
        #expect(reported.hear(notice(.pending)) == "pending after left")
        #expect(reported.hear(notice(.pending), isBack: true) == nil)
        #expect(reported.hear(notice(.suspect, .link), isBack: true) == nil, "it is missed")
        reported = LastReport()
        #expect(reported.hear(notice(.leave)) == nil)
        #expect(reported.hear(notice(.suspect, .crash)) == "suspected after it left")
    }

    @Test("the faults that matter are found, and the others are left out")
    func shrinking() {
        // Of a seed with which no trial ends with that host's start.
        var plan = FaultPlan(seed: 5, nodes: 3, duration: .seconds(20)).keeping([])
        plan.settings = ClusterSettings(
            nodes: 3, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        func planned(_ fault: Fault, after seconds: Int64) -> PlannedFault {
            PlannedFault(fault, begins: Instant(nanoseconds: 0) + .seconds(seconds), lasts: .seconds(2))
        }
        // A host that has forgotten its epoch, and whose clock is years ahead, claims to be in an incarnation
        // that no host believes.
        plan.faults = [
            planned(.wallClock(0, by: 5), after: 20), planned(.wallClock(1, by: 1_000_000_000), after: 21),
            planned(.pause(2), after: 22), planned(.crash(1, refuses: false, losesState: true), after: 23),
        ]
        var run = RandomRun(plan)
        #expect(run.run().breaches.contains { $0.promise == .accuracy })
        #expect(FaultShrinker.shrink(plan, breaking: .accuracy) == [1, 3])
    }
}
