internal import CausalClock
package import FailureDetection
internal import Records
internal import Wire

/// Holds a simulated world against what is promised, after every turn of every host.
package struct WorldChecks: Sendable {
    /// What was found wrong.
    package private(set) var breaches: [Breach] = []
    /// How long crashed hosts lived on in the eyes of their observers.
    package private(set) var detectionTimes: [TimeSpan] = []
    /// Suspicions of hosts that lived, which their trouble explains.
    package private(set) var excusedMistakes = 0

    let settings: ClusterSettings
    let troubles: TroubleBook
    /// The positions of the peers of each host, in the order in which its detector has them.
    private(set) var peers: [[Int]]
    /// How often each host was started.
    private var starts: [Int]
    /// What each host said of each other one since its start.
    private var reported: [[LastReport]]
    /// When the present process of each host began.
    private(set) var began: [Instant]
    /// When each host last took back that it was isolated.
    private var rejoined: [Instant]
    /// The latest event of each host after its last turn; `nil` before the first of an incarnation.
    private var latest: [Dot?]
    /// The entries of its clock then.
    private var entries: [[Dot]]
    /// When the latest of the datagrams was sent that each host has read of each other one, believed or not.
    private(set) var gotUpTo: [[Instant]]
    /// What each host has had and sent to each other one besides.
    var evidence: EvidenceBook
    /// How often a conflict was reported in the name of each host.
    var conflicts: [Int]
    /// How long the end of each host could go unnoticed by each other one before anything went wrong.
    var usualBounds: [[UsualBound?]] = []
    /// The same when nothing of it is remembered any more.
    var lastBounds: [[UsualBound?]] = []

    /// Checks for the trial of a plan.
    package init(_ plan: FaultPlan) {
        settings = plan.settings
        troubles = TroubleBook(plan)
        peers = (0..<plan.settings.nodes).map { plan.settings.peers(of: $0) }
        reported = Array(
            repeating: Array(repeating: LastReport(), count: plan.settings.nodes), count: plan.settings.nodes)
        rejoined = Array(repeating: Instant(nanoseconds: .min), count: plan.settings.nodes)
        began = rejoined
        starts = Array(repeating: 0, count: plan.settings.nodes)
        conflicts = starts
        latest = Array(repeating: nil, count: plan.settings.nodes)
        entries = Array(repeating: [], count: plan.settings.nodes)
        gotUpTo = reported.map { $0.map { _ in Instant(nanoseconds: .min) } }
        evidence = EvidenceBook(nodes: plan.settings.nodes)
    }

    /// Checks what the latest turn, of the host at `place`, did.
    package mutating func afterTurn(of place: Int, in world: World) {
        // A clone's own view is worth nothing.
        guard place < settings.nodes else { return }
        // What a process read that was killed in the same turn it has read.
        checkDeliveries(at: place, in: world)
        // What it sent before it was killed others have read, too.
        evidence.noteVotes(
            about: world.lastVotes.compactMap { world.place(of: $0) }, of: place, at: world.now)
        world.askMonitor(of: place) { checkState(of: $0, at: place, in: world) }
    }

    private mutating func checkState(of monitor: Monitor, at place: Int, in world: World) {
        noteStart(of: monitor, at: place, in: world)
        evidence.note(monitor, at: place, peers: peers[place], in: world)
        checkBounds(of: monitor, at: place, in: world)
        checkDeadline(of: monitor, at: place, in: world)
        checkClock(of: monitor, at: place, in: world)
        checkNotices(at: place, of: monitor, in: world)
        checkRecordConflicts(at: place, in: world)
        checkMute(at: place, of: monitor, in: world)
        checkReturned(at: place, of: monitor, in: world)
        checkInvariants(of: monitor, in: world)
        for delivery in world.deliveries { evidence.noteArrival(of: delivery, at: place, in: world) }
    }

    /// A process that takes a later incarnation continues from what it has reported, one that continues with an
    /// incarnation from what the earlier one thought, and any other begins anew.
    private mutating func noteStart(of monitor: Monitor, at place: Int, in world: World) {
        let present = world.askHost(place) { $0.starts }
        let isNew = starts[place] != present
        let known = peers[place]
        if isNew || world.latestReload != nil {
            peers[place] = (0..<monitor.count).compactMap { world.place(of: monitor.id(ofPeer: $0)) }
        }
        if world.latestReload != nil { checkReload(at: place, in: world) }
        for peer in 0..<settings.nodes where world.latestReload != nil && !peers[place].contains(peer) {
            reported[place][peer] = LastReport()
        }
        noteAbsent(of: monitor, at: place, besides: known, in: world)
        let goesOn = latest[place]?.epoch == monitor.clock.epoch
        if !goesOn { (latest[place], entries[place]) = (nil, []) }
        guard isNew else { return }
        starts[place] = present
        began[place] = world.now
        reported[place] = Array(repeating: LastReport(), count: settings.nodes)
        guard goesOn, let resumption = world.hosts[place].resumption else { return }
        checkResumption(resumption, at: place, in: world)
        for index in 0..<monitor.count {
            reported[place][peers[place][index]] = LastReport(resumption.reports[index])
        }
    }

    /// What a reload watches again that had left is away still, and its answer says so.
    private mutating func noteAbsent(
        of monitor: Monitor, at place: Int, besides known: [Int], in world: World
    ) {
        guard world.latestReload != nil else { return }
        for index in 0..<monitor.count where monitor.state(ofPeer: index) == .left {
            let peer = peers[place][index]
            if !known.contains(peer) { reported[place][peer] = LastReport(monitor.report(ofPeer: index)) }
        }
    }

    mutating func report(_ promise: Breach.Promise, at now: Instant, _ what: String) {
        breaches.append(Breach(promise: promise, at: now, what: what))
    }

    mutating func checkInvariants(of monitor: Monitor, in world: World) {
        guard let violation = monitor.violatedInvariant else { return }
        report(.invariants, at: world.now, "\(monitor.id) has \(violation)")
    }

    private mutating func checkDeadline(of monitor: Monitor, at place: Int, in world: World) {
        let wake = world.askEndpoint(of: place) { $0.nextWake }
        if let wake, wake <= world.turnInstant,
            monitor.nextDeadline.map({ $0.instant > world.turnInstant }) ?? true
        {
            report(.deadline, at: world.now, "\(world.ids[place]): records are still due after a turn")
        }
        guard let deadline = monitor.nextDeadline, deadline.instant <= world.turnInstant else { return }
        report(
            .deadline, at: world.now,
            "\(world.ids[place]): \"\(deadline.reason.rawValue)\" is still due after a turn")
    }

    private mutating func checkBounds(of monitor: Monitor, at place: Int, in world: World) {
        let id = monitor.id
        for datagram in world.outbox.datagrams where datagram.count > Envelope.maximumLength {
            report(.bounds, at: world.now, "\(id) sent a datagram of \(datagram.count) bytes")
        }
        // In one turn a peer gets a heartbeat, pings, records and an answer to each datagram read; a leave has three
        // copies. Besides there are the messages of repairs.
        let most = monitor.count * 10 + world.deliveries.count * 2 + RepairOutbox.capacity
        if world.outbox.datagrams.count > most {
            report(.bounds, at: world.now, "\(id) sent \(world.outbox.datagrams.count) datagrams in one turn")
        }
        if monitor.clock.entries.count > monitor.count {
            report(.bounds, at: world.now, "\(id) keeps clock entries of hosts that it does not watch")
        }
    }

    private mutating func checkDeliveries(at place: Int, in world: World) {
        for delivery in world.deliveries {
            evidence.note(delivery, at: place)
            noteRead(delivery, at: place)
            let isRetired = delivery.knownEpoch.map { delivery.epoch < $0 } ?? false
            let wrong =
                delivery.isCorrupted
                ? "damaged" : delivery.isRepeated ? "repeated" : isRetired ? "of a retired incarnation" : nil
            guard let wrong, delivery.isBelieved || delivery.events > delivery.mayAsk else { continue }
            let sender = world.ids[delivery.from]
            report(
                .refusal, at: world.now,
                "\(world.ids[place]) acted on a datagram from \(sender), incarnation \(delivery.epoch), that was \(wrong)"
            )
        }
    }

    private mutating func noteRead(_ delivery: Delivery, at place: Int) {
        guard delivery.from < settings.nodes, !delivery.isCorrupted else { return }
        gotUpTo[place][delivery.from] = max(gotUpTo[place][delivery.from], delivery.sent)
    }

    private mutating func checkClock(of monitor: Monitor, at place: Int, in world: World) {
        let present = monitor.clock.dot
        guard latest[place]?.counter != present.counter else { return }
        let id = present.host
        if let before = latest[place], present.counter < before.counter {
            report(.clocks, at: world.now, "\(id): its counter went back")
        }
        // Both lists ascend by host, and nearly all entries are as before.
        let before = entries[place]
        var next = 0
        for entry in monitor.clock.entries {
            while next < before.count, before[next].host < entry.host {
                reportLost(before[next], of: monitor, in: world, &next)
            }
            let known = next < before.count && before[next].host == entry.host ? before[next] : nil
            if known != nil { next += 1 }
            guard known?.counter != entry.counter || known?.epoch != entry.epoch else { continue }
            if let known, entry.precedes(known) {
                report(.clocks, at: world.now, "\(id): its entry \(known) went back")
            }
            checkEvent(entry, knownTo: monitor, at: place, in: world)
        }
        while next < before.count { reportLost(before[next], of: monitor, in: world, &next) }
        (latest[place], entries[place]) = (present, monitor.clock.entries)
    }

    private mutating func reportLost(_ entry: Dot, of monitor: Monitor, in world: World, _ next: inout Int) {
        next += 1
        // Of a host that is no longer watched nothing is kept.
        guard monitor.index(of: entry.host) != nil else { return }
        report(.clocks, at: world.now, "\(monitor.id): its entry \(entry) is lost")
    }

    private mutating func checkEvent(_ entry: Dot, knownTo monitor: Monitor, at place: Int, in world: World) {
        guard let index = monitor.index(of: entry.host) else { return }
        let host = peers[place][index]
        if !troubles.isImpersonated(host), !world.hasHappened(entry, at: host) {
            report(.clocks, at: world.now, "\(monitor.id) knows of \(entry), which never was")
        }
    }

    private mutating func checkNotices(at place: Int, of monitor: Monitor, in world: World) {
        for notice in world.outbox.notices {
            if notice.kind == .isolated || notice.kind == .rejoined {
                for peer in reported[place].indices { reported[place][peer].isolationChanged() }
            }
            if notice.kind == .rejoined { rejoined[place] = world.now }
            guard let index = notice.peer.flatMap({ monitor.index(of: $0) }) else { continue }
            let peer = peers[place][index]
            checkConflict(in: notice, by: place, about: peer, in: world)
            let before = reported[place][peer]
            let isBack = mayBeBack(index, from: monitor, peer, in: world)
            if let wrong = reported[place][peer].hear(notice, isBack: isBack) {
                report(
                    .transitions, at: world.now,
                    "\(world.ids[place]) says of \(world.ids[peer]): \(wrong)")
            }
            checkTruth(of: notice, by: place, about: peer, after: before, in: world)
        }
        compareStates(at: place, of: monitor, in: world)
    }

    /// Whether a peer that left may be back unheard: it runs, or ran, in another incarnation than its observer heard last, or others
    /// write in its name.
    private func mayBeBack(_ index: Int, from monitor: Monitor, _ peer: Int, in world: World) -> Bool {
        troubles.isSpokenFor(peer)
            || world.hosts[peer].incarnations.last?.epoch != monitor.epoch(ofPeer: index)
    }

    /// Since when an observer's bound counts: silence that it blames on itself has none, and all get a fair time afterwards.
    func judged(by observer: Int, since instant: Instant) -> Instant { max(instant, rejoined[observer]) }

    private mutating func compareStates(at place: Int, of monitor: Monitor, in world: World) {
        for index in 0..<monitor.count {
            let peer = peers[place][index]
            let wrong = reported[place][peer].compare(
                monitor.state(ofPeer: index), isIsolated: monitor.isolatedSince != nil)
            if let wrong {
                report(
                    .transitions, at: world.now,
                    "\(world.ids[place]) on \(world.ids[peer]): \(wrong)")
            }
        }
    }

    mutating func countMistake() { excusedMistakes += 1 }

    mutating func countDetection(after span: TimeSpan) { detectionTimes.append(span) }
}

extension World {
    /// Whether an event truly happened.
    func hasHappened(_ event: Dot, at place: Int) -> Bool {
        let incarnation = askHost(place) { host in
            host.incarnations.first { $0.epoch == event.epoch }
        }
        guard let incarnation else { return false }
        return event.counter <= (incarnation.ended == .never ? events[place] : incarnation.events)
    }
}

extension Delivery {
    /// How many events it may cause although it is refused: one that is repeated may have a host ask whether the peer's numbers
    /// continue below one that was forged, and a damaged one of a later
    /// incarnation whether the peer is back, if it had left.
    fileprivate var mayAsk: UInt64 {
        let isOfLaterIncarnation = knownEpoch.map { $0 < epoch } ?? false
        return (isCorrupted ? isOfLaterIncarnation : isRepeated) ? 1 : 0
    }
}
