/// The name of one event: the host it happened at, the incarnation of that host, and its number in that incarnation.
public struct Dot: Sendable, BitwiseCopyable, Hashable, Codable {
    /// Where the event happened.
    public var host: HostID
    /// The incarnation of the host in which it happened.
    public var epoch: Epoch
    /// The event's number in that incarnation: 1, 2, 3, … up to `VectorClock.maximumCounter`.
    public var counter: UInt64

    /// Names the event `counter` of `host` in its incarnation `epoch`.
    public init(host: HostID, epoch: Epoch, counter: UInt64) {
        self.host = host
        self.epoch = epoch
        self.counter = counter
    }

    /// Whether this event came before `other` at the same host: by incarnation first, then by number.
    public func precedes(_ other: Dot) -> Bool {
        (epoch, counter) < (other.epoch, other.counter)
    }
}

extension Dot: CustomStringConvertible {
    /// The dot as text, `id@epoch:counter`.
    public var description: String { "\(host)@\(epoch):\(counter)" }
}
