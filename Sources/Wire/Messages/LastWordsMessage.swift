internal import ByteCoding
internal import CausalClock
internal import FailureDetection

/// The message that says that a daemon has ended: composed and sealed while it runs, sent when it is gone.
///
///     u8     6
///     id     sender
///     id     addressee
///     uv     epoch          the sender's
///     uv     counter        higher than that of every other message of the daemon; 1 … 2^53−1
///
/// It has no number on the link and no time, for it says nothing of the path.
enum LastWordsMessage {
    /// Composes the datagram for one peer.
    static func datagram(
        of dot: Dot, to addressee: HostID, sealer: (any DatagramSealer)?
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: 192)
        Envelope.open(&writer, isSealed: sealer != nil)
        writer.byte(MessageLayout.lastWords)
        writer.host(dot.host)
        writer.host(addressee)
        writer.varint(dot.epoch.value)
        writer.varint(dot.counter)
        Envelope.close(&writer, sealer: sealer)
        return writer.bytes
    }

    /// Whether a body, which begins at `start`, is of this kind.
    static func begins(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        start < bytes.count && bytes[start] == MessageLayout.lastWords
    }

    /// Reads a body.
    ///
    /// - Throws: why it is refused.
    /// - Returns: the event that it names.
    static func decode(_ bytes: Span<UInt8>, from start: Int, for own: HostID) throws(Refusal) -> Dot {
        var reader = ByteReader(at: start)
        _ = reader.byte(bytes)
        guard let sender = reader.host(bytes), let addressee = reader.host(bytes), !reader.failed else {
            throw .malformed
        }
        guard addressee == own else { throw sender == own ? .reflected : .misaddressed }
        guard sender != own else { throw .ownIdentity }
        let dot = Dot(host: sender, epoch: Epoch(reader.varint(bytes)), counter: reader.varint(bytes))
        guard !reader.failed, reader.offset == bytes.count,
            (1...VectorClock.maximumCounter).contains(dot.counter)
        else { throw .malformed }
        return dot
    }
}
