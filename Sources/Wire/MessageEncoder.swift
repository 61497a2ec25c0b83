internal import CausalClock
internal import FailureDetection

/// Writes messages.
///
/// One encoder serves all datagrams and keeps its room.
struct MessageEncoder {
    private var writer = ByteWriter(capacity: Envelope.maximumLength)
    /// What follows the entries: written first, so that they know their room.
    private var tail = ByteWriter(capacity: Envelope.maximumLength)
    private var selection = ClockSelection()

    /// The datagram written last.
    var datagram: [UInt8] { writer.bytes }

    /// Writes one message.
    ///
    /// What does not fit is left out in this order: entries of the clock, the testimonies, the acknowledgement.
    ///
    /// - Parameters:
    ///   - outgoing: what is sent.
    ///   - link: the way to the addressee; told whether the message tells our clock as a whole.
    ///   - knowledge: what the message tells besides.
    ///   - limit: the most bytes the datagram may have.
    ///   - sealer: what seals the datagram; `nil` for a checksum.
    /// - Returns: whether the message fits at all; if not, it must not be sent.
    mutating func encode(
        _ outgoing: Outgoing, over link: inout OutgoingLink, telling knowledge: Knowledge, limit: Int,
        sealer: (any DatagramSealer)?
    ) -> Bool {
        let trailer = Envelope.trailerLength(isSealed: sealer != nil)
        let limit = limit - trailer - (knowledge.opinions?.bytes.count ?? 0)
        Envelope.open(&writer, isSealed: sealer != nil)
        writeHead(outgoing, from: knowledge.clock.owner, to: link.addressee)
        let clockAt = writer.count
        var knowledge = knowledge
        var through = writeClock(outgoing, over: &link, telling: knowledge, limit: limit)
        if writer.count > limit, !knowledge.testimonies.isEmpty {
            knowledge.testimonies = []
            writer.truncate(to: clockAt)
            through = writeClock(outgoing, over: &link, telling: knowledge, limit: limit)
        }
        if writer.count > limit, knowledge.acknowledgement != nil {
            knowledge.acknowledgement = nil
            writer.truncate(to: clockAt)
            through = writeClock(outgoing, over: &link, telling: knowledge, limit: limit)
        }
        let fits = writer.count <= limit
        link.baseline.note(outgoing.sequence, through: fits ? through : 0)
        guard fits else { return false }
        if let opinions = knowledge.opinions { append(opinions, flagsAt: clockAt) }
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
    /// Writes the clock block.
    ///
    /// - Returns: the event of ours up to which the addressee has all changes of our clock with it.
    private mutating func writeClock(
        _ outgoing: Outgoing, over link: inout OutgoingLink, telling knowledge: Knowledge, limit: Int
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
        writer.varint(UInt64(clock.entries.count))
        for entry in clock.entries where writer.count <= limit { write(entry) }
        writeLowerBounds(of: clock) { _ in true }
        if writer.count <= limit { return MessageLayout.full }
        writer.truncate(to: entriesAt)
        if link.baseline.counter > 0 {
            writeDelta(of: clock, over: link, limit: limit)
            if writer.count <= limit { return MessageLayout.delta }
            writer.truncate(to: entriesAt)
        }
        let room =
            limit - entriesAt - ByteWriter.varintLength(link.baseline.counter)
            - ByteWriter.varintLength(counter)
            - ByteWriter.varintLength(UInt64(clock.entries.count))
        selection.choose(
            from: clock, for: link.addressee, silent: silent, since: link.baseline.counter, room: room,
            rotation: &link.rotation)
        writer.varint(link.baseline.counter)
        writer.varint(min(selection.through, counter))
        writer.varint(UInt64(selection.count))
        for place in clock.entries.indices where selection.isChosen[place] { write(clock.entries[place]) }
        return MessageLayout.partial
    }

    private mutating func writeDelta(of clock: VectorClock, over link: OutgoingLink, limit: Int) {
        let (addressee, baseline) = (clock.place(of: link.addressee), link.baseline.counter)
        // The addressee's own is always told: it may have been started with an epoch that is too low.
        let isTold = { (place: Int) in place == addressee || clock.changedAt[place] > baseline }
        writer.varint(link.baseline.counter)
        writer.varint(UInt64(clock.entries.indices.count(where: isTold)))
        for place in clock.entries.indices where isTold(place) && writer.count <= limit {
            write(clock.entries[place])
        }
        writeLowerBounds(of: clock, where: isTold)
    }

    /// Writes which of the entries told are of hosts whose clocks had gaps.
    private mutating func writeLowerBounds(of clock: VectorClock, where isTold: (Int) -> Bool) {
        guard !clock.lowerBounds.isEmpty, writer.count <= Envelope.maximumLength else { return }
        writer.varint(UInt64(Self.countLowerBounds(of: clock, where: isTold) { _ in }))
        _ = Self.countLowerBounds(of: clock, where: isTold) { writer.varint(UInt64($0)) }
    }

    /// Counts the entries told whose hosts' clocks had gaps; both lists ascend.
    private static func countLowerBounds(
        of clock: VectorClock, where isTold: (Int) -> Bool, each: (_ place: Int) -> Void
    ) -> Int {
        var (bound, told, count) = (0, 0, 0)
        for place in clock.entries.indices where isTold(place) {
            while bound < clock.lowerBounds.count, clock.lowerBounds[bound] < clock.entries[place].host {
                bound += 1
            }
            if bound < clock.lowerBounds.count, clock.lowerBounds[bound] == clock.entries[place].host {
                each(told)
                count += 1
            }
            told += 1
        }
        return count
    }

    private mutating func write(_ entry: Dot) {
        writer.host(entry.host)
        writer.varint(entry.epoch.value)
        writer.varint(entry.counter)
    }

    static func length(of entry: Dot) -> Int {
        1 + entry.host.count + ByteWriter.varintLength(entry.epoch.value)
            + ByteWriter.varintLength(entry.counter)
    }
}
