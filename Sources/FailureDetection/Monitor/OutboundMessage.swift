/// A message to be sent.
public struct OutboundMessage: Sendable, BitwiseCopyable {
    /// The receiver's index among the peers.
    public var to: Int
    /// What the message is for.
    public var body: InboundMessage.Body
    /// Our event that is the sending of this message.
    public var counter: UInt64
    /// The message's number on the link.
    public var sequence: UInt64
    /// The interval to announce.
    public var interval: TimeSpan
    /// When the message is sent.
    public var sent: Instant
    /// The number of a ping in its round, from 1; the later it is, the smaller it should be.
    public var attempt = 1
    /// Whether it should be as small as it can be: the last ping of a round, and one that begins none.
    public var isSmallest = false

    /// Gathers a message, such as a test of the caller's loop sends.
    public init(
        to: Int, body: InboundMessage.Body, counter: UInt64, sequence: UInt64, interval: TimeSpan,
        sent: Instant, attempt: Int = 1, isSmallest: Bool = false
    ) {
        self.to = to
        self.body = body
        self.counter = counter
        self.sequence = sequence
        self.interval = interval
        self.sent = sent
        self.attempt = attempt
        self.isSmallest = isSmallest
    }
}
