/// Turns the delay of a message by both hosts' clocks into the longest that it may have been under way.
///
/// The clocks differ by an unknown span, which is part of each delay. A round trip contains the delay of the message that
/// ended it, so by how much it exceeds that delay is no less than what the clocks differ by; the least recent excess is the
/// best one. With it every message shows how long its way took at most: one that was overtaken, one of a silence, and one
/// of a peer that no longer hears us and acknowledges nothing.
struct DelayReference: Sendable, BitwiseCopyable {
    /// For how long an excess counts, while there are others: in it the clocks drift apart by a few milliseconds.
    private static let memory = TimeSpan.seconds(60)

    private var excess: TimeSpan?
    private var noted = Instant(nanoseconds: .min)

    /// Notes a round trip and the delay of the message that ended it.
    mutating func note(roundTrip: TimeSpan, delay: TimeSpan, at now: Instant) {
        let present = roundTrip - delay
        if let excess, present > excess, now - noted < Self.memory { return }
        (excess, noted) = (present, now)
    }

    /// The longest that a message of this delay may have been under way; `nil` before a round trip was measured.
    func longest(ofDelay delay: TimeSpan) -> TimeSpan? { excess.map { max(delay + $0, .zero) } }
}
