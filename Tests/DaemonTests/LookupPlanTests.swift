import FailureDetection
import LinuxIO
import Synchronization
import Testing

@testable import Daemon

@Suite("names are looked up one question at a time, and slow ones delay no others")
struct LookupPlanTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    /// Runs a plan against a name server that answers some names simultaneously, and others never, as glibc sees it.
    ///
    /// - Returns: when each name was asked for, in seconds from the start.
    private func run(
        _ plan: inout LookupPlan, seconds: Int64, slow: (String) -> Bool,
        each: (inout LookupPlan, Instant) -> Void = { _, _ in }
    ) -> [String: [Double]] {
        var asked: [String: [Double]] = [:]
        var open: [(host: String, due: Instant)] = []
        for tick in 0..<seconds * 10 {
            let now = start + .milliseconds(100) * tick
            for answer in open where answer.due <= now {
                let failure = NameResolutionError(host: answer.host, reason: "no answer", isTemporary: true)
                let address = SocketAddress(ipv4: 0x0a00_0001, port: 0)
                _ = plan.take(
                    .init(
                        host: answer.host, result: slow(answer.host) ? .failure(failure) : .success([address])
                    ),
                    at: now)
            }
            open.removeAll { $0.due <= now }
            each(&plan, now)
            for host in plan.takeDue(at: now) {
                asked[host, default: []].append(Double(tick) / 10)
                #expect(!open.contains { $0.host == host }, "\(host) is asked for twice at once")
                open.append((host, now + (slow(host) ? .seconds(10) : .milliseconds(1))))
            }
            #expect(open.count <= LookupPlan.limit)
        }
        return asked
    }

    @Test(
        "a name that resolves is asked for every five seconds, whatever five dead ones do",
        arguments: [5, 60])
    func fair(count: Int) throws {
        var plan = LookupPlan()
        _ = plan.configure((0..<count).map { "s\($0).slow" } + ["b.good"], at: start)
        let asked = run(&plan, seconds: 200) { $0.hasSuffix(".slow") }
        let times = try #require(asked["b.good"])
        let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { $0 <= 5.2 }, "\(gaps)")
        // Those that wait longest come next, so that none is forgotten.
        if count == 5 { #expect(asked.allSatisfy { $0.value.count > 8 }, "\(asked)") }
    }

    @Test(
        "at the first start dead names delay the others by little, however many they are",
        arguments: [12, 60, 110])
    func first(count: Int) throws {
        var plan = LookupPlan()
        _ = plan.configure((0..<count).map { "s\($0).slow" } + ["b.good"], at: start)
        let asked = run(&plan, seconds: 60) { $0.hasSuffix(".slow") }
        let time = try #require(asked["b.good"]?.first)
        #expect(time <= 2, "\(time)")
        #expect(asked.count == count + 1)
    }

    @Test("hundreds of dead names leave space for those that are known to be quick")
    func manyDead() throws {
        var plan = LookupPlan()
        _ = plan.configure(["b.good"], at: start)
        _ = run(&plan, seconds: 1) { _ in false }
        _ = plan.configure((0..<400).map { "s\($0).slow" } + ["b.good"], at: start + .seconds(1))
        let asked = run(&plan, seconds: 200) { $0.hasSuffix(".slow") }
        let times = try #require(asked["b.good"])
        let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { $0 <= 5.3 }, "\(gaps)")
    }

    @Test("a name at whose peers something is wrong is asked for before others")
    func urgent() {
        var plan = LookupPlan()
        let places = plan.configure((0..<40).map { "n\($0)" }, at: start)
        for place in places { plan.note(place) { $0.isUrgent = place == 37 } }
        #expect(plan.takeDue(at: start).first == "n37")
    }

    @Test(
        "the next time counts from the answer, is near where a peer is not reached, and nearer at the first sign"
    )
    func periods() {
        var plan = LookupPlan()
        let place = plan.configure(["b"], at: start)[0]
        #expect(plan.takeDue(at: start) == ["b"] && plan.takeDue(at: start + .seconds(99)) == [])
        let answered = start + .seconds(100)
        plan.note(place) { $0.isUrgent = false }
        _ = plan.take(.init(host: "b", result: .success([])), at: answered)
        _ = plan.takeDue(at: answered)
        #expect(plan.nextDue == answered + .seconds(30))
        plan.hasten(place, after: LookupPlan.retryPeriod, at: answered)
        #expect(plan.nextDue == answered + .seconds(5))
        plan.hasten(place, after: LookupPlan.urgentPeriod, at: answered + .seconds(2))
        #expect(plan.nextDue == answered + .seconds(2))
    }

    @Test("those that wait for longer than a second are counted")
    func waiting() {
        var plan = LookupPlan()
        _ = plan.configure((0..<20).map { "s\($0)" }, at: start)
        _ = plan.takeDue(at: start)
        #expect(plan.waiting(at: start + .milliseconds(900)) == 0)
        #expect(plan.waiting(at: start + .seconds(1)) == 20)
    }

    @Test("a reload during a look-up asks again after its answer")
    func reload() {
        var plan = LookupPlan()
        _ = plan.configure(["b"], at: start)
        _ = plan.takeDue(at: start)
        _ = plan.configure(["b"], at: start + .seconds(1))
        #expect(plan.takeDue(at: start + .seconds(1)) == [])
        _ = plan.take(.init(host: "b", result: .success([])), at: start + .seconds(2))
        #expect(plan.takeDue(at: start + .seconds(2)) == ["b"])
    }

    @Test("look-ups that hang leave threads for others")
    func threads() throws {
        let wakeup = try WakeupDescriptor()
        let gate = BoundedQueue<Int>(capacity: 1)
        let resolver = AddressResolver(wakeup: wakeup) { host in
            if host.hasPrefix("slow") { _ = gate.dequeue() }
            return [SocketAddress(ipv4: 0x0a00_0001, port: 0)]
        }
        for number in 0..<LookupPlan.doubtfulLimit { resolver.resolve("slow\(number)") }
        resolver.resolve("good")
        var answers: [String] = []
        let isAnswered = eventually {
            answers += resolver.takeAnswers().map(\.host)
            return !answers.isEmpty
        }
        #expect(isAnswered && answers == ["good"])
        gate.close()
    }
}
