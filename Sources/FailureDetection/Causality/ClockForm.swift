/// How a message carries the sender's clock.
///
/// Every entry of the sender's clock changed last at some event of the sender, named by its number.
public enum ClockForm: Sendable, BitwiseCopyable, Hashable, Codable {
    /// All entries.
    case full
    /// All entries that changed after the sender's event `base`.
    case delta(base: UInt64)
    /// Some entries; among them all that changed after the event `base`, up to the event `through`.
    case partial(base: UInt64, through: UInt64)
}
