/// One incarnation of a host: the number that distinguishes a restarted daemon from the one before.
///
/// An epoch is seconds since 2024-01-01T00:00:00Z, or one more than the epoch before when the wall clock did not
/// advance past it. Epochs only need to grow from one incarnation to the next; nothing else is read out of them
/// (Damani and Garg, 1996: entries are pairs of version and timestamp, compared lexicographically).
public struct Epoch: Sendable, BitwiseCopyable, Hashable, Comparable, Codable {
    /// Seconds between 1970-01-01 and the origin of epochs, 2024-01-01.
    public static let origin: UInt64 = 1_704_067_200

    /// How far past the present an epoch may lie before it is refused, in seconds: one day.
    public static let tolerance: UInt64 = 86_400

    /// Seconds since the origin; at least 1.
    public var value: UInt64

    /// Makes an epoch of its number.
    public init(_ value: UInt64) { self.value = value }

    /// Makes the epoch of a wall-clock time; times before the origin become 1.
    ///
    /// - Parameter seconds: seconds since 1970-01-01.
    public init(wallClockSeconds seconds: UInt64) {
        value = seconds > Self.origin ? seconds - Self.origin : 1
    }

    /// The epoch of a new incarnation: later than every one before, and no earlier than the wall clock.
    ///
    /// - Parameters:
    ///   - previous: the epoch that was persisted last, if any.
    ///   - seconds: the wall clock, in seconds since 1970-01-01.
    /// - Returns: the larger of the wall clock's epoch and one more than `previous`.
    public static func next(after previous: Epoch?, wallClockSeconds seconds: UInt64) -> Epoch {
        let present = Epoch(wallClockSeconds: seconds)
        guard let previous else { return present }
        // The last number has no successor. It is given again, so that no host goes back unnoticed: it is not
        // credible.
        return max(present, Epoch(previous.value < UInt64.max ? previous.value + 1 : previous.value))
    }

    /// The latest epoch that is believed at a wall-clock time: one day ahead of it.
    ///
    /// A maximum never forgets a lie, so a peer whose clock is a year ahead must be refused, not merged.
    public static func latestCredible(wallClockSeconds seconds: UInt64) -> Epoch {
        Epoch(Epoch(wallClockSeconds: seconds).value &+ tolerance)
    }

    /// Orders incarnations of one host.
    public static func < (left: Epoch, right: Epoch) -> Bool { left.value < right.value }
}

extension Epoch: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { String(value) }
}
