internal import CausalClock
package import FailureDetection
internal import Wire

/// What a detector can call proved.
package enum Proof: Int, Sendable, CaseIterable {
    /// A verdict: the peer crashed; a later incarnation of it was heard.
    case crash
    /// A verdict: the link is broken, the peer is running.
    case link
    /// A verdict: the peer is running and hears us.
    case inbound
    /// Evidence: the peer acted after some instant.
    case acted
    /// Evidence: the peer got a message of ours that was sent after some instant.
    case heard
    /// An audit: the peer acted after it was suspected.
    case mistake
    /// An audit: the incarnation that was suspected has ended.
    case confirmed
}

/// A cluster under faults without a rest, in which whatever is called proved is held against what the simulator knows.
package struct ProofTrial: Sendable {
    /// What was last seen of a pair of observer and peer, so that each proof counts once.
    private struct Seen: Sendable {
        var acted: Instant?
        var heard: Instant?
    }

    /// How many proofs of each kind were checked.
    package private(set) var checked: [UInt64]
    /// What was proved and is false.
    package private(set) var wrong: [String] = []

    private let settings: ClusterSettings
    private var world: World
    private var storm: ProofStorm
    private var seen: [Seen]
    /// When a datagram from one host was last believed by another, in true time.
    private var delivered: [Instant]
    /// The incarnation of each host that `settled` refers to.
    private var incarnations: [Epoch?]
    /// The suspicions of each host that were counted, by their events.
    private var settled: [[UInt64]]

    /// Prepares a trial; everything follows from the seed.
    package init(nodes: Int, seed: UInt64) {
        var random = VirtualRandom(seed: seed)
        var link = LinkModel(delay: .microseconds(200), jitter: .milliseconds(2))
        link.loss = random.pick([0, 0.02, 0.1, 0.3])
        (link.duplication, link.reordering, link.holdBack) = (0.02, 0.05, .milliseconds(40))
        settings = ClusterSettings(nodes: nodes, interval: .milliseconds(50), link: link)
        world = World(settings, seed: seed)
        storm = ProofStorm(settings, begins: Instant(nanoseconds: 0) + .seconds(3), seed: seed)
        seen = Array(repeating: Seen(), count: nodes * nodes)
        delivered = Array(repeating: Instant(nanoseconds: 0), count: nodes * nodes)
        incarnations = Array(repeating: nil, count: nodes)
        settled = Array(repeating: [], count: nodes)
        checked = Array(repeating: 0, count: Proof.allCases.count)
    }

    /// Runs the trial.
    package mutating func run(_ span: TimeSpan) {
        let end = world.now + span
        while world.now < end {
            while let place = world.step(before: min(storm.next, end)) { look(at: place) }
            // What a host has found out is lost when it crashes.
            for place in world.hosts.indices { audit(place) }
            storm.act(on: &world)
        }
    }

    private mutating func look(at place: Int) {
        for delivery in world.deliveries where !delivery.isCorrupted {
            delivered[delivery.from * settings.nodes + place] = world.now
        }
        guard let monitor = world.hosts[place].endpoint?.monitor else { return }
        for notice in world.outbox.notices {
            guard let verdict = notice.verdict, verdict.certainty == .proved,
                let peer = notice.peer.flatMap({ world.place(of: $0) })
            else { continue }
            check(verdict.cause, in: notice, by: place, about: peer)
        }
        for index in 0..<monitor.count {
            let state = monitor.state(ofPeer: index)
            guard state == .suspected || state == .pending,
                let peer = world.place(of: monitor.id(ofPeer: index))
            else { continue }
            check(monitor.evidence(of: index), epoch: monitor.epoch(ofPeer: index), by: place, about: peer)
        }
    }

    /// A verdict that was reported.
    private mutating func check(_ cause: Cause, in notice: Notice, by place: Int, about peer: Int) {
        let host = world.hosts[peer]
        let ended = host.end(of: notice.epoch) ?? Instant(nanoseconds: 0)
        switch cause {
        case .crash:
            // A restart names the new incarnation; a suspicion the one that ended.
            let isTrue =
                notice.kind == .restart
                ? host.incarnations.dropFirst().contains { $0.epoch == notice.epoch } : ended <= world.now
            count(.crash, isTrue, by: place, about: peer)
        case .link:
            let instant = notice.evidence?.provedAlive.map { truth($0, of: place) } ?? .never
            count(.link, ended >= instant, by: place, about: peer)
        case .inbound:
            let instant = notice.evidence?.provedHearing.map { truth($0, of: place) } ?? .never
            count(.inbound, didHear(peer, place, after: instant), by: place, about: peer)
        case .outbound, .isolated, .daemon, .unknown:
            wrong.append("\(place) calls \(cause) of \(peer) proved")
        }
    }

    /// Evidence that is new.
    private mutating func check(_ evidence: Evidence, epoch: Epoch?, by place: Int, about peer: Int) {
        let pair = place * settings.nodes + peer
        if let proof = evidence.provedAlive, proof != seen[pair].acted {
            seen[pair].acted = proof
            let ended = world.hosts[peer].end(of: epoch) ?? Instant(nanoseconds: 0)
            count(.acted, ended >= truth(proof, of: place), by: place, about: peer)
        }
        if let proof = evidence.provedHearing, proof != seen[pair].heard {
            seen[pair].heard = proof
            count(.heard, didHear(peer, place, after: truth(proof, of: place)), by: place, about: peer)
        }
    }

    /// Suspicions that were settled since the last check.
    private mutating func audit(_ place: Int) {
        guard let monitor = world.hosts[place].endpoint?.monitor else { return }
        if incarnations[place] != monitor.clock.epoch { settled[place].removeAll() }
        incarnations[place] = monitor.clock.epoch
        for record in monitor.suspicions
        where record.outcome != .undecided && !settled[place].contains(record.dot.counter) {
            settled[place].append(record.dot.counter)
            check(record, by: place)
        }
    }

    private mutating func check(_ record: SuspicionRecord, by place: Int) {
        guard let peer = world.place(of: record.peer) else { return }
        let host = world.hosts[peer]
        switch record.outcome {
        case .undecided: break
        case .provedFalse(let event):
            // It acted in the suspected incarnation, after the suspicion, and that event did happen.
            let ended = host.end(of: event.epoch) ?? Instant(nanoseconds: 0)
            let isTrue =
                record.epoch == event.epoch && ended >= truth(record.at, of: place)
                && world.hasHappened(event, at: peer)
            count(.mistake, isTrue, by: place, about: peer)
        case .crashConfirmed(let event):
            let began = host.incarnations.first { $0.epoch == event.epoch }?.began
            let ended = host.end(of: record.epoch) ?? .never
            count(.confirmed, began.map { ended <= $0 } ?? false, by: place, about: peer)
        }
    }

    private mutating func count(_ proof: Proof, _ isTrue: Bool, by place: Int, about peer: Int) {
        checked[proof.rawValue] += 1
        if !isTrue { wrong.append("\(world.now.nanoseconds) ns: \(place) on \(peer): \(proof)") }
    }

    private func didHear(_ peer: Int, _ place: Int, after instant: Instant) -> Bool {
        delivered[place * settings.nodes + peer] >= instant
    }

    /// An instant of a host's clock in true time.
    private func truth(_ instant: Instant, of place: Int) -> Instant {
        world.hosts[place].clock.truth(of: instant)
    }
}
