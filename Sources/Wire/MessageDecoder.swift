internal import CausalClock
internal import FailureDetection

/// Reads messages.
///
/// One decoder serves all datagrams and keeps the room for clock entries, so reading allocates nothing; no
/// input makes it trap.
struct MessageDecoder {
    /// The clock entries of the message read last; given back by `recycle`.
    private var entries: [Dot] = []

    init() { entries.reserveCapacity(128) }

    /// Reads the body of a datagram whose envelope is sound.
    ///
    /// - Parameters:
    ///   - bytes: the body, after as many other bytes as `start` says.
    ///   - start: where it begins.
    ///   - own: this host; a message to another one is `.misaddressed`.
    ///   - arrived: when it arrived.
    /// - Throws: why it is refused.
    /// - Returns: the message; hand it to `recycle` when it has been dealt with.
    mutating func decode(
        _ bytes: Span<UInt8>, from start: Int, for own: HostID, arrived: Instant
    ) throws(Refusal) -> Reception {
        var reader = ByteReader(at: start)
        let kind = reader.byte(bytes)
        let sender = Self.host(&reader, bytes)
        let addressee = Self.host(&reader, bytes)
        guard let sender, let addressee, !reader.failed else { throw .malformed }
        guard addressee == own else { throw .misaddressed }
        let sequence = reader.varint(bytes)
        let sent = Instant(nanoseconds: Int64(truncatingIfNeeded: reader.fixed(8, bytes)))
        let interval = Self.microseconds(&reader, bytes)
        let body = Self.body(kind, &reader, bytes)
        let clock = Self.clockHead(&reader, bytes)
        readEntries(&reader, bytes, sender: sender)
        guard let body, !reader.failed, reader.offset == bytes.count else { throw .malformed }
        guard (1...MessageLayout.maximumSequence).contains(sequence), sent.nanoseconds >= 0 else {
            throw .malformed
        }
        defer { entries = [] }
        return Reception(
            dot: Dot(host: sender, epoch: clock.epoch, counter: clock.counter), sequence: sequence,
            sent: sent,
            arrived: arrived, interval: interval, body: body, acknowledgedEpoch: clock.acknowledgedEpoch,
            acknowledgement: clock.acknowledgement, clock: entries)
    }

    /// Takes back the storage of a message's entries when the message has been dealt with.
    mutating func recycle(_ reception: inout Reception) {
        swap(&entries, &reception.clock)
        entries.removeAll(keepingCapacity: true)
    }

    private static func host(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> HostID? {
        let length = Int(reader.byte(bytes))
        let start = reader.offset
        guard length <= bytes.count - start, let host = HostID(bytes, at: start, count: length) else {
            reader.fail()
            return nil
        }
        reader = reader.advanced(by: length)
        return host
    }

    private static func microseconds(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> TimeSpan {
        TimeSpan.microseconds(Int64(clamping: reader.varint(bytes)))
    }

    private static func body(_ kind: UInt8, _ reader: inout ByteReader, _ bytes: Span<UInt8>) -> Reception
        .Body?
    {
        switch kind {
        case MessageLayout.heartbeat: return .heartbeat
        case MessageLayout.leave: return .leave
        case MessageLayout.ping:
            let nonce = reader.fixed(8, bytes)
            reader.zeros(MessageLayout.pingPadding, bytes)
            return .ping(nonce: nonce)
        case MessageLayout.pong:
            let nonce = reader.fixed(8, bytes)
            return .pong(nonce: nonce, waited: TimeSpan(nanoseconds: Int64(clamping: reader.fixed(8, bytes))))
        default: return nil
        }
    }
}

extension MessageDecoder {
    /// The clock block up to its entries.
    private struct ClockHead {
        var epoch = Epoch(0)
        var counter: UInt64 = 0
        var acknowledgedEpoch: Epoch?
        var acknowledgement = LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero)
    }

    private static func clockHead(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> ClockHead {
        var head = ClockHead()
        let flags = reader.byte(bytes)
        let form = flags & MessageLayout.formMask
        let isKnownForm = form == MessageLayout.full || form == MessageLayout.partial
        if flags & ~MessageLayout.knownFlags != 0 || !isKnownForm { reader.fail() }
        head.epoch = Epoch(reader.varint(bytes))
        head.counter = counter(&reader, bytes)
        guard flags & MessageLayout.hasAcknowledgement != 0 else { return head }
        head.acknowledgedEpoch = Epoch(reader.varint(bytes))
        head.acknowledgement.highest = reader.varint(bytes)
        head.acknowledgement.bitmap = reader.fixed(8, bytes)
        head.acknowledgement.delay = microseconds(&reader, bytes)
        return head
    }

    private static func counter(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> UInt64 {
        let counter = reader.varint(bytes)
        if counter == 0 || counter > VectorClock.maximumCounter { reader.fail() }
        return counter
    }

    private mutating func readEntries(_ reader: inout ByteReader, _ bytes: Span<UInt8>, sender: HostID) {
        entries.removeAll(keepingCapacity: true)
        let count = reader.varint(bytes)
        guard count <= UInt64(MessageLayout.maximumEntries) else { return reader.fail() }
        for _ in 0..<count where !reader.failed {
            guard let host = Self.host(&reader, bytes) else { return }
            let epoch = Epoch(reader.varint(bytes))
            let entry = Dot(host: host, epoch: epoch, counter: Self.counter(&reader, bytes))
            if let last = entries.last, last.host >= host { reader.fail() }
            if host == sender { reader.fail() }
            entries.append(entry)
        }
    }
}

extension ByteReader {
    /// The place `count` bytes further on; the caller has checked that they are there.
    fileprivate func advanced(by count: Int) -> ByteReader {
        var reader = ByteReader(at: offset + count)
        if failed { reader.fail() }
        return reader
    }
}
