package import CausalClock
package import FailureDetection
package import Records

/// The shell around `Monitor` that handles bytes and addresses, and still does no I/O: the daemon and the simulator
/// drive the same one.
///
/// In each turn, with one `now` read before everything else: `beginTurn`, then `receive` for all that had arrived,
/// then `wake`. What is to be sent and reported is in the outbox; when to come back, in `nextDeadline`.
package struct Endpoint: Sendable {
    /// The failure detector inside.
    package internal(set) var monitor: Monitor
    /// Datagrams that were believed.
    package private(set) var accepted: UInt64 = 0
    /// Datagrams that were handed over for sending.
    package private(set) var sent: UInt64 = 0

    var links: [OutgoingLink]
    /// Where the ping in hand goes, if not to the peer's present address.
    var asked: NetworkAddress?
    private var testimonies: [Testimony] = []
    /// What was refused.
    var refusalBook: RefusalBook
    /// Whose address is whose.
    var addressIndex = AddressIndex()
    /// The records of all hosts, and what is exchanged of them.
    var exchange: RecordExchange
    /// When records are to be sent or taken in next.
    var recordDeadline = Instant.never
    /// What the message of records in hand carries.
    var cargo: [UInt8] = []
    /// What is left for messages of records from all peers.
    var recordBudget = RecordBudget.everyone
    /// Messages of records that were not read, because a peer sent too many, or all did.
    package internal(set) var unreadRecords: UInt64 = 0
    /// What of this host's own records is held back at its start; `nil` for nothing.
    var hold: RecordHold?
    /// The services that this host watches; `nil` before that is known.
    var ownServices: [ServiceName]?
    private var decoder = MessageDecoder()
    private var encoder = MessageEncoder()
    private(set) var effects = Effects()
    /// Whether anything has happened since records were flushed.
    var mayFlush = false
    /// The opinions that the present view says, as `Monitor.opinionRevision`.
    var viewRevision: UInt64 = 0
    /// The intervals for which the space for clock entries was computed, as `Monitor.intervalRevision`.
    private var budgetedIntervals: UInt64 = 0
    /// What is left for answers to addresses that are no peer's.
    private var strangersAnswers = AnswerBudget.strangers
    private(set) var sealer: (any DatagramSealer)?
    /// The body of the sealed datagram in hand.
    private var opened: [UInt8] = []

    /// Makes an endpoint around a detector; no peer has an address yet.
    ///
    /// - Parameters:
    ///   - monitor: the detector.
    ///   - hash: hashes records, the same on all hosts; one without cryptography is for simulations and tests.
    package init(_ monitor: Monitor, hash: any KeyedHash = MixingHash()) {
        self.monitor = monitor
        // What the process before wrote in this incarnation may come back, and is no conflict.
        exchange = RecordExchange(
            store: RecordStore(
                owner: monitor.id, hash: RecordHash(hash), resumedThrough: monitor.clock.dot,
                // No command removes a host yet, so whatever does is a mistake or a lie.
                takesRemovals: false))
        links = (0..<monitor.count).map { OutgoingLink(addressee: monitor.id(ofPeer: $0)) }
        refusalBook = RefusalBook(peers: monitor.count)
        encoder.entryCapacity = ClockBudget.space(for: monitor)
        for index in links.indices { self.monitor.noteAddress(ofPeer: index, isKnown: false) }
        setRecordMembers()
    }

    /// When the detector is to be woken next, and why.
    package var nextDeadline: Deadline? { monitor.nextDeadline }

    /// The space for clock entries in each message, in bytes.
    var entryCapacity: Int { encoder.entryCapacity }

    /// By what number the key is known that sealed the latest message of a peer; `nil` before there was one.
    package func key(ofPeer index: Int) -> UInt64? { links[index].theirKey }

    /// Keeps the bound on believable epochs one day ahead of the wall clock.
    package mutating func setWallClock(seconds: UInt64) {
        monitor.latestCredibleEpoch = Epoch.latestCredible(wallClockSeconds: seconds)
    }

    /// Sets what seals and opens datagrams; `nil` protects them by a checksum only.
    package mutating func setSealer(_ sealer: (any DatagramSealer)?) {
        self.sealer = sealer
        monitor.requiresFreshness = sealer != nil
        if sealer != nil { opened.reserveCapacity(Envelope.maximumLength) }
    }

    /// When the caller wants to be woken for reasons of its own, beside `nextDeadline`.
    package mutating func setCallersDeadline(_ instant: Instant) { monitor.callersDeadline = instant }

    /// Hands out the heartbeats of the peer at an index from now on, or no longer.
    package mutating func record(peer index: Int, _ isRecorded: Bool) {
        monitor.record(peer: index, isRecorded)
    }

    /// Takes new settings.
    ///
    /// Addresses are kept for the peers that stay.
    package mutating func retune(_ settings: [PeerSettings], at now: Instant) {
        let (former, formerLinks) = (monitor, links)
        monitor.retune(settings, at: now)
        encoder.entryCapacity = ClockBudget.space(for: monitor)
        effects.ticks?.append(EventRecord(.config, at: now, on: monitor.clock), on: monitor.clock)
        let ids = (0..<monitor.count).map { monitor.id(ofPeer: $0) }
        let places = ids.map { former.index(of: $0) }
        refusalBook.rearrange(places)
        addressIndex.forget()
        setRecordMembers()
        links = zip(ids, places).map { id, place in
            place.map { formerLinks[$0] } ?? OutgoingLink(addressee: id)
        }
        forgetViews()
        for index in links.indices where address(ofPeer: index) == nil {
            monitor.noteAddress(ofPeer: index, isKnown: false)
        }
    }

    /// Hands out the events since the last call, for the causal log, in exchange for a log to continue with, or none.
    package mutating func swapEventLog(_ ticks: inout EventLog?) { swap(&effects.ticks, &ticks) }

    /// Sets how many observers confirm a suspicion.
    package mutating func setQuorum(_ quorum: Quorum) { monitor.quorum = quorum }

    /// Begins a turn of the caller's loop, before anything is read.
    package mutating func beginTurn(at now: Instant, into outbox: inout Outbox) {
        handle(.turnBegan, at: now, answering: nil, into: &outbox)
    }

    /// Takes one datagram.
    ///
    /// - Parameters:
    ///   - datagram: its bytes, all of them.
    ///   - source: where it came from; a pong goes back there.
    ///   - path: where on this host it came in; a pong leaves from there.
    ///   - arrived: when it arrived, by the kernel's stamp.
    ///   - now: the one instant of this turn.
    ///   - outbox: takes what is to be sent and reported.
    package mutating func receive(
        _ datagram: Span<UInt8>, from source: NetworkAddress, through path: LocalPath? = nil,
        arrived: Instant, at now: Instant, into outbox: inout Outbox
    ) {
        if let refusal = Envelope.refusal(of: datagram, isSealed: sealer != nil) {
            return refuse(refusal, from: source, arrived: arrived, at: now, into: &outbox)
        }
        let question = AnswerableDatagram(
            source: source, path: path, count: datagram.count, arrived: arrived)
        guard let sealer else {
            return read(
                datagram, from: Envelope.headerLength, arrived: arrived, at: now, question, into: &outbox)
        }
        // Moved out, so that reading it and changing the endpoint do not exclude each other.
        var body: [UInt8] = []
        swap(&body, &opened)
        if let key = sealer.open(datagram, into: &body) {
            read(body.span, from: 0, sealedBy: key, arrived: arrived, at: now, question, into: &outbox)
        } else {
            refuse(.unopened, from: source, arrived: arrived, at: now, into: &outbox)
        }
        swap(&body, &opened)
    }

    /// Begins a later incarnation of ours, whose epoch the caller has stored durably.
    package mutating func beginIncarnation(_ epoch: Epoch, at now: Instant, into outbox: inout Outbox) {
        let own = exchange.takeOwn()
        effects.removeAll()
        monitor.beginIncarnation(epoch, at: now, into: &effects)
        _ = perform(at: now, answering: nil, into: &outbox)
        publishAgain(own, at: now, into: &outbox)
    }

    /// Notes a report that a port is closed, to which a datagram of ours was sent (ICMP port unreachable).
    ///
    /// - Parameters:
    ///   - address: where the datagram was going.
    ///   - offender: which host says so; its port does not matter. `nil` if that is not known.
    ///   - quote: the first bytes of the datagram, as the report quotes them; 32 are enough.
    ///   - now: the one instant of this turn.
    ///   - outbox: takes what is to be sent and reported.
    package mutating func portUnreachable(
        _ address: NetworkAddress, reportedBy offender: NetworkAddress?, quoting quote: Span<UInt8>,
        at now: Instant, into outbox: inout Outbox
    ) {
        let isTheirs = offender.map { $0.isSameHost(as: address) } ?? false
        for index in peers(at: address) {
            let isVerified = isTheirs && links[index].heads.contains(quote, at: now)
            outbox.append(failingAddressOf: index)
            handle(
                .portUnreachable(peer: index, isVerified: isVerified), at: now, answering: nil, into: &outbox)
        }
    }

    /// Notes that this host did not hand to the network a datagram of this turn.
    package mutating func unsent(
        _ datagram: Outbox.Datagram, because obstacle: SendObstacle, at now: Instant,
        into outbox: inout Outbox
    ) {
        guard datagram.destination == address(ofPeer: datagram.peer) else { return }
        handle(.unsent(peer: datagram.peer, obstacle), at: now, answering: nil, into: &outbox)
    }

    /// Notes datagrams that our kernel dropped.
    package mutating func kernelDropped(_ count: UInt64, at now: Instant, into outbox: inout Outbox) {
        handle(.kernelDropped(count), at: now, answering: nil, into: &outbox)
    }

    /// Ends a turn: judges the deadlines that have passed by `now`.
    package mutating func wake(at now: Instant, into outbox: inout Outbox) {
        handle(.wake, at: now, answering: nil, into: &outbox)
        flushRecords(at: now, into: &outbox)
        guard monitor.intervalRevision != budgetedIntervals else { return }
        budgetedIntervals = monitor.intervalRevision
        encoder.entryCapacity = ClockBudget.space(for: monitor)
    }

    /// Sends every peer a last heartbeat before a restart.
    package mutating func pause(at now: Instant, into outbox: inout Outbox) {
        handle(.pausing, at: now, answering: nil, into: &outbox)
    }

    /// Notifies every peer that we stop as planned.
    ///
    /// - Parameters:
    ///   - absence: within what time we are back, a minute to an hour; `nil` if that is not known. A peer that does not hear
    ///     us by then suspects us.
    ///   - now: the one instant of this turn.
    ///   - outbox: takes what is to be sent.
    package mutating func leave(
        returningWithin absence: TimeSpan? = nil, at now: Instant, into outbox: inout Outbox
    ) {
        handle(.leaving(returningWithin: absence), at: now, answering: nil, into: &outbox)
    }
}

