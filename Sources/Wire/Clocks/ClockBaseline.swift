internal import CausalClock
internal import FailureDetection

/// Up to which event of ours a peer is known to have all changes of our clock.
///
/// Let *b* be an event of ours such that a message carried all entries that had changed up to *b*, and that the peer
/// lacked, and the peer acknowledged having got it directly. It has merged them, so of our present clock it lacks at
/// most the entries that changed after *b*; an entry that changed before *b* and again after is one of these. A DELTA
/// of them leaves the peer with what the whole clock would have left it with, whatever was lost, doubled or reordered
/// in between, for clocks only grow. One number for each entry, the event of ours at which it last changed, thus serves
/// all peers; no copies of clocks are kept.
///
/// A PARTIAL clock that carries all changes from *b* up to some later event moves the baseline to that event once
/// it is acknowledged. So a peer that was sent nothing yet is led to where a DELTA fits.
///
/// That holds for one incarnation of each side: another one begins at nothing.
struct ClockBaseline: Sendable {
    /// The event; 0 for none.
    private(set) var counter: UInt64 = 0

    /// For each of the last 64 messages, by its number, the event up to which it carried all changes.
    private var sent = InlineArray<64, UInt64>(repeating: 0)
    private var last: UInt64 = 0
    private var ours: Epoch?
    private var theirs: Epoch?

    /// Begins at nothing if either side has begun a new incarnation.
    mutating func align(ours: Epoch, theirs: Epoch?) {
        guard ours != self.ours || theirs != self.theirs else { return }
        self = ClockBaseline()
        self.ours = ours
        self.theirs = theirs
    }

    /// Notes a message.
    ///
    /// - Parameters:
    ///   - sequence: its number on the link.
    ///   - through: the event up to which the peer has all changes with it.
    mutating func note(_ sequence: UInt64, through: UInt64) {
        sent[Int(sequence & 63)] = through
        last = max(last, sequence)
    }

    /// Learns what the peer got directly.
    mutating func learn(_ ack: LinkAcknowledgement) {
        guard ack.highest <= last, !take(ack.highest) else { return }
        // The highest may have carried less than one before it.
        var rest = ack.bitmap
        while rest != 0 {
            let distance = UInt64(rest.trailingZeroBitCount) + 1
            if distance < ack.highest { _ = take(ack.highest - distance) }
            rest &= rest - 1
        }
    }

    /// - Returns: whether the baseline was moved.
    private mutating func take(_ number: UInt64) -> Bool {
        guard number > 0, last - number < 64, sent[Int(number & 63)] > counter else { return false }
        counter = sent[Int(number & 63)]
        return true
    }
}
