public import CausalClock

/// What one host says of another to a third: what it got directly from it, never what it heard from others.
///
/// Sent about the hosts that the sender does not hear, as a question, and about those that the addressee does not
/// hear, as the answer. It shows whether a silent host is running, and in which direction the link to it is broken.
public struct Testimony: Sendable, BitwiseCopyable, Hashable, Codable {
    /// The most of them in one message.
    public static let maximumCount = 16

    /// Of which host, and the latest event of it that the witness got directly; the counter is 0 when it got none.
    public var subject: Dot
    /// How long ago that arrived at the witness.
    public var age: TimeSpan
    /// The latest event of the addressee that the subject's own clock included; 0 when that is not known.
    public var knownOfYou: UInt64
    /// The latest event of the addressee that the subject itself said it got directly; 0 when that is not known.
    public var gotOfYou: UInt64
    /// Whether the witness does not deny the subject: it hears it, still waits for it, or cannot know (then `age` is a day, and this
    /// claims nothing).
    public var isTrusted: Bool
    /// Whether the sender asks the addressee for the same.
    public var asks: Bool
    /// Whether it asks for another, that does not hear the subject; such a question raises no further ones.
    public var isOnBehalf: Bool

    /// Gathers what is said.
    public init(
        subject: Dot, age: TimeSpan, knownOfYou: UInt64 = 0, gotOfYou: UInt64 = 0, isTrusted: Bool = false,
        asks: Bool = false, isOnBehalf: Bool = false
    ) {
        self.subject = subject
        self.age = age
        self.knownOfYou = knownOfYou
        self.gotOfYou = gotOfYou
        self.isTrusted = isTrusted
        self.asks = asks
        self.isOnBehalf = isOnBehalf
    }
}
