internal import ByteCoding
internal import CausalClock
internal import FailureDetection
internal import Records

/// Writes messages.
///
/// One encoder serves all datagrams and keeps its capacity.
struct MessageEncoder {
    private var writer = ByteWriter(capacity: Envelope.maximumLength)
    /// What follows the entries: written first, so that their space is known.
    private var tail = ByteWriter(capacity: Envelope.maximumLength)
    private var selection = ClockSelection()
    /// The most bytes that the entries of a clock may take.
    var entryCapacity = Envelope.maximumLength
    /// A name of one byte, its length, and two small numbers.
    static let shortestEntry = 4

    /// The datagram written last.
    var datagram: [UInt8] { writer.bytes }

    /// How long that is, in bytes.
    var length: Int { writer.count }

    /// Writes one message.
    ///
    /// What does not fit is left out in this order: entries of the clock, the testimonies, the acknowledgement.
    ///
    /// - Parameters:
    ///   - outgoing: what is sent.
    ///   - link: the way to the addressee; notes whether the message carries our clock as a whole.
    ///   - knowledge: what the message carries besides.
    ///   - limit: the most bytes the datagram may have.
    ///   - sealer: what seals the datagram; `nil` for a checksum.
    /// - Returns: whether the message fits at all; if not, it must not be sent.
    mutating func encode(
        _ outgoing: OutboundMessage, over link: inout OutgoingLink, carrying knowledge: MessageContext,
        limit: Int,
        sealer: (any DatagramSealer)?
    ) -> Bool {
        let trailer = Envelope.trailerLength(isSealed: sealer != nil)
        let limit = limit - trailer - knowledge.cargo.count
        Envelope.open(&writer, isSealed: sealer != nil)
        writeHead(outgoing, from: knowledge.clock.owner, to: link.addressee)
        writeBody(outgoing.body, knowledge.digests)
        let clockAt = writer.count
        var through = writeClock(outgoing, over: &link, carrying: knowledge, limit: limit)
        if writer.count > limit {
            through =
                shorten(outgoing, over: &link, carrying: knowledge, from: clockAt, limit: limit) ?? through
        }
        let fits = writer.count <= limit
        link.baseline.note(outgoing.sequence, through: fits ? through : 0)
        guard fits else { return false }
        writer.append(knowledge.cargo)
        Envelope.close(&writer, sealer: sealer)
        return true
    }

    /// Writes the clock of a message that is too long again, without the testimonies, and then without the acknowledgement.
    ///
    /// - Returns: what `writeClock` returned last; `nil` where there is nothing to leave out.
    private mutating func shorten(
        _ outgoing: OutboundMessage, over link: inout OutgoingLink, carrying knowledge: MessageContext,
        from clockAt: Int, limit: Int
    ) -> UInt64? {
        var (knowledge, through) = (knowledge, UInt64?.none)
        if !knowledge.testimonies.isEmpty {
            knowledge.testimonies = []
            writer.truncate(to: clockAt)
            through = writeClock(outgoing, over: &link, carrying: knowledge, limit: limit)
        }
        if writer.count > limit, knowledge.acknowledgement != nil {
            knowledge.acknowledgement = nil
            writer.truncate(to: clockAt)
            through = writeClock(outgoing, over: &link, carrying: knowledge, limit: limit)
        }
        return through
    }

    private mutating func writeHead(_ outgoing: OutboundMessage, from sender: HostID, to addressee: HostID) {
        writer.byte(MessageLayout.kind(of: outgoing.body))
        writer.host(sender)
        writer.host(addressee)
        writer.varint(outgoing.sequence)
        writer.fixed(UInt64(bitPattern: outgoing.sent.nanoseconds), width: 8)
        writer.varint(UInt64(max(outgoing.interval.microseconds, 0)))
    }

    private mutating func writeBody(_ body: InboundMessage.Body, _ digests: RecordDigests) {
        switch body {
        case .leave, .records: break
        case .heartbeat: write(digests)
        case .ping(let nonce):
            writer.fixed(nonce, width: 8)
            write(digests)
            for _ in 0..<MessageLayout.pingPadding { writer.byte(0) }
        case .pong(let nonce, let waited):
            writer.fixed(nonce, width: 8)
            writer.fixed(UInt64(max(waited.nanoseconds, 0)), width: 8)
        }
    }

    private mutating func write(_ digests: RecordDigests) {
        writer.fixed(digests.members, width: 8)
        writer.fixed(digests.facts, width: 8)
    }
}

