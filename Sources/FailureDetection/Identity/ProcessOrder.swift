internal import CausalClock

/// Whether what a peer sends can come from one sequential process.
///
/// What such a process knows only grows: for two messages on one link the later one has no lower counter, has heard
/// of no fewer of our events, and has got no fewer of our messages. Loss, doubling and reordering on the way change
/// neither the numbers nor the contents. So every contradiction is a proof: two processes with one identity, a
/// snapshot that was restored, or a forger (Haeberlen, Kuznetsov and Druschel, 2007, on evidence from logs).
struct ProcessOrder: Sendable, BitwiseCopyable {
    /// What is compared of a message.
    struct Stamp: Sendable, BitwiseCopyable {
        var sequence: UInt64
        var counter: UInt64
        /// Our latest event that it knew; 0 when it does not say.
        var known: UInt64
        /// The highest of our numbers that it got; 0 when it does not say.
        var acknowledged: UInt64
        /// Of the content: the same for every copy.
        var digest: UInt32
    }

    /// A quantity that only grows, as the message with the highest number has reported it.
    private struct Growing: Sendable, BitwiseCopyable {
        var value: UInt64 = 0
        var sequence: UInt64 = 0

        func contradicts(_ other: UInt64, at number: UInt64) -> Bool {
            guard other > 0, sequence > 0, number != sequence else { return false }
            return number > sequence ? other < value : other > value
        }

        mutating func note(_ other: UInt64, at number: UInt64) {
            guard other > 0, number > sequence else { return }
            value = max(value, other)
            sequence = number
        }
    }

    private var counter = Growing()
    private var known = Growing()
    private var acknowledged = Growing()
    private var digests = InlineArray<64, UInt32>(repeating: 0)

    /// Its latest event that was got directly; 0 for none.
    var latest: UInt64 { counter.value }

    /// Our latest event that it knew, as it said itself.
    var knownOfUs: UInt64 { known.value }

    /// What a message contradicts, if anything, before it is noted.
    func conflict(with stamp: Stamp) -> Conflict? {
        let isBackward =
            counter.contradicts(stamp.counter, at: stamp.sequence)
            || known.contradicts(stamp.known, at: stamp.sequence)
            || acknowledged.contradicts(stamp.acknowledged, at: stamp.sequence)
        return isBackward ? .wentBack : nil
    }

    /// Whether a message whose number was received before is another one, and no copy.
    ///
    /// What an incarnation that is resumed received before is not remembered.
    func isAnother(_ stamp: Stamp) -> Bool {
        let remembered = digests[Int(stamp.sequence & 63)]
        return stamp.sequence <= counter.sequence && isRecent(stamp) && remembered != 0
            && remembered != stamp.digest
    }

    /// Whether the position of its digest is not that of a later message.
    private func isRecent(_ stamp: Stamp) -> Bool {
        counter.sequence < 64 || stamp.sequence > counter.sequence - 64
    }

    mutating func note(_ stamp: Stamp) {
        if isRecent(stamp) { digests[Int(stamp.sequence & 63)] = stamp.digest }
        counter.note(stamp.counter, at: stamp.sequence)
        known.note(stamp.known, at: stamp.sequence)
        acknowledged.note(stamp.acknowledged, at: stamp.sequence)
    }

    /// Forgets what was reported of our incarnation that is over.
    mutating func forgetUs() {
        known = Growing()
        acknowledged = Growing()
    }
}

extension ProcessOrder.Stamp {
    /// Of a message, as far as it refers to the incarnation `ours`.
    init(_ reception: borrowing InboundMessage, ours: Epoch, known: UInt64) {
        sequence = reception.sequence
        counter = reception.dot.counter
        self.known = known
        acknowledged = reception.acknowledgedEpoch == ours ? reception.acknowledgement.highest : 0
        // Its clock's nanosecond alone distinguishes two processes; the rest is for clocks that are set back with
        // them.
        var mixed =
            UInt64(bitPattern: reception.sent.nanoseconds) &+ reception.dot.counter &* 0x9E37_79B9_7F4A_7C15
        switch reception.body {
        case .ping(let nonce), .pong(let nonce, _): mixed ^= nonce
        case .heartbeat: mixed ^= 1
        case .leave: mixed ^= 2
        case .records: mixed ^= 3
        }
        mixed = (mixed ^ mixed >> 33) &* 0xFF51_AFD7_ED55_8CCD
        digest = UInt32(truncatingIfNeeded: mixed >> 32)
    }
}