/// A datagram that may have to be answered.
struct AnswerableDatagram {
    var source: NetworkAddress
    var path: LocalPath?
    var count: Int
    /// When it arrived.
    var arrived: Instant
}

extension Endpoint {
    /// Reads a body that begins at `start` and acts on it.
    private mutating func read(
        _ bytes: Span<UInt8>, from start: Int, sealedBy key: UInt64? = nil, arrived: Instant, at now: Instant,
        _ question: AnswerableDatagram, into outbox: inout Outbox
    ) {
        guard !LastWordsMessage.begins(bytes, from: start) else {
            return takeLastWords(bytes, from: start, arrived: arrived, at: now, question, into: &outbox)
        }
        do throws(Refusal) {
            var reception = try decoder.decode(bytes, from: start, for: monitor.id, arrived: arrived)
            if reception.dot.host == monitor.id {
                refuse(.ownIdentity, from: question.source, arrived: arrived, at: now, into: &outbox)
            } else {
                act(on: &reception, sealedBy: key, at: now, question, into: &outbox)
            }
            decoder.recycle(&reception)
        } catch {
            refuse(error, from: question.source, arrived: arrived, at: now, into: &outbox)
        }
    }

    /// Acts on a message, and on what it carries if it is believed.
    private mutating func act(
        on reception: inout InboundMessage, sealedBy key: UInt64?, at now: Instant,
        _ question: AnswerableDatagram, into outbox: inout Outbox
    ) {
        let (sender, challenges) = (monitor.index(of: reception.dot.host), monitor.challenges)
        if let sender { reception.isFromElsewhere = question.source != address(ofPeer: sender) }
        let isBelieved = handle(.received(reception), at: now, answering: question, into: &outbox)
        guard let sender else { return }
        if challenges != monitor.challenges { links[sender].unprovedSource = question.source }
        guard isBelieved else { return }
        learn(from: reception, of: sender, question, sealedBy: key, into: &outbox)
        // What does not show yet that its sender is running says nothing of the present.
        guard challenges == monitor.challenges else { return }
        take(
            decoder.attachment, of: reception.dot, from: sender, question, arrived: reception.arrived,
            at: now,
            into: &outbox)
    }

