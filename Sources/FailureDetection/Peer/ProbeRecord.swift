/// One ping and what became of it.
public struct Probe: Sendable, BitwiseCopyable, Hashable {
    /// The number that the pong must echo.
    public var nonce: UInt64
    /// When it was sent.
    public var sent: Instant
    /// How long its pong was waited for; the next ping of the round may have gone out meanwhile.
    public var timeout: TimeSpan
    /// When its pong arrived, if one did.
    public var answered: Instant?
    /// Its number on the link.
    public var sequence: UInt64 = 0
    /// Whether the peer got it, by its own account; `nil` while that is open.
    public var wasReceived: Bool?
    /// What it is for.
    var use = Use.round

    /// What a ping is for.
    enum Use: Sendable, BitwiseCopyable {
        /// It belongs to a round of verification.
        case round
        /// It asks a peer that is not silent about another one, or whether our own link works; it belongs to no round, and takes
        /// nothing from one: the routine ping of a peer that is only asked is the first of a round to come.
        case aside
        /// It asks an incarnation that may be over whether it is running; it belongs to no round.
        case freshness
        /// It asks whether another address of the peer is a good one; evidence of nothing when it goes unanswered.
        case address
    }
}

extension Probe {
    /// Gathers a ping that belongs to a round.
    public init(nonce: UInt64, sent: Instant, timeout: TimeSpan, answered: Instant? = nil) {
        self.init(nonce: nonce, sent: sent, timeout: timeout, answered: answered, sequence: 0, use: .round)
    }
}

/// The pings to one peer: those of the present round of verification, and a few before.
///
/// Every ping that may still be answered is kept, not only the latest: on a link whose round trip has grown beyond
/// the timeout the answer to the first ping still arrives, and still proves that the peer is running. A pong is
/// believed once, and only for a nonce in this list.
struct ProbeRecord: Sendable {
    /// How many pings are remembered: more than a round has, on the worst of links.
    static let capacity = 128

    /// For how many there is space from the beginning; more than any round sends by default.
    private static let usual = 8

    private var probes: [Probe] = []
    /// Pings sent in the present round.
    private(set) var attempts = 0
    /// When the present wait ends; `nil` when no pong is waited for.
    private(set) var deadline: Instant?
    /// How many pings of the present round never left this host; they are not among those remembered.
    private(set) var unsent = 0

    /// How many pings of the present round were handed to the network.
    var handedOver: Int { attempts - unsent }

    /// The remembered pings, oldest first.
    var remembered: [Probe] { probes }

    /// When the latest ping was sent; `nil` before the first.
    var latest: Instant? { probes.last?.sent }

    /// Whether a round is under way.
    var isActive: Bool { deadline != nil }

    /// Notes a ping that is sent now; one outside the round does not postpone the round's end.
    ///
    /// - Parameters:
    ///   - nonce: what its pong must echo.
    ///   - sequence: its number on the link.
    ///   - now: the present instant.
    ///   - timeout: how long an answer to it is waited for.
    ///   - next: when to check again, at the latest: the next ping is due then; `timeout` where it is not said.
    ///   - believed: how old an answer may be that is believed; `timeout` where it is not said.
    ///   - use: what it is for.
    mutating func sent(
        nonce: UInt64, sequence: UInt64 = 0, at now: Instant, timeout: TimeSpan, next: TimeSpan? = nil,
        believed: TimeSpan? = nil, use: Probe.Use = .round
    ) {
        makeSpace(at: now, believed: max(timeout, believed ?? timeout))
        probes.append(
            Probe(
                nonce: nonce, sent: now, timeout: timeout, answered: nil, sequence: sequence, use: use))
        guard use == .round else { return }
        attempts += 1
        deadline = now + (next ?? timeout)
    }

    /// Keeps the capacity that most rounds need: the oldest goes when no answer to it would be believed, or after
    /// `capacity` more.
    ///
    /// A long round keeps its own, for the evidence. On a path that is slower than `timeout`, which follows from the round
    /// trips so far, the answers come later, and are the only ones.
    private mutating func makeSpace(at now: Instant, believed: TimeSpan) {
        if probes.capacity < Self.usual { probes.reserveCapacity(Self.usual) }
        guard probes.count >= max(Self.usual, attempts), let oldest = probes.first else { return }
        let isOver = oldest.answered != nil || oldest.sent + believed < now
        if isOver || probes.count == Self.capacity { probes.removeFirst() }
    }

