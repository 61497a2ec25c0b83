internal import CausalClock

/// What a receiver says of the datagrams that it got directly from us: the highest number and the 64 before.
public struct LinkAcknowledgement: Sendable, BitwiseCopyable, Hashable, Codable {
    /// The highest link sequence number received; 0 for none.
    public var highest: UInt64
    /// Bit *i* is set when `highest − 1 − i` was received.
    public var bitmap: UInt64
    /// How long the receiver had had the highest when it sent this.
    public var delay: TimeSpan

    /// An acknowledgement of `highest` and of those before it that `bitmap` names.
    public init(highest: UInt64, bitmap: UInt64, delay: TimeSpan) {
        self.highest = highest
        self.bitmap = bitmap
        self.delay = delay
    }

    /// How many later datagrams must have arrived before a missing one counts as lost, not as reordered.
    package static let reorderingAllowance: UInt64 = 8

    /// The numbers after `judged` that are old enough to be called arrived or lost; `nil` for none.
    ///
    /// What left the bitmap before it was read is unknown, and left out.
    package func settled(after judged: UInt64) -> ClosedRange<UInt64>? {
        guard highest > Self.reorderingAllowance else { return nil }
        let (first, last) = (
            max(judged + 1, highest > 64 ? highest - 64 : 1), highest - Self.reorderingAllowance
        )
        return first <= last ? first...last : nil
    }

    /// Whether it says that the datagram with a number was received; of one too old for the bitmap it does not.
    @inlinable
    package func includes(_ sequence: UInt64) -> Bool {
        guard sequence < highest else { return sequence == highest }
        let distance = highest - sequence
        return distance <= 64 && bitmap >> (distance - 1) & 1 == 1
    }
}

/// What a host has sent directly to one peer, and what the peer says it got.
///
/// Acknowledgements ride on every message, so each message of the peer gives, at no cost, a sample of the round trip
/// (as in QUIC, RFC 9002, with the receiver's delay subtracted), the losses on the way out, and the answer to "does
/// it hear us?".
struct LinkSender: Sendable, BitwiseCopyable {
    /// The number of the next datagram, from 1.
    private(set) var next: UInt64 = 1
    /// The highest number the peer acknowledged; 0 for none.
    private(set) var acknowledged: UInt64 = 0
    /// Since when a datagram above `acknowledged` has been on its way; `nil` when there is none.
    private(set) var unacknowledgedSince: Instant?
    /// Losses in the direction from us to the peer.
    private(set) var loss = LossRate()
    /// The same over a longer time, with the bursts that they come in.
    private(set) var losses = LossCounter()
    /// Whether what is sent to the address where the peer is configured arrives.
    private(set) var delivery = DeliveryRecord()

    private var judged: UInt64 = 0
    /// Up to this number losses are not part of `losses`, for they were reported as a suspicion.
    private var uncounted: UInt64 = 0
    /// Up to this number nothing was lost on the way: no process of the peer ran to receive it, or it did not know this host.
    private var absent: UInt64 = 0
    /// Whether nothing has arrived yet that was sent after that.
    ///
    /// Until then nothing counts as lost: the peer may not know this host yet, or ask for proof that it is running.
    private var awaitsFirst = false
    /// How many numbers in a row, up to `judged`, were lost.
    private var missing = 0
    private var sentAt = InlineArray<64, Int64>(repeating: 0)

    /// How many datagrams were sent after the highest acknowledged one.
    var unacknowledgedCount: UInt64 { next - 1 - acknowledged }

    /// Takes the number for a datagram that is sent at `now`, `elsewhere` if not to the peer's configured address.
    mutating func takeSequence(at now: Instant, elsewhere: Bool = false) -> UInt64 {
        let sequence = next
        next += 1
        sentAt[Int(sequence & 63)] = now.nanoseconds
        if unacknowledgedSince == nil { unacknowledgedSince = now }
        delivery.sent(sequence, elsewhere: elsewhere, at: now)
        return sequence
    }