    /// - Returns: whether the event is a datagram that was not refused.
    @discardableResult
    mutating func handle(
        _ event: Event, at now: Instant, answering question: AnswerableDatagram?, into outbox: inout Outbox
    ) -> Bool {
        effects.removeAll()
        mayFlush = true
        monitor.handle(event, at: now, into: &effects)
        let refusal = perform(at: now, answering: question, into: &outbox)
        guard let sender = event.sender else { return false }
        if let refusal, let question {
            let id = refusal == .unknownPeer ? sender : nil
            refuse(
                refusal, from: question.source, claiming: id, arrived: question.arrived, at: now,
                into: &outbox)
            return false
        }
        accepted += 1
        return true
    }

    /// Does what the detector asked for.
    ///
    /// - Returns: why it refused the datagram in hand, if it did.
    private mutating func perform(
        at now: Instant, answering question: AnswerableDatagram?, into outbox: inout Outbox
    ) -> Refusal? {
        var reason: Refusal?
        for index in effects.items.indices {
            switch effects.items[index] {
            case .send(let outgoing):
                if case .ping = outgoing.body, outgoing.attempt > 1 {
                    outbox.append(unansweredAddressOf: outgoing.to)
                }
                encode(outgoing, at: now, answering: question, into: &outbox)
                noteHeartbeat(outgoing, at: now)
            case .notice(let notice): outbox.append(notice)
            case .blamedOnUs(let peer): outbox.append(suspect: peer)
            case .heartbeat(let arrival): outbox.append(arrival)
            case .refused(let refusal): reason = refusal
            }
        }
        return reason
    }

