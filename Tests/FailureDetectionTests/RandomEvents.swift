import CausalClock
import TestSupport

@testable import FailureDetection

/// A source of events that a network, a careless kernel and a confused peer could produce.
struct RandomEvents {
    var generator: SeededGenerator
    private var sequences: [UInt64]
    private var epochs: [UInt64]
    private var nonces: [UInt64] = [0]
    /// Whether messages carry what their senders have of others, and which hosts they suspect.
    var tellsOfOthers = false

    init(seed: UInt64, peers: Int) {
        generator = SeededGenerator(seed: seed)
        sequences = Array(repeating: 0, count: peers)
        epochs = Array(repeating: 10, count: peers)
    }

    /// The names of peers, and one that is none.
    static let names = ["b", "c", "d", "e", "stranger"].map(host)

    /// Settings of any mode and detector.
    mutating func settings(_ id: HostID, mayHaveTarget: Bool = false) -> PeerSettings {
        let modes: [MonitoringMode] = [.heartbeatAndPing, .heartbeat, .ping]
        let interval = TimeSpan.milliseconds(.random(in: 1...300, using: &generator))
        let detector: DetectorChoice =
            Bool.random(using: &generator)
            ? .median(margin: .milliseconds(.random(in: 0...200, using: &generator)))
            : .fixed(timeout: .milliseconds(.random(in: 0...600, using: &generator)))
        return PeerSettings(
            id: id, mode: modes.randomElement(using: &generator) ?? .heartbeat, interval: interval,
            detector: detector, retries: .random(in: 0...4, using: &generator),
            minimumTimeout: .milliseconds(.random(in: 0...60, using: &generator)),
            maximumTimeout: .milliseconds(.random(in: 0...200, using: &generator)),
            startupGrace: .milliseconds(.random(in: 0...900, using: &generator)),
            target: mayHaveTarget ? target() : nil)
    }

    /// Seldom one, for a search takes as long as a hundred turns.
    private mutating func target() -> QualityTarget? {
        guard Int.random(in: 0..<20, using: &generator) == 0 else { return nil }
        return QualityTarget(
            detectionTime: .milliseconds(.random(in: 1...3_000, using: &generator)),
            mistakeRecurrence: .seconds(.random(in: 1...100_000, using: &generator)),
            mistakeDuration: .seconds(.random(in: 1...60, using: &generator)))
    }

    /// What an operator and a resolver do between two turns: a reload that adds, removes and changes peers, another quorum,
    /// a restart that continues with the incarnation, with a snapshot that is older than the numbers, a name
    /// that resolves or not.
    ///
    /// - Returns: whether anything was done.
    mutating func operate(
        on monitor: inout Monitor, since snapshot: inout MonitorSnapshot, at now: Instant
    ) -> Bool {
        switch Int.random(in: 0..<30, using: &generator) {
        case 0:
            let kept = Self.names.dropLast().filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
            monitor.retune(kept.map { settings($0, mayHaveTarget: true) }, at: now)
            snapshot = monitor.snapshot(at: now)
        case 1: monitor.retune(monitor.peers.map { $0.tuner?.configured ?? $0.settings }, at: now)
        case 2: monitor.quorum = [.majority, .all, .count(1)].randomElement(using: &generator) ?? .all
        case 3: snapshot = monitor.snapshot(at: now)
        case 4:
            var words: [UInt64] = []
            monitor.appendNumbers(layout: 1, at: now, to: &words)
            guard snapshot.advance(to: words, layout: 1) else { return false }
            let peers = monitor.peers.map { $0.tuner?.configured ?? $0.settings }
            monitor = Monitor(resuming: snapshot, peers: peers, seed: generator.next(), at: now)
            monitor.latestCredibleEpoch = Epoch(1_000)
        case 5, 6:
            guard monitor.count > 0 else { return false }
            monitor.noteAddress(
                ofPeer: .random(in: 0..<monitor.count, using: &generator), isKnown: .random(using: &generator)
            )
        default: return false
        }
        return true
    }

    /// Notes what was sent, so that pongs can answer.
    mutating func learn(_ effect: Effect) {
        guard case .send(let outgoing) = effect, case .ping(let nonce) = outgoing.body else { return }
        nonces.append(nonce)
        if nonces.count > 20 { nonces.removeFirst() }
    }