    /// Replaces a ping that cannot be sent: the round continues, without evidence.
    mutating func skip(at now: Instant, next: TimeSpan, use: Probe.Use) {
        guard use == .round else { return }
        attempts += 1
        unsent += 1
        deadline = now + next
    }

    /// Notes that what was sent at `now` was not handed to the network.
    mutating func noteUnsent(at now: Instant) {
        // One of a round that has just ended may be of the same instant.
        unsent = min(unsent + probes.count { $0.sent == now && $0.use == .round }, attempts)
        probes.removeAll { $0.sent == now && $0.use != .address }
    }

    /// Counts the pings that never left as not tried.
    mutating func retryUnsent() {
        attempts = max(attempts - unsent, 0)
        unsent = 0
    }

    /// The ping with this nonce, if it may still be answered.
    ///
    /// A pong to any other proves nothing.
    func awaited(nonce: UInt64) -> Probe? { probes.last { $0.nonce == nonce && $0.answered == nil } }

    /// Notes a pong.
    ///
    /// - Returns: the ping that it answers; `nil` when the nonce is not outstanding.
    mutating func answered(nonce: UInt64, at arrival: Instant) -> Probe? {
        guard let index = probes.lastIndex(where: { $0.nonce == nonce && $0.answered == nil }) else {
            return nil
        }
        probes[index].answered = arrival
        return probes[index]
    }

    /// Learns from the peer's own account which pings it got.
    ///
    /// One that was not received although a good many later ones were is lost; before that it may be on its way.
    mutating func learn(_ ack: LinkAcknowledgement) {
        for index in probes.indices where probes[index].sequence > 0 && probes[index].sequence <= ack.highest
        {
            let distance = ack.highest - probes[index].sequence
            if ack.includes(probes[index].sequence) {
                probes[index].wasReceived = true
            } else if distance > LinkAcknowledgement.reorderingAllowance, distance <= 64 {
                probes[index].wasReceived = probes[index].wasReceived ?? false
            }
        }
    }

    /// Ends the round; its pings may still be answered.
    mutating func end() {
        attempts = 0
        unsent = 0
        deadline = nil
    }

    /// Starts the count of attempts anew at the next ping, which is due immediately: what was waited for while this
    /// host was away does not count.
    mutating func restart(at now: Instant) {
        guard isActive else { return }
        attempts = 0
        unsent = 0
        deadline = now
    }

    /// Continues with some more pings, of which the next is due immediately.
    mutating func prolong(by pings: Int, of allowed: Int, at now: Instant) {
        attempts = max(allowed - pings, 0)
        unsent = min(unsent, attempts)
        deadline = now
    }

    /// The pings sent since `start`, for the evidence of a suspicion.
    func since(_ start: Instant) -> [Probe] { probes.filter { $0.sent >= start && $0.use != .address } }

    /// Whether the pong to some ping is still being waited for.
    func isAwaiting(at now: Instant) -> Bool {
        probes.contains { $0.answered == nil && $0.sent + $0.timeout > now && $0.use != .address }
    }

    /// Whether a ping that asks for a freshness proof is waited for, or was sent a moment ago: in the last 10 ms, or so recently that there is no
    /// space for more of them until the last answer that would be believed, which may be `believed` old.
    func isProvingFreshness(at now: Instant, believed: TimeSpan = .zero) -> Bool {
        let moment = max(.milliseconds(10), believed / Int64(Self.capacity / 2))
        return probes.contains { probe in
            probe.use == .freshness
                && (probe.sent + moment > now
                    || (probe.answered == nil && probe.sent + probe.timeout > now))
        }
    }

    /// Whether a ping sent since `start` timed out.
    func isUnanswered(since start: Instant, at now: Instant) -> Bool {
        probes.contains {
            $0.sent >= start && $0.answered == nil && $0.sent + $0.timeout <= now && $0.use != .address
        }
    }

    /// Continues waiting, until `instant`, for a pong to any ping of the round.
    mutating func wait(until instant: Instant) { deadline = instant }

    /// Waits for the latest ping of the round as long as for a last one: it was sent as one that others follow.
    mutating func waitForLast(_ wait: TimeSpan) {
        guard let deadline, let last = probes.last(where: { $0.use == .round }) else { return }
        self.deadline = max(deadline, last.sent + wait)
    }

    /// Moves the end of the present wait forward to `instant`, if it lies later.
    mutating func hasten(to instant: Instant) {
        guard let deadline, deadline > instant else { return }
        self.deadline = instant
    }
}
