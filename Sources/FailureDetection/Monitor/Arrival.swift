public import CausalClock

/// A fresh heartbeat that arrived, for a client that records its sender.
public struct Arrival: Sendable, BitwiseCopyable {
    /// The sender's index among the peers.
    public var peer: Int
    /// The sender's incarnation.
    public var epoch: Epoch
    /// The message's number on the link, where pings and pongs have numbers too.
    public var sequence: UInt64
    /// When it was sent, on the sender's clock, and when it arrived, on ours.
    public var sign: LifeSign
    /// The interval between heartbeats that the sender announces.
    public var interval: TimeSpan

    /// Gathers an arrival.
    public init(peer: Int, epoch: Epoch, sequence: UInt64, sign: LifeSign, interval: TimeSpan) {
        self.peer = peer
        self.epoch = epoch
        self.sequence = sequence
        self.sign = sign
        self.interval = interval
    }

    init(_ reception: InboundMessage, from peer: Int, interval: TimeSpan) {
        self.peer = peer
        self.interval = interval
        epoch = reception.dot.epoch
        sequence = reception.sequence
        sign = LifeSign(sent: reception.sent, arrived: reception.arrived)
    }
}