    /// Something that happens in a turn.
    mutating func next(at now: Instant) -> Event {
        switch Int.random(in: 0..<40, using: &generator) {
        case 0:
            .portUnreachable(
                peer: .random(in: -1...5, using: &generator), isVerified: .random(using: &generator))
        case 1: .kernelDropped(.random(in: 0...(.max), using: &generator))
        case 2, 3:
            .unsent(
                peer: .random(in: -1...5, using: &generator),
                SendObstacle.allCases.randomElement(using: &generator) ?? .failed)
        case 4:
            .unproved(
                peer: .random(in: -1...5, using: &generator),
                UnprovedReason.allCases.randomElement(using: &generator) ?? .key,
                arrived: now)
        case 5: .asking(peer: .random(in: -1...5, using: &generator))
        case 6..<10 where tellsOfOthers: .opinions(opinions(), arrived: now)
        default: .received(reception(at: now))
        }
    }

    /// Which hosts one of the peers suspects, in an event that may be older than one before.
    private mutating func opinions() -> OpinionList {
        let index = Int.random(in: 0..<Self.names.count, using: &generator)
        let place = min(index, sequences.count - 1)
        let dot = Dot(
            host: Self.names[index], epoch: Epoch(epochs[place]),
            counter: .random(in: 1...sequences[place] + 1, using: &generator))
        let subjects = Self.names.dropLast().filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        let items = subjects.sorted().map { subject in
            Opinion(
                subject: subject, epoch: Epoch(.random(in: 10...11, using: &generator)),
                verdict: Verdict(.crash, .suspected), isAfterAnother: false,
                counter: .random(in: 1...dot.counter, using: &generator))
        }
        return OpinionList(items, at: dot, isComplete: .random(using: &generator))
    }

    /// When the next turn is: at the next deadline, at some instant before it, or far beyond it.
    mutating func nextInstant(after now: Instant, due: Instant) -> Instant {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: now + .milliseconds(.random(in: 0...2_000, using: &generator))
        case 1..<4: max(now, due)
        default: min(now + .milliseconds(.random(in: 0...40, using: &generator)), max(now, due))
        }
    }

    private mutating func reception(at now: Instant) -> InboundMessage {
        let index = Int.random(in: 0..<Self.names.count, using: &generator)
        let place = min(index, sequences.count - 1)
        if Int.random(in: 0..<60, using: &generator) == 0 { epochs[place] += 1 }
        if Int.random(in: 0..<4, using: &generator) > 0 { sequences[place] += 1 }
        let late = TimeSpan.milliseconds(.random(in: 0...400, using: &generator))
        var reception = InboundMessage(
            dot: Dot(
                host: Self.names[index],
                epoch: Epoch(epochs[place] - .random(in: 0...1, using: &generator) / 2),
                counter: sequences[place] + 1),
            sequence: max(sequences[place], 1), sent: now - late, arrived: now - late / 8,
            interval: .milliseconds(.random(in: 0...300, using: &generator)), body: body(),
            acknowledgedEpoch: Bool.random(using: &generator) ? Epoch(5) : nil,
            acknowledgement: LinkAcknowledgement(
                highest: .random(in: 0...60, using: &generator), bitmap: generator.next(),
                delay: .milliseconds(.random(in: 0...50, using: &generator))),
            clock: clock(except: Self.names[index]))
        if tellsOfOthers { tellOfOthers(in: &reception) }
        return reception
    }

    private mutating func tellOfOthers(in reception: inout InboundMessage) {
        for name in Self.names.dropLast() where name != reception.dot.host {
            let subject = Dot(
                host: name, epoch: Epoch(.random(in: 10...11, using: &generator)),
                counter: .random(in: 1...60, using: &generator))
            if Bool.random(using: &generator) {
                reception.testimonies.append(
                    Testimony(
                        subject: subject, age: .milliseconds(.random(in: 0...300, using: &generator)),
                        knownOfYou: .random(in: 0...80, using: &generator),
                        gotOfYou: .random(in: 0...60, using: &generator),
                        isTrusted: Bool.random(using: &generator), asks: Bool.random(using: &generator)))
            }
        }
    }

    private mutating func body() -> InboundMessage.Body {
        switch Int.random(in: 0..<30, using: &generator) {
        case 0: .leave
        case 1..<5: .ping(nonce: generator.next())
        case 5..<12: .pong(nonce: nonces.randomElement(using: &generator) ?? 0, waited: .zero)
        default: .heartbeat
        }
    }

    private mutating func clock(except sender: HostID) -> [Dot] {
        var entries: [Dot] = []
        for name in [host("a")] + Self.names where name != sender && Bool.random(using: &generator) {
            let counter = UInt64.random(in: 1...400, using: &generator)
            entries.append(
                Dot(host: name, epoch: Epoch(.random(in: 5...12, using: &generator)), counter: counter))
        }
        return entries
    }
}