extension MessageEncoder {
    /// Writes the clock block.
    ///
    /// - Returns: the event of ours up to which the addressee has all changes of our clock with it.
    private mutating func writeClock(
        _ outgoing: OutboundMessage, over link: inout OutgoingLink, carrying knowledge: MessageContext,
        limit: Int
    ) -> UInt64 {
        let clock = knowledge.clock
        let flagsAt = writer.count
        var flags = knowledge.flags
        writer.byte(flags)
        writer.varint(clock.epoch.value)
        writer.varint(outgoing.counter)
        if let (epoch, acknowledgement) = knowledge.acknowledgement { write(acknowledgement, of: epoch) }
        writeTail(knowledge.testimonies)
        let form = writeEntries(
            of: clock, at: outgoing.counter, over: &link, silent: knowledge.silent, limit: limit - tail.count)
        if form == MessageLayout.partial { flags &= ~MessageLayout.hasLowerBounds }
        writer.replace(at: flagsAt, with: UInt64(flags | form), width: 1)
        writer.append(tail)
        return form == MessageLayout.partial ? min(selection.through, outgoing.counter) : outgoing.counter
    }

    private mutating func write(_ acknowledgement: LinkAcknowledgement, of epoch: Epoch) {
        writer.varint(epoch.value)
        writer.varint(acknowledgement.highest)
        writer.fixed(acknowledgement.bitmap, width: 8)
        writer.varint(UInt64(max(acknowledgement.delay.microseconds, 0)))
    }

    private mutating func writeTail(_ testimonies: [Testimony]) {
        tail.removeAll()
        guard !testimonies.isEmpty else { return }
        tail.varint(UInt64(testimonies.count))
        for testimony in testimonies {
            tail.host(testimony.subject.host)
            tail.byte(
                (testimony.asks ? MessageLayout.asks : 0)
                    | (testimony.isOnBehalf ? MessageLayout.isOnBehalf : 0)
                    | (testimony.isTrusted ? MessageLayout.isTrusted : 0))
            tail.varint(testimony.subject.epoch.value)
            tail.varint(testimony.subject.counter)
            tail.varint(UInt64(max(testimony.age.microseconds, 0)))
            tail.varint(testimony.knownOfYou)
            tail.varint(testimony.gotOfYou)
        }
    }

    /// Writes all entries if they fit, else those that changed since the baseline, else some.
    ///
    /// - Returns: the form.
    private mutating func writeEntries(
        of clock: VectorClock, at counter: UInt64, over link: inout OutgoingLink, silent: [HostID], limit: Int
    ) -> UInt8 {
        let entriesAt = writer.count
        let limit = min(limit, entriesAt + entryCapacity)
        if Self.length(ofAll: clock.entries, upTo: limit - entriesAt) <= limit - entriesAt {
            writeAll(of: clock, limit: limit)
            if writer.count <= limit { return MessageLayout.full }
            writer.truncate(to: entriesAt)
        }
        let baseline = link.baseline.counter
        let addressee = clock.index(of: link.addressee, near: link.lastIndex)
        if let addressee { link.lastIndex = addressee }
        let space =
            limit - entriesAt - ByteWriter.varintLength(baseline)
            - ByteWriter.varintLength(UInt64(clock.entries.count))
        if baseline > 0, selection.chooseChanges(of: clock, for: addressee, since: baseline, space: space) {
            writeDelta(of: clock, since: baseline)
            if writer.count <= limit { return MessageLayout.delta }
            writer.truncate(to: entriesAt)
        }
        selection.choose(
            from: clock, for: addressee, silent: silent, since: baseline,
            space: space - ByteWriter.varintLength(counter), rotation: &link.rotation)
        writer.varint(baseline)
        writer.varint(min(selection.through, counter))
        writeSelected(of: clock)
        return MessageLayout.partial
    }

    private mutating func writeAll(of clock: VectorClock, limit: Int) {
        writer.varint(UInt64(clock.entries.count))
        for entry in clock.entries { writer.entry(entry) }
        writeLowerBounds(of: clock, among: clock.entries.indices)
    }

    private mutating func writeDelta(of clock: VectorClock, since baseline: UInt64) {
        writer.varint(baseline)
        writeSelected(of: clock)
        writeLowerBounds(of: clock, among: selection.places)
    }

    private mutating func writeSelected(of clock: VectorClock) {
        writer.varint(UInt64(selection.places.count))
        for place in selection.places { writer.entry(clock.entries[place]) }
    }

    /// Writes which of the entries included are of hosts whose clocks had gaps.
    ///
    /// - Parameters:
    ///   - clock: whose entries they are.
    ///   - places: the positions of the entries included, ascending.
    private mutating func writeLowerBounds(of clock: VectorClock, among places: some Collection<Int>) {
        guard clock.lowerBoundCount > 0, writer.count <= Envelope.maximumLength else { return }
        writer.varint(UInt64(places.count { clock.isLowerBound[$0] }))
        for (index, place) in places.enumerated() where clock.isLowerBound[place] {
            writer.varint(UInt64(index))
        }
    }

    /// How many bytes entries take, or some number above `limit`: they need not all be checked to know that.
    private static func length(ofAll entries: [Dot], upTo limit: Int) -> Int {
        var length = entries.count * shortestEntry
        for place in entries.indices where length <= limit {
            length += Self.length(of: entries[place]) - shortestEntry
        }
        return length
    }

    static func length(of entry: Dot) -> Int {
        1 + entry.host.count + ByteWriter.varintLength(entry.epoch.value)
            + ByteWriter.varintLength(entry.counter)
    }
}
