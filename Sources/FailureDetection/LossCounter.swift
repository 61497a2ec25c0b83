/// Counts losses and their bursts from the gaps between sequence numbers.
///
/// A gap of more than 64 messages is an outage, which a detector is there to report and no margin can ride out; it
/// counts neither way, like what has left the window of acknowledgements. The limit does not depend on what was learnt:
/// if losses were passed over because of a suspicion, a link that causes suspicions would look better for it.
///
/// Old counts are halved whenever 16,384 messages are reached, so the model follows the path.
public struct LossCounter: Sendable, BitwiseCopyable {
    private static let horizon = 16_384.0
    private static let longestBurst = 64

    /// How many messages were sent, as far as is known; old ones count less.
    private(set) var messages = 0.0
    private var lost = 0.0
    private var bursts = 0.0

    /// A counter that has seen nothing.
    public init() {}

    /// Counts a message that arrived, and those lost in a row right before it.
    public mutating func count(lostBefore: Int) {
        let lostBefore = lostBefore <= Self.longestBurst ? max(lostBefore, 0) : 0
        messages += Double(lostBefore) + 1
        if lostBefore > 0 {
            lost += Double(lostBefore)
            bursts += 1
        }
        guard messages > Self.horizon else { return }
        messages /= 2
        lost /= 2
        bursts /= 2
    }

    /// Takes back that a message was lost, for it has come late.
    mutating func countOvertaken() {
        lost = max(lost - 1, 0)
        bursts = min(bursts, lost)
    }

    /// The model that the counts suggest, on the safe side.
    ///
    /// One more loss is assumed than was seen, for a path that has lost nothing in a thousand messages may still lose
    /// one in a thousand; a target of a month must not rest on luck. Losses in a row are taken for bursts when there are
    /// more of them, by three and by three standard deviations, than independent losses would have: from a chance pair
    /// at long intervals the model would conclude that all pings of a round are lost together.
    public func model(interval: TimeSpan) -> LossModel {
        let rate = (lost + 1) / (messages + 2)
        let inRow = lost - bursts
        let expected = lost * rate
        let isBursty = inRow >= 3 && inRow > expected + 3 * (expected * (1 - rate)).squareRoot()
        return LossModel(
            rate: rate, persistence: isBursty ? inRow / lost : rate, interval: interval,
            memory: LossModel.assumedMemory)
    }
}
