/// Counts losses and their bursts from the gaps between sequence numbers.
///
/// Old counts are halved whenever 65,536 messages are reached, so the model follows the path.
public struct LossCounter: Sendable, BitwiseCopyable {
    private static let horizon = 65_536.0

    private var messages = 0.0
    private var lost = 0.0
    private var bursts = 0.0

    /// A counter that has seen nothing.
    public init() {}

    /// Counts a message that arrived, and those lost in a row right before it.
    public mutating func count(lostBefore: Int) {
        messages += Double(max(lostBefore, 0)) + 1
        if lostBefore > 0 {
            lost += Double(lostBefore)
            bursts += 1
        }
        guard messages > Self.horizon else { return }
        messages /= 2
        lost /= 2
        bursts /= 2
    }

    /// The model that the counts suggest, on the safe side.
    ///
    /// One more loss is assumed than was seen, for a path that has lost nothing in a thousand messages may still lose
    /// one in a thousand; a target of a month must not rest on luck.
    public func model(interval: TimeSpan) -> LossModel {
        let rate = (lost + 1) / (messages + 2)
        let persistence = lost > 0 ? 1 - bursts / lost : 0
        return LossModel(rate: rate, persistence: persistence, interval: interval)
    }
}
