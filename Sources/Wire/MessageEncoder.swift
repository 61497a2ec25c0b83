internal import CausalClock
internal import FailureDetection

/// Writes messages.
///
/// One encoder serves all datagrams and keeps its room.
struct MessageEncoder {
    private var writer = ByteWriter(capacity: Envelope.maximumLength)

    /// The datagram written last.
    var datagram: [UInt8] { writer.bytes }

    /// Writes one message.
    ///
    /// - Parameters:
    ///   - outgoing: what is sent.
    ///   - addressee: to whom.
    ///   - acknowledgement: what we got from the addressee, and in which of its lives; `nil` before it was heard.
    ///   - clock: our clock; its owner is the sender.
    ///   - limit: the most bytes the datagram may have; entries that do not fit are left out, then the
    ///     acknowledgement.
    ///   - sealer: what seals the datagram; `nil` for a checksum.
    ///   - rotation: where the next PARTIAL clock for the addressee begins among the entries, so that in turn it is
    ///     told all of them.
    ///   - opinions: whom we suspect; `nil` says nothing of it. They have room before entries do.
    /// - Returns: whether the message fits at all; if not, it must not be sent.
    mutating func encode(
        _ outgoing: Outgoing, to addressee: HostID,
        acknowledging acknowledgement: (Epoch, LinkAcknowledgement)?,
        clock: VectorClock, limit: Int, sealer: (any DatagramSealer)?, rotation: inout Int,
        opinions: OpinionBlock? = nil
    ) -> Bool {
        let trailer = Envelope.trailerLength(isSealed: sealer != nil)
        let limit = limit - trailer - (opinions?.bytes.count ?? 0)
        Envelope.open(&writer, isSealed: sealer != nil)
        writeHead(outgoing, from: clock.owner, to: addressee)
        let clockAt = writer.count
        writeClock(
            clock, counter: outgoing.counter, acknowledging: acknowledgement, limit: limit,
            rotation: &rotation)
        if writer.count > limit, acknowledgement != nil {
            writer.truncate(to: clockAt)
            writeClock(
                clock, counter: outgoing.counter, acknowledging: nil, limit: limit, rotation: &rotation)
        }
        guard writer.count <= limit else { return false }
        if let opinions { append(opinions, flagsAt: clockAt) }
        Envelope.close(&writer, sealer: sealer)
        return true
    }

    private mutating func append(_ opinions: OpinionBlock, flagsAt: Int) {
        writer.replace(at: flagsAt, with: UInt64(writer.bytes[flagsAt] | opinions.flags), width: 1)
        writer.append(opinions.bytes)
    }

    private mutating func writeHead(_ outgoing: Outgoing, from sender: HostID, to addressee: HostID) {
        writer.byte(MessageLayout.kind(of: outgoing.body))
        writer.host(sender)
        writer.host(addressee)
        writer.varint(outgoing.sequence)
        writer.fixed(UInt64(bitPattern: outgoing.sent.nanoseconds), width: 8)
        writer.varint(UInt64(max(outgoing.interval.microseconds, 0)))
        writeBody(outgoing.body)
    }

    private mutating func writeBody(_ body: Reception.Body) {
        switch body {
        case .heartbeat, .leave: break
        case .ping(let nonce):
            writer.fixed(nonce, width: 8)
            for _ in 0..<MessageLayout.pingPadding { writer.byte(0) }
        case .pong(let nonce, let waited):
            writer.fixed(nonce, width: 8)
            writer.fixed(UInt64(max(waited.nanoseconds, 0)), width: 8)
        }
    }
}

extension MessageEncoder {
    private mutating func writeClock(
        _ clock: VectorClock, counter: UInt64, acknowledging acknowledgement: (Epoch, LinkAcknowledgement)?,
        limit: Int, rotation: inout Int
    ) {
        let flagsAt = writer.count
        let acknowledges = acknowledgement == nil ? 0 : MessageLayout.hasAcknowledgement
        writer.byte(MessageLayout.full | acknowledges)
        writer.varint(clock.epoch.value)
        writer.varint(counter)
        if let (epoch, acknowledgement) = acknowledgement { write(acknowledgement, of: epoch) }
        let entriesAt = writer.count
        writer.varint(UInt64(clock.entries.count))
        for entry in clock.entries where writer.count <= limit { write(entry) }
        guard writer.count > limit else { return }
        writer.truncate(to: entriesAt)
        writer.replace(at: flagsAt, with: UInt64(MessageLayout.partial | acknowledges), width: 1)
        writePartially(clock.entries, limit: limit, rotation: &rotation)
    }

    private mutating func write(_ acknowledgement: LinkAcknowledgement, of epoch: Epoch) {
        writer.varint(epoch.value)
        writer.varint(acknowledgement.highest)
        writer.fixed(acknowledgement.bitmap, width: 8)
        writer.varint(UInt64(max(acknowledgement.delay.microseconds, 0)))
    }

    private mutating func write(_ entry: Dot) {
        writer.host(entry.host)
        writer.varint(entry.epoch.value)
        writer.varint(entry.counter)
    }

    /// Writes as many entries as fit, from where the last PARTIAL clock ended.
    ///
    /// They must ascend, so a run that reaches the end stops there, and the next datagram begins again at the
    /// first.
    private mutating func writePartially(_ entries: [Dot], limit: Int, rotation: inout Int) {
        if rotation >= entries.count { rotation = 0 }
        let countAt = writer.count
        // Two bytes hold every count up to 4,096, but only those from 128 need them; the count is written last.
        var length = 0
        var end = rotation
        while end < entries.count {
            let next = Self.length(of: entries[end])
            guard countAt + ByteWriter.varintLength(UInt64(end - rotation + 1)) + length + next <= limit
            else {
                break
            }
            length += next
            end += 1
        }
        writer.varint(UInt64(end - rotation))
        for index in rotation..<end { write(entries[index]) }
        rotation = end
    }

    private static func length(of entry: Dot) -> Int {
        1 + entry.host.count + ByteWriter.varintLength(entry.epoch.value)
            + ByteWriter.varintLength(entry.counter)
    }
}
