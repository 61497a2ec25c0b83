internal import CausalClock

/// Messages, as they are handed over for sending.
extension Monitor {
    /// Hands a message over for sending.
    ///
    /// The regular ones of one turn are one event of ours; every other message is an event of its own.
    ///
    /// One that goes `elsewhere` answers a ping from another address of the peer, or asks whether it has one.
    mutating func send(
        _ body: InboundMessage.Body, to index: Int, attempt: Int = 1, isSmallest: Bool = false,
        elsewhere: Bool = false, announcing interval: TimeSpan? = nil, at now: Instant,
        into effects: inout Effects
    ) {
        // What has nowhere to go is no event.
        guard elsewhere || peers[index].sending.obstacle != .noAddress else { return }
        if !elsewhere { peers[index].sending.attempt(at: now) }
        switch body {
        case .heartbeat, .leave:
            // Numbers on a link rise: after another event the round is a new one.
            if round != clock.counter {
                tick(.send, at: now, label: body.label, into: &effects)
                round = clock.counter
            }
        case .ping, .pong, .records: tick(.send, about: index, at: now, label: body.label, into: &effects)
        }
        let sequence = peers[index].sender.takeSequence(at: now, elsewhere: elsewhere)
        effects.append(
            .send(
                OutboundMessage(
                    to: index, body: body, counter: clock.counter, sequence: sequence,
                    interval: interval ?? peers[index].settings.interval, sent: now, attempt: attempt,
                    isSmallest: isSmallest)))
    }

    mutating func sendPing(
        to index: Int, use: Probe.Use = .round, at now: Instant, into effects: inout Effects
    ) {
        // With the instant in it, a copy of this host whose generator is a copy too expects other answers.
        let nonce = generator.next() ^ UInt64(bitPattern: now.nanoseconds)
        let (score, (round, longest)) = (health.lagScore, peers.ask(index) { ($0.pingRound, $0.longestPong) })
        let attempt = use == .round ? peers[index].probes.attempts + 1 : 1
        let timeout = score.widened(round.lastWait, at: now)
        let next = score.widened(round.wait(after: attempt), at: now)
        guard use == .address || peers[index].sending.obstacle != .noAddress else {
            return peers[index].probes.skip(at: now, next: next, use: use)
        }
        peers[index].probes.sent(
            nonce: nonce, sequence: peers[index].sender.next, at: now, timeout: timeout, next: next,
            believed: longest, use: use)
        // Where one is all that there is, and regular, it also has to say what heartbeats say elsewhere.
        let isLast = attempt >= round.count && (attempt > 1 || peers[index].settings.mode != .ping)
        send(
            .ping(nonce: nonce), to: index, attempt: attempt,
            isSmallest: isLast || (use != .round && use != .aside),
            elsewhere: use == .address, at: now, into: &effects)
    }

    /// Answers a ping, and says how long it waited for us.
    mutating func answer(
        _ nonce: UInt64, of reception: InboundMessage, from index: Int, at now: Instant,
        into effects: inout Effects
    ) {
        let waited = max(now - reception.arrived, .zero)
        send(
            .pong(nonce: nonce, waited: waited), to: index, elsewhere: reception.isFromElsewhere, at: now,
            into: &effects)
    }

    /// What this host last acknowledged of a peer's datagrams, to be sent to it.
    public func acknowledgement(toPeer index: Int, at now: Instant) -> LinkAcknowledgement {
        let receiver = peers[index].receiver
        return LinkAcknowledgement(
            highest: receiver.highest, bitmap: receiver.bitmap,
            delay: max(now - receiver.highestArrival, .zero))
    }
}
