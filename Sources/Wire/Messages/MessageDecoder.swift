internal import ByteCoding
internal import CausalClock
internal import FailureDetection
internal import Records

/// Reads messages.
///
/// One decoder serves all datagrams and keeps the capacity for clock entries, so reading allocates nothing; no
/// input makes it trap.
struct MessageDecoder {
    /// The clock entries of the message read last; given back by `recycle`.
    private var entries: [Dot] = []
    private var lowerBounds: [HostID] = []
    private var testimonies: [Testimony] = []
    /// What the message read last has for the store of records.
    private(set) var attachment = RecordAttachment.none

    init() { entries.reserveCapacity(128) }

    /// Reads the body of a datagram whose envelope is sound.
    ///
    /// - Parameters:
    ///   - bytes: the body, after as many other bytes as `start` says.
    ///   - start: where it begins.
    ///   - own: this host; a message to another one is `.misaddressed`, or, if it is its own, `.reflected`.
    ///   - arrived: when it arrived.
    /// - Throws: why it is refused.
    /// - Returns: the message; hand it to `recycle` when it has been dealt with.
    mutating func decode(
        _ bytes: Span<UInt8>, from start: Int, for own: HostID, arrived: Instant
    ) throws(Refusal) -> InboundMessage {
        var reader = ByteReader(at: start)
        let kind = reader.byte(bytes)
        let sender = try Self.sender(&reader, bytes, to: own)
        let sequence = reader.varint(bytes)
        let sent = Instant(nanoseconds: Int64(truncatingIfNeeded: reader.fixed(8, bytes)))
        let interval = Self.microseconds(&reader, bytes)
        let body = body(kind, &reader, bytes)
        let clock = Self.clockHead(&reader, bytes)
        readEntries(&reader, bytes, sender: sender)
        readLowerBounds(clock.flags, &reader, bytes)
        readTestimonies(clock.flags, &reader, bytes, sender: sender, addressee: own)
        if kind == MessageLayout.records { readCargo(&reader, bytes) }
        guard let body, !reader.failed, reader.offset == bytes.count, sent.nanoseconds >= 0,
            (1...MessageLayout.maximumSequence).contains(sequence)
        else { throw .malformed }
        var reception = InboundMessage(
            dot: Dot(host: sender, epoch: clock.epoch, counter: clock.counter), sequence: sequence,
            sent: sent, arrived: arrived, interval: interval, body: body,
            acknowledgedEpoch: clock.acknowledgedEpoch, acknowledgement: clock.acknowledgement, clock: [],
            clockForm: clock.form)
        reception.hasGaps = clock.flags & MessageLayout.hasGaps != 0
        exchangeStorage(with: &reception)
        return reception
    }

    /// Takes back the storage of a message's entries when the message has been dealt with.
    mutating func recycle(_ reception: inout InboundMessage) {
        exchangeStorage(with: &reception)
        entries.removeAll(keepingCapacity: true)
        lowerBounds.removeAll(keepingCapacity: true)
        testimonies.removeAll(keepingCapacity: true)
    }

    private mutating func exchangeStorage(with reception: inout InboundMessage) {
        swap(&entries, &reception.clock)
        swap(&lowerBounds, &reception.lowerBounds)
        swap(&testimonies, &reception.testimonies)
    }

    /// The sender of a message that names this host as its addressee.
    private static func sender(
        _ reader: inout ByteReader, _ bytes: Span<UInt8>, to own: HostID
    ) throws(Refusal) -> HostID {
        let sender = reader.host(bytes)
        let addressee = reader.host(bytes)
        guard let sender, let addressee, !reader.failed else { throw .malformed }
        guard addressee == own else { throw sender == own ? .reflected : .misaddressed }
        return sender
    }

