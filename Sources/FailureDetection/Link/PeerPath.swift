internal import CausalClock

/// The path to a peer: what is sent on it, and what is known of it.
extension Peer {
    /// The time to our next heartbeat.
    ///
    /// A slower pace is announced before it is taken up, or the peer would miss a heartbeat if the announcement is lost;
    /// BFD does the same (RFC 5880, section 6.8.3).
    var pace: TimeSpan {
        guard let formerPace, sender.acknowledged < formerPace.until else { return settings.interval }
        return min(formerPace.interval, settings.interval)
    }

    /// The path between the two hosts, the worse of both directions; `nil` while too little is known of it.
    func measuredPath(_ delays: DelayMeter) -> PathQuality? {
        guard receiver.losses.isMeasured, delays.count >= 32 || settings.mode == .ping else {
            return nil
        }
        var loss = receiver.losses.model(interval: interval)
        if sender.losses.isMeasured {
            loss = loss.worse(sender.losses.model(interval: settings.interval))
        }
        // The scheduler of an ordinary host alone makes a millisecond.
        let deviation = max(delays.deviation, roundTrip.variation, .milliseconds(1))
        let smoothed = roundTrip.smoothed ?? .milliseconds(20)
        return PathQuality(
            loss: loss, delayDeviation: deviation, expectedDelay: smoothed / 2, roundTrip: smoothed)
    }

    /// Whether what arrives at an instant says how the path loses and delays.
    ///
    /// The end of a silence that was reported as a suspicion does not: an outage is there to be reported, and no margin
    /// rides it out. Nor does what our kernel dropped or kept while we were away.
    func describesPath(at arrival: Instant) -> Bool {
        (state == .trusted || state == .pending) && arrival > pauseEnd
    }

    /// Whether the peer sent next to nothing in the silence that a message ends: no process of it ran, or it stood still.
    ///
    /// What was sent to it meanwhile says nothing of the path. On a path that lost everything its numbers would have gone on.
    func wasAway(before reception: InboundMessage) -> Bool {
        guard reception.dot.epoch == epoch, receiver.highest > 0, reception.sequence > receiver.highest
        else { return false }
        let sent = Int64(clamping: min(reception.sequence - receiver.highest, 1 << 20))
        return reception.arrived - receiver.highestArrival > heartbeatInterval * sent * 2
    }

    /// Whether some of the last few hundred messages were lost, one in a hundred or more in either direction.
    var losesMessages: Bool { max(receiver.loss.perMille, sender.loss.perMille) >= Self.lossy }

    /// Whether it would be so if the next were lost too.
    var mayLoseMessages: Bool {
        max(receiver.loss.perMilleAfterLoss, sender.loss.perMilleAfterLoss) >= Self.lossy
    }

    /// Losses in a thousand messages from which on some in a row are no wonder.
    private static let lossy = 10
}
