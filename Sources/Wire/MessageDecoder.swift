internal import CausalClock
internal import FailureDetection

/// Reads messages.
///
/// One decoder serves all datagrams and keeps the room for clock entries, so reading allocates nothing; no
/// input makes it trap.
struct MessageDecoder {
    /// The clock entries of the message read last; given back by `recycle`.
    private var entries: [Dot] = []
    /// The opinions of the message read last; given back in the same way.
    private var opinions: [Opinion] = []

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
        let sender = reader.host(bytes)
        let addressee = reader.host(bytes)
        guard let sender, let addressee, !reader.failed else { throw .malformed }
        guard addressee == own else { throw .misaddressed }
        let sequence = reader.varint(bytes)
        let sent = Instant(nanoseconds: Int64(truncatingIfNeeded: reader.fixed(8, bytes)))
        let interval = Self.microseconds(&reader, bytes)
        let body = Self.body(kind, &reader, bytes)
        let clock = Self.clockHead(&reader, bytes)
        readEntries(&reader, bytes, sender: sender)
        let scope = readOpinions(&reader, bytes, kind: kind, sender: sender, head: clock)
        guard let body, !reader.failed, reader.offset == bytes.count else { throw .malformed }
        guard (1...MessageLayout.maximumSequence).contains(sequence), sent.nanoseconds >= 0 else {
            throw .malformed
        }
        defer {
            entries = []
            opinions = []
        }
        var reception = Reception(
            dot: Dot(host: sender, epoch: clock.epoch, counter: clock.counter), sequence: sequence,
            sent: sent,
            arrived: arrived, interval: interval, body: body, acknowledgedEpoch: clock.acknowledgedEpoch,
            acknowledgement: clock.acknowledgement, clock: entries)
        reception.opinions = opinions
        reception.opinionScope = scope
        return reception
    }

    /// Takes back the storage of a message's entries when the message has been dealt with.
    mutating func recycle(_ reception: inout Reception) {
        swap(&entries, &reception.clock)
        swap(&opinions, &reception.opinions)
        entries.removeAll(keepingCapacity: true)
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
        var flags: UInt8 = 0
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
        head.flags = flags
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

    private mutating func readOpinions(
        _ reader: inout ByteReader, _ bytes: Span<UInt8>, kind: UInt8, sender: HostID, head: ClockHead
    ) -> OpinionScope {
        opinions.removeAll(keepingCapacity: true)
        let isPartial = head.flags & MessageLayout.opinionsArePartial != 0
        guard head.flags & MessageLayout.hasOpinions != 0 else {
            if isPartial { reader.fail() }
            return .none
        }
        if !MessageLayout.tellsOpinions(kind) { reader.fail() }
        OpinionBlock.read(&reader, bytes, sender: sender, upTo: head.counter, into: &opinions)
        return isPartial ? .part : .all
    }

    private mutating func readEntries(_ reader: inout ByteReader, _ bytes: Span<UInt8>, sender: HostID) {
        entries.removeAll(keepingCapacity: true)
        let count = reader.varint(bytes)
        guard count <= UInt64(MessageLayout.maximumEntries) else { return reader.fail() }
        for _ in 0..<count where !reader.failed {
            guard let host = reader.host(bytes) else { return }
            let epoch = Epoch(reader.varint(bytes))
            let entry = Dot(host: host, epoch: epoch, counter: Self.counter(&reader, bytes))
            if let last = entries.last, last.host >= host { reader.fail() }
            if host == sender { reader.fail() }
            entries.append(entry)
        }
    }
}
