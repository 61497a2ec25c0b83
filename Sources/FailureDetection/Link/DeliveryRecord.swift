/// Whether datagrams that are sent to the address where a peer is configured arrive there.
///
/// An answer to a ping goes to where the ping came from, which may be another address of the peer. Its acknowledgement
/// says nothing of the configured one, so the two are distinguished by the link's sequence numbers.
package struct DeliveryRecord: Sendable, BitwiseCopyable {
    /// Whether the peer has acknowledged a datagram that was sent to the present address.
    private(set) var isProved = false
    /// Whether it has acknowledged something new since the last `reset` or `awaitAnswer`, of the latest 32 datagrams that went there.
    private(set) var isAnswered = false
    /// How many datagrams were sent there after the latest acknowledged one.
    private(set) var unacknowledgedCount: UInt64 = 0
    /// Since when such a datagram has been on its way; `nil` when there is none.
    package private(set) var unacknowledgedSince: Instant?

    /// The numbers of the latest datagrams that went there, in a ring: those sent elsewhere must not push them out.
    private var numbers = InlineArray<32, UInt64>(repeating: 0)
    /// How many datagrams have gone there.
    private var count: UInt64 = 0
    /// How many of these have been counted as arrived or lost.
    private var judged: UInt64 = 0
    private static let memory: UInt64 = 32

    /// Nothing was sent.
    package init() {}

    /// Notes the sending of a datagram; one that goes `elsewhere` changes nothing.
    package mutating func sent(_ sequence: UInt64, elsewhere: Bool, at now: Instant) {
        guard !elsewhere else { return }
        numbers[Int(count & 31)] = sequence
        count += 1
        unacknowledgedCount += 1
        if unacknowledgedSince == nil { unacknowledgedSince = now }
    }

    /// Learns what the peer got.
    ///
    /// - Returns: whether a datagram that went there is acknowledged, and none after it was before.
    @discardableResult
    package mutating func learn(_ ack: LinkAcknowledgement, at arrival: Instant) -> Bool {
        for age in 0..<min(count, Self.memory, unacknowledgedCount)
        where ack.includes(numbers[Int((count - 1 - age) & 31)]) {
            (isProved, isAnswered) = (true, true)
            unacknowledgedCount = age
            unacknowledgedSince = age == 0 ? nil : arrival
            return true
        }
        return false
    }

    /// Counts, each once, the datagrams that have become old enough to be called arrived or lost.
    ///
    /// What is no longer remembered, here or in the acknowledgement, counts neither way.
    package mutating func judge(_ ack: LinkAcknowledgement, into outcomes: inout DeliveryOutcomes) {
        judged = max(judged, count > Self.memory ? count - Self.memory : 0)
        while judged < count {
            let number = numbers[Int(judged & 31)]
            guard number + LinkAcknowledgement.reorderingAllowance <= ack.highest else { return }
            if ack.highest - number <= 64 { outcomes.note(isLost: !ack.includes(number)) }
            judged += 1
        }
    }

    /// Forgets what was acknowledged up to now: only what is from here on shows that the peer hears this host.
    mutating func awaitAnswer() { isAnswered = false }

    /// Starts the wait for an acknowledgement anew.
    mutating func restartWait(at now: Instant) {
        if unacknowledgedSince != nil { unacknowledgedSince = now }
    }

    /// Forgets that an acknowledgement is waited for; `isProved` says whether the address is the same.
    mutating func reset(isProved: Bool) {
        self = DeliveryRecord()
        self.isProved = isProved
    }
}