    private mutating func encode(
        _ outgoing: OutboundMessage, at now: Instant, answering question: AnswerableDatagram?,
        into outbox: inout Outbox
    ) {
        var destination = asked ?? address(ofPeer: outgoing.to)
        var path: LocalPath?
        var limit = payloadLimit(for: outgoing, at: now)
        if case .pong = outgoing.body, let question {
            guard mayAnswer(question, of: outgoing.to, at: now) else { return }
            (destination, path) = (question.source, question.path)
            limit = min(Envelope.maximumLength, question.count)
        }
        guard let destination else { return }
        path = path ?? self.path(ofPeer: outgoing.to, to: destination, sequence: outgoing.sequence, at: now)
        var knowledge = MessageContext(clock: monitor.clock, silent: monitor.silent)
        complete(&knowledge, for: outgoing, at: now)
        if outgoing.body == .records {
            limit = max(limit, min(Envelope.maximumLength, needed(for: cargo, to: outgoing.to)))
        }
        links[outgoing.to].baseline.align(
            ours: monitor.clock.epoch, theirs: monitor.epoch(ofPeer: outgoing.to))
        let fits = encoder.encode(
            outgoing, over: &links[outgoing.to], carrying: knowledge, limit: limit, sealer: sealer)
        // A ping that leaves no space for its answer gets none: no host may multiply traffic with our help.
        guard fits else { return }
        post(outgoing, to: destination, by: path, at: now, into: &outbox)
    }

    /// Hands over the datagram that was encoded last, and remembers what went where.
    private mutating func post(
        _ outgoing: OutboundMessage, to destination: NetworkAddress, by path: LocalPath?, at now: Instant,
        into outbox: inout Outbox
    ) {
        if destination == address(ofPeer: outgoing.to) {
            links[outgoing.to].heads.note(encoder.datagram.span, at: now)
        }
        notePayload(of: outgoing, size: encoder.length)
        links[outgoing.to].proof.sent(outgoing.sequence, to: destination, at: now)
        outbox.append(encoder.datagram, to: destination, ofPeer: outgoing.to, by: path)
        sent += 1
    }

    /// Adds what a message carries besides what it is for, and the clock.
    private mutating func complete(
        _ knowledge: inout MessageContext, for outgoing: OutboundMessage, at now: Instant
    ) {
        knowledge.acknowledgement = monitor.epoch(ofPeer: outgoing.to).map {
            ($0, monitor.acknowledgement(toPeer: outgoing.to, at: now))
        }
        monitor.testimonies(for: outgoing, at: now, into: &testimonies)
        knowledge.testimonies = testimonies
        knowledge.digests = presentDigests
        if outgoing.body == .records { knowledge.cargo = cargo }
    }

    /// Takes an answer out of the budget for where it goes, if there is one left.
    private mutating func mayAnswer(_ question: AnswerableDatagram, of index: Int, at now: Instant) -> Bool {
        question.source == address(ofPeer: index)
            ? links[index].answers.take(at: now) : strangersAnswers.take(at: now)
    }
}
