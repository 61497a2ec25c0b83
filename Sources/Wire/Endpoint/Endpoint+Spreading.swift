internal import CausalClock
package import FailureDetection
internal import Records

/// Records on the wire: in messages of their own, acknowledged as all messages are, and digests in heartbeats and pings.
extension Endpoint {
    /// Sends the records that are ready and the messages of repairs.
    ///
    /// Whatever is published, received or suspected before is on its way in the same turn.
    package mutating func flushRecords(at now: Instant, into outbox: inout Outbox) {
        guard mayFlush || recordDeadline <= now else { return }
        publishView(at: now, into: &outbox)
        // What was received in this turn may be due as well; each pass takes what is, or finds out that nothing is.
        while exchange.gate.nextDeadline <= now {
            let events = exchange.wake(in: mergeContext, at: now)
            act(on: events, from: nil, at: now, into: &outbox)
        }
        releaseHold(at: now, into: &outbox)
        for host in exchange.spread.ready(at: now) { sendRecords(to: host, at: now, into: &outbox) }
        while let (host, message) = exchange.nextRepair(at: now) {
            guard let index = monitor.index(of: host) else { continue }
            _ = send(RepairCodec.encode(message), to: index, at: now, into: &outbox)
        }
        recordDeadline = min(exchange.nextDeadline(after: now), hold?.until ?? .never)
        mayFlush = false
    }

    private mutating func sendRecords(to host: HostID, at now: Instant, into outbox: inout Outbox) {
        guard let index = monitor.index(of: host), address(ofPeer: index) != nil else {
            // Nothing can be sent there until a heartbeat can.
            return exchange.spread.allow(0, to: host)
        }
        while let batch = exchange.nextBatch(to: host, at: now, capacity: recordCapacity(to: index, at: now))
        {
            let cargo = RepairCodec.encode(.records(batch.records))
            guard let number = send(cargo, to: index, at: now, into: &outbox) else {
                return exchange.spread.allow(0, to: host)
            }
            exchange.spread.noteSent(batch, as: number, at: now)
        }
    }

    /// Sends a message of records.
    ///
    /// - Returns: its number on the link; `nil` if it could not be sent.
    mutating func send(
        _ cargo: [UInt8], to index: Int, at now: Instant, into outbox: inout Outbox
    ) -> UInt64? {
        self.cargo = cargo
        let sent = self.sent
        handle(.carrying(peer: index), at: now, answering: nil, into: &outbox)
        self.cargo = []
        guard self.sent > sent else { return nil }
        for case .send(let outgoing) in effects.items { return outgoing.sequence }
        return nil
    }

    /// The bytes of records that a message to the peer at an index has space for, without the one of their form.
    private func recordCapacity(to index: Int, at now: Instant) -> Int {
        let least = least(to: index)
        let limit = links[index].payload.bytes(at: now, least: least)
        return max(limit - least, RepairMessage.leastLength) - 1
    }

    /// How long a message of records is at least, in bytes.
    func needed(for cargo: [UInt8], to index: Int) -> Int { least(to: index) + cargo.count }

    /// Takes what a believed message of the peer at an index, its event `dot`, has for the store.
    mutating func take(
        _ attachment: RecordAttachment, of dot: Dot, from index: Int, _ question: AnswerableDatagram,
        arrived: Instant,
        at now: Instant, into outbox: inout Outbox
    ) {
        let host = monitor.id(ofPeer: index)
        switch attachment {
        case .none: break
        case .digests(let digests):
            noteRecords(digests, of: index, at: dot, arrived: arrived, now, into: &outbox)
            if exchange.compare(digests, of: host, at: now) { outbox.append(unequal: host) }
        case .cargo(let message):
            guard links[index].recordBudget.take(message, at: arrived),
                recordBudget.take(message, at: now)
            else {
                // Left to repair: the work for each is many times that for another message.
                unreadRecords &+= 1
                return
            }
            let space = RepairSpace(
                isProved: acknowledged(ofPeer: index) != nil, received: question.count,
                overhead: least(to: index), capacity: recordCapacity(to: index, at: now) + 1)
            let events = exchange.receive(
                message, from: host, answering: space, in: mergeContext, at: now)
            act(on: events, from: index, at: now, into: &outbox)
            guard case .records(let records) = message else { return }
            takeView(in: records, of: dot, from: index, arrived: arrived, at: now, into: &outbox)
        }
    }

    /// Learns which records the peer at an index has got.
    mutating func learnRecords(from reception: InboundMessage, at index: Int) {
        let host = monitor.id(ofPeer: index)
        guard exchange.spread.pending(for: host) > 0 else { return }
        exchange.spread.receive(
            reception.acknowledgement, from: host, at: reception.arrived,
            roundTrip: monitor.answerTime(ofPeer: index))
    }

    /// Makes ready what goes with a regular message.
    mutating func noteHeartbeat(_ outgoing: OutboundMessage, at now: Instant) {
        switch outgoing.body {
        case .heartbeat: break
        case .ping where outgoing.attempt == 1: break
        default: return
        }
        let state = monitor.state(ofPeer: outgoing.to)
        exchange.spread.beginHeartbeat(
            to: links[outgoing.to].addressee, at: now, interval: outgoing.interval,
            isHeard: state == .trusted || state == .pending)
    }
}
