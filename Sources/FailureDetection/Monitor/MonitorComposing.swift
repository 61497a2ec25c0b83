internal import CausalClock

/// What a message has to carry.
extension Monitor {
    /// The whole message that `.send` asks for, as its receiver hands it to `.received`.
    ///
    /// Compose it while the effects of the event that asked for it are performed: afterwards the clock has gone on. All of
    /// it matters to the receiver. Without the acknowledgement, for instance, it finds that nothing that it sends arrives
    /// here, and reports this host as `outbound`. `arrived` is for the receiver to set.
    ///
    /// - Parameters:
    ///   - outgoing: what `.send` asks for.
    ///   - now: the instant of the event.
    /// - Returns: the message, complete: every entry of the clock, the testimonies. Which hosts are suspected (`opinions`) is no part
    ///   of it.
    public func message(for outgoing: OutboundMessage, at now: Instant) -> InboundMessage {
        var message = InboundMessage(
            dot: Dot(host: clock.owner, epoch: clock.epoch, counter: outgoing.counter),
            sequence: outgoing.sequence, sent: outgoing.sent, arrived: outgoing.sent,
            interval: outgoing.interval, body: outgoing.body, acknowledgedEpoch: epoch(ofPeer: outgoing.to),
            acknowledgement: acknowledgement(toPeer: outgoing.to, at: now), clock: clock.entries)
        (message.hasGaps, message.lowerBounds) = (clock.hasGaps, clock.lowerBounds)
        testimonies(for: outgoing, at: now, into: &message.testimonies)
        return message
    }

    /// Replaces `list` by the testimonies that a message carries.
    ///
    /// - Parameters:
    ///   - outgoing: what `.send` asks for.
    ///   - now: the instant of the event.
    ///   - list: what it held is removed, its storage is kept.
    public func testimonies(
        for outgoing: OutboundMessage, at now: Instant, into list: inout [Testimony]
    ) {
        switch outgoing.body {
        case .heartbeat, .ping: testimonies(toPeer: outgoing.to, at: now, into: &list)
        case .pong: testimonies(toPeer: outgoing.to, isAnswer: true, at: now, into: &list)
        case .leave, .records: list.removeAll(keepingCapacity: true)
        }
    }
}