    /// Learns what the peer got.
    ///
    /// - Returns: a sample of the round trip when a number was acknowledged for the first time; `nil` for an
    ///   acknowledgement that is old, or of numbers never sent.
    mutating func receive(_ ack: LinkAcknowledgement, at arrival: Instant) -> TimeSpan? {
        delivery.learn(ack, at: arrival)
        guard ack.highest > acknowledged, ack.highest < next else { return nil }
        // What was sent before the peer was up says nothing of the link.
        if acknowledged == 0 { judged = ack.highest }
        acknowledged = ack.highest
        unacknowledgedSince = ack.highest + 1 < next ? arrival : nil
        judge(ack, at: arrival)
        guard next - ack.highest < 64 else { return nil }
        let sent = Instant(nanoseconds: sentAt[Int(ack.highest & 63)])
        return max(arrival - sent - ack.delay, .zero)
    }

    /// How long before `instant` the first of what is not acknowledged was sent; zero when nothing was, or when nothing
    /// was ever acknowledged.
    func oldestUnacknowledged(before instant: Instant) -> TimeSpan {
        guard acknowledged > 0, unacknowledgedCount > 0 else { return .zero }
        // Of what is no longer remembered the oldest that is will do.
        let first = max(acknowledged + 1, next > 64 ? next - 64 : 1)
        return max(instant - Instant(nanoseconds: sentAt[Int(first & 63)]), .zero)
    }

    /// The sender of a link on which `last` numbers were taken before, in this incarnation of ours.
    init(after last: UInt64 = 0) {
        next = last + 1
        (acknowledged, judged) = (last, last)
        (absent, awaitsFirst) = (last, true)
    }

    /// Continues with a link on which numbers up to `next` were taken; what of those arrives is not waited for.
    mutating func resume(next: UInt64, loss counts: LossCounts) {
        self = LinkSender(after: min(max(next, 1), VectorClock.maximumCounter) - 1)
        loss.resume(counts)
    }

    /// Starts the wait for an acknowledgement anew: what was sent into a silence says nothing of the present.
    mutating func restartWait(at now: Instant) {
        if unacknowledgedSince != nil { unacknowledgedSince = now }
        delivery.restartWait(at: now)
    }

    /// The peer is reached at another address from now on.
    mutating func addressChanged() { delivery.reset(isProved: false) }

    /// Waits for the first new acknowledgement: what was sent to the peer's address has stayed without one.
    mutating func awaitAnswer() { delivery.awaitAnswer() }

    /// Leaves out of all losses what was sent up to now: the peer was away.
    mutating func peerWasAway() { (absent, awaitsFirst) = (next - 1, true) }

    /// Leaves all that was sent up to now out of `losses`: an outage that was reported is over.
    mutating func endOutage() {
        uncounted = next - 1
        missing = 0
    }

    /// Forgets what the peer's earlier incarnation acknowledged; numbers continue.
    mutating func peerRestarted() {
        acknowledged = next - 1
        judged = acknowledged
        missing = 0
        unacknowledgedSince = nil
        delivery.reset(isProved: delivery.isProved)
    }

    /// Counts the numbers that have become old enough to be called arrived or lost.
    private mutating func judge(_ ack: LinkAcknowledgement, at now: Instant) {
        guard let settled = ack.settled(after: judged) else { return }
        if settled.lowerBound > judged + 1 { missing = 0 }
        for sequence in settled { judge(sequence, hasArrived: ack.includes(sequence), at: now) }
        judged = settled.upperBound
    }

    private mutating func judge(_ sequence: UInt64, hasArrived: Bool, at now: Instant) {
        if hasArrived, sequence > absent { awaitsFirst = false }
        let isLost = !hasArrived && sequence > absent && !awaitsFirst
        loss.count(expected: hasArrived || isLost ? 1 : 0, arrived: hasArrived ? 1 : 0)
        let isCounted = sequence > uncounted
        guard hasArrived else { return missing += isCounted && isLost ? 1 : 0 }
        if isCounted { countRun(endingBefore: sequence, at: now) }
        missing = 0
    }

    /// Counts the numbers in a row that were lost before one that arrived, for the model of losses in bursts.
    private mutating func countRun(endingBefore arrived: UInt64, at now: Instant) {
        let first = arrived - UInt64(missing)
        losses.count(
            lostBefore: missing, after: time(from: first - 1, to: arrived),
            due: time(from: first - 1, to: first),
            at: now)
    }

    /// The time from the sending of one number to that of another; zero if that is not remembered.
    private func time(from first: UInt64, to last: UInt64) -> TimeSpan {
        guard first > 0, next - first <= 64 else { return .zero }
        return TimeSpan(nanoseconds: sentAt[Int(last & 63)] - sentAt[Int(first & 63)])
    }
}