    private static func microseconds(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> TimeSpan {
        TimeSpan.microseconds(Int64(clamping: reader.varint(bytes)))
    }

    private mutating func body(
        _ kind: UInt8, _ reader: inout ByteReader, _ bytes: Span<UInt8>
    ) -> InboundMessage.Body? {
        attachment = .none
        switch kind {
        case MessageLayout.heartbeat:
            readDigests(&reader, bytes)
            return .heartbeat
        case MessageLayout.records: return .records
        case MessageLayout.leave: return .leave
        case MessageLayout.ping:
            let nonce = reader.fixed(8, bytes)
            readDigests(&reader, bytes)
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
    private mutating func readDigests(_ reader: inout ByteReader, _ bytes: Span<UInt8>) {
        attachment = .digests(
            RecordDigests(members: reader.fixed(8, bytes), facts: reader.fixed(8, bytes)))
    }

    /// Reads what a message of records carries, up to the end.
    private mutating func readCargo(_ reader: inout ByteReader, _ bytes: Span<UInt8>) {
        guard !reader.failed, reader.offset < bytes.count,
            let message = RepairCodec.decode(bytes.extracting(reader.offset..<bytes.count))
        else { return reader.fail() }
        attachment = .cargo(message)
        reader.skip(bytes.count - reader.offset, bytes)
    }
}

/// What a message has for the store of records.
enum RecordAttachment: Sendable {
    /// Nothing.
    case none
    /// What the sender's store holds.
    case digests(RecordDigests)
    /// Records, or a step of a repair.
    case cargo(RepairMessage)
}

extension MessageDecoder {
    /// The clock block up to its entries.
    private struct ClockHead {
        var flags: UInt8 = 0
        var form = ClockForm.full
        var epoch = Epoch(0)
        var counter: UInt64 = 0
        var acknowledgedEpoch: Epoch?
        var acknowledgement = LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero)
    }

    private static func clockHead(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> ClockHead {
        var head = ClockHead()
        head.flags = reader.byte(bytes)
        if head.flags & MessageLayout.reserved != 0 { reader.fail() }
        head.epoch = Epoch(reader.varint(bytes))
        head.counter = counter(&reader, bytes)
        if head.flags & MessageLayout.hasAcknowledgement != 0 {
            head.acknowledgedEpoch = Epoch(reader.varint(bytes))
            head.acknowledgement.highest = reader.varint(bytes)
            head.acknowledgement.bitmap = reader.fixed(8, bytes)
            head.acknowledgement.delay = microseconds(&reader, bytes)
        }
        switch head.flags & MessageLayout.formMask {
        case MessageLayout.full: break
        case MessageLayout.partial:
            let (base, through) = (reader.varint(bytes), reader.varint(bytes))
            if base > through || through > head.counter { reader.fail() }
            head.form = .partial(base: base, through: through)
        case MessageLayout.delta:
            let base = counter(&reader, bytes)
            if base > head.counter { reader.fail() }
            head.form = .delta(base: base)
        default: reader.fail()
        }
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
        // No more can stand in the bytes that are left, so that capacity is reserved for no more.
        let most = min(
            MessageLayout.maximumEntries, (bytes.count - reader.offset) / MessageEncoder.shortestEntry)
        guard count <= UInt64(max(most, 0)) else { return reader.fail() }
        entries.append(addingCapacity: Int(count)) { space in
            for _ in 0..<count where !reader.failed {
                guard let host = reader.host(bytes) else { return }
                let epoch = Epoch(reader.varint(bytes))
                let entry = Dot(host: host, epoch: epoch, counter: Self.counter(&reader, bytes))
                if !space.isEmpty, space[space.count - 1].host >= host { reader.fail() }
                if host == sender { reader.fail() }
                space.append(entry)
            }
        }
    }
}

extension MessageDecoder {
    private mutating func readLowerBounds(_ flags: UInt8, _ reader: inout ByteReader, _ bytes: Span<UInt8>) {
        lowerBounds.removeAll(keepingCapacity: true)
        guard flags & MessageLayout.hasLowerBounds != 0 else { return }
        let count = reader.varint(bytes)
        guard count <= UInt64(entries.count) else { return reader.fail() }
        var least: UInt64 = 0
        for _ in 0..<count {
            let place = reader.varint(bytes)
            guard !reader.failed, place >= least, place < UInt64(entries.count) else { return reader.fail() }
            lowerBounds.append(entries[Int(place)].host)
            least = place + 1
        }
    }

    private mutating func readTestimonies(
        _ flags: UInt8, _ reader: inout ByteReader, _ bytes: Span<UInt8>, sender: HostID, addressee: HostID
    ) {
        testimonies.removeAll(keepingCapacity: true)
        guard flags & MessageLayout.hasTestimonies != 0 else { return }
        let count = reader.varint(bytes)
        guard count > 0, count <= UInt64(MessageLayout.maximumTestimonies) else { return reader.fail() }
        for _ in 0..<count where !reader.failed {
            guard let testimony = Self.testimony(&reader, bytes) else { return reader.fail() }
            let host = testimony.subject.host
            if let last = testimonies.last, last.subject.host >= host { reader.fail() }
            if host == sender || host == addressee { reader.fail() }
            testimonies.append(testimony)
        }
    }

    private static func testimony(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> Testimony? {
        guard let host = reader.host(bytes) else { return nil }
        let how = reader.byte(bytes)
        let epoch = Epoch(reader.varint(bytes))
        let counter = reader.varint(bytes)
        let age = microseconds(&reader, bytes)
        let known = reader.varint(bytes)
        let got = reader.varint(bytes)
        guard how & ~MessageLayout.knownTestimonyFlags == 0,
            max(counter, known, got) <= VectorClock.maximumCounter
        else {
            return nil
        }
        return Testimony(
            subject: Dot(host: host, epoch: epoch, counter: counter), age: age, knownOfYou: known,
            gotOfYou: got, isTrusted: how & MessageLayout.isTrusted != 0, asks: how & MessageLayout.asks != 0,
            isOnBehalf: how & MessageLayout.isOnBehalf != 0)
    }
}
