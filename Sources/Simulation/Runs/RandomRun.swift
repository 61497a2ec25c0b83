package import FailureDetection
internal import Records
internal import Wire

/// One trial of a fault plan: the cluster settles, the faults come and go, the cluster settles again, one host crashes
/// under the eyes of all others, and comes back; in the end all is forgotten.
package struct RandomRun: Sendable {
    /// What became of a trial.
    package struct Outcome: Sendable {
        /// What was found wrong.
        package var breaches: [Breach] = []
        /// From each crash to each suspicion of it.
        package var detectionTimes: [TimeSpan] = []
        /// Suspicions of hosts that lived and were in trouble.
        package var excusedMistakes = 0
        /// True time covered, of all hosts together.
        package var hostTime = TimeSpan.zero
        /// Turns of all hosts.
        package var turns: UInt64 = 0
        /// Datagrams sent by all hosts.
        package var datagrams: UInt64 = 0

        /// Nothing yet.
        package init() {}
    }

    private enum Step {
        case begin(PlannedFault)
        case end(PlannedFault)
        case change(ServiceName, of: Int, to: ServiceFacts)
        case judgeKnown(KnownService)
        case judgeLie(LieMark)
        case judge(Int, crashed: Instant)
        case judgePublished(PublishedBound, by: Int, of: Int, crashed: Instant, since: Instant)
    }

    private let plan: FaultPlan
    private var world: World
    private var checks: WorldChecks
    private let keepsJournal: Bool
    /// What all hosts reported, with true times; empty unless asked for.
    package private(set) var journal: [(at: Instant, line: String)] = []
    private var steps: [(at: Instant, step: Step)] = []

    /// Prepares a trial.
    ///
    /// - Parameters:
    ///   - plan: the cluster and its faults.
    ///   - keepsJournal: whether what the hosts report is kept.
    ///   - publishesRecords: whether the hosts publish what they say of themselves and their services.
    package init(_ plan: FaultPlan, keepsJournal: Bool = false, publishesRecords: Bool = true) {
        self.keepsJournal = keepsJournal
        self.plan = plan
        let spare = plan.faults.reduce(0) { $0 + $1.fault.sparesNeeded }
        world = World(plan.settings, spare: spare, seed: plan.seed)
        world.publishesRecords = publishesRecords
        checks = WorldChecks(plan)
        for case .restart(let host, _) in plan.faults.map(\.fault) { world.keepMemory(of: host) }
        for fault in plan.faults {
            steps.append((fault.begins, .begin(fault)))
            steps.append((fault.ends, .end(fault)))
        }
        drawServices()
    }

    /// Runs the trial.
    package mutating func run() -> Outcome {
        advance(to: Instant(nanoseconds: 0) + plan.settings.settling)
        checks.noteUsualBounds(in: world)
        takeSteps()
        advance(to: plan.faultsEnd + plan.settings.settling)
        checks.judgeCalm(in: world)
        checks.judgeRecords(in: world)
        crashOne()
        forgetAll()
        return outcome
    }

    /// Draws what services do until the faults end, from a source of its own: all else is as it would be without.
    private mutating func drawServices() {
        var chance = VirtualRandom(seed: plan.seed ^ 0x5E41_CE5)
        let names = ["db", "web"].compactMap { ServiceName($0) }
        let states: [ServiceState] = [.up, .down, .failed, .stopped, .hung]
        let span = plan.faultsEnd - Instant(nanoseconds: 0)
        for number in 0..<(4 * plan.settings.nodes) {
            let at = Instant(nanoseconds: 0) + chance.upTo(span)
            let report = ServiceFacts(state: chance.pick(states), generation: UInt64(number))
            let host = chance.below(plan.settings.nodes)
            steps.append((at, .change(chance.pick(names), of: host, to: report)))
        }
    }

    private mutating func take(_ step: Step) {
        switch step {
        case .begin(let fault):
            if case .crash(let host, _, _) = fault.fault { expectSuspicion(of: host) }
            world.begin(fault, of: plan.settings)
            if let lie = LieMark(fault, in: world, checks) {
                steps.append((fault.ends - .milliseconds(1), .judgeLie(lie)))
            }
        case .end(let fault): world.end(fault, of: plan.settings)
        case .judgeLie(let mark): checks.judge(mark, in: world)
        case .change(let service, let host, let report):
            world.change(service, of: host, to: report)
            let change = KnownService(service, of: host, report, in: world)
            let judged = world.now + KnownService.time
            if judged <= plan.faultsEnd { steps.append((judged, .judgeKnown(change))) }
        case .judgeKnown(let change):
            guard let rest = checks.judgeKnown(change, in: world) else { return }
            steps.append((world.now + KnownService.pause, .judgeKnown(rest)))
        case .judge(let host, let crashed): checks.judgeCrash(of: host, at: crashed, in: world)
        case .judgePublished(let published, let observer, let host, let crashed, let since):
            judge(published, by: observer, of: host, crashed: crashed, since: since)
        }
    }

    /// Judges whether a promise was kept, unless it changed, or its time began anew.
    private mutating func judge(
        _ published: PublishedBound, by observer: Int, of host: Int, crashed: Instant, since: Instant
    ) {
        let slower = checks.slowerBound(than: published, by: observer, of: host, in: world)
        let judged = checks.judged(by: observer, since: since)
        guard slower == nil, judged == since else {
            return expectSuspicion(
                of: host, by: observer, within: slower ?? published, of: crashed, since: judged)
        }
        checks.judgePublished(published, by: observer, of: host, at: crashed, in: world)
    }

    /// A host is about to crash.
    private mutating func expectSuspicion(of host: Int) {
        steps.append((world.now + checks.bound, .judge(host, crashed: world.now)))
        for observer in 0..<plan.settings.nodes {
            guard let published = checks.publishedBound(by: observer, of: host, in: world) else { continue }
            expectSuspicion(
                of: host, by: observer, within: published, of: world.now, since: world.now)
        }
    }

    private mutating func expectSuspicion(
        of host: Int, by observer: Int, within published: PublishedBound, of crashed: Instant, since: Instant
    ) {
        let step = Step.judgePublished(published, by: observer, of: host, crashed: crashed, since: since)
        steps.append((since + published.bound + checks.tolerance(of: published.bound), step))
    }

    private mutating func crashOne() {
        let host = Int(plan.seed % UInt64(plan.settings.nodes))
        let crashed = world.now
        expectSuspicion(of: host)
        world.crash(host, refuses: plan.seed.isMultiple(of: 2))
        takeSteps()
        advance(to: world.now + max(plan.settings.interval * 5 + .seconds(1), checks.bound))
        checks.judgeCrash(of: host, at: crashed, in: world)
        removeForAWhile(host)
    }

    /// In some trials a host that starts anew while another is down, and so never hears it, is reloaded without it, and with it
    /// again: all agree then as before.
    private mutating func removeForAWhile(_ dead: Int) {
        let settings = plan.settings
        guard plan.seed.isMultiple(of: 3), settings.nodes > 2 else { return }
        let observer = (dead + 1) % settings.nodes
        let patience = settings.startupGrace + checks.bound * 2 + settings.interval * 10 + .seconds(5)
        world.startAnew(observer)
        advance(to: world.now + patience)
        for isOn in [true, false] {
            world.configure(observer, .without(dead), isOn: isOn, of: settings)
            advance(to: world.now + patience)
        }
        checks.judgeConfirmed(dead, in: world)
    }

    /// The host that has crashed comes back; when nothing of any trouble is remembered, all is as in the beginning.
    private mutating func forgetAll() {
        world.start(Int(plan.seed % UInt64(plan.settings.nodes)))
        advance(to: world.now + plan.settings.forgetting)
        checks.judgeCalm(in: world)
        // A message that is lost by chance makes a bound longer until the next one is acknowledged.
        for _ in 0..<6 {
            advance(to: world.now + plan.settings.interval)
            checks.noteLastBounds(in: world)
        }
        checks.judgeRestored(in: world)
        checks.judgeRecords(in: world)
    }

    /// Goes through all that is planned, in order.
    private mutating func takeSteps() {
        while let next = steps.indices.min(by: { steps[$0].at < steps[$1].at }) {
            let (at, step) = steps.remove(at: next)
            advance(to: at)
            take(step)
        }
    }

    private mutating func advance(to end: Instant) {
        while let place = world.step(before: end) {
            checks.afterTurn(of: place, in: world)
            guard keepsJournal else { continue }
            let name = "\(world.hosts[place].id)"
            journal += world.outbox.notices.map { (world.now, NoticeText.line($0, by: name)) }
        }
    }

    private var outcome: Outcome {
        let span = world.now - Instant(nanoseconds: 0)
        var outcome = Outcome()
        outcome.breaches = checks.breaches
        outcome.detectionTimes = checks.detectionTimes
        outcome.excusedMistakes = checks.excusedMistakes
        outcome.hostTime = span * Int64(plan.settings.nodes)
        outcome.turns = world.turns
        outcome.datagrams = world.sent.reduce(0, +)
        return outcome
    }
}
