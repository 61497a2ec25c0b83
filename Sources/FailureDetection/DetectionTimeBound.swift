/// How long a crash may go unnoticed, as things stand.
extension Monitor {
    /// The longest time from a crash of the peer at a place to its suspicion: T_D at worst, with the present interval,
    /// margin, round trip and retries.
    ///
    ///     heartbeat+ping   D + o + (retries + 1) · RTO + a + w
    ///     heartbeat        D + o
    ///     ping             D + I + (retries + 1) · RTO
    ///
    /// The worst crash comes right after a sign of life was sent. That takes D to arrive, taken as the whole smoothed
    /// round trip, because the two directions cannot be told apart. Then nothing is missed for o: the interval and
    /// the margin, or what the detector has learnt; in mode `ping` for I, our own interval. Each ping is waited for
    /// RTO, by RFC 6298 within the configured bounds; a is how much later than that the peer answers of late (`AnswerLateness`),
    /// and w the wait for a heartbeat that is due soon after. A path that becomes slower, and a pause of our own,
    /// lengthen it; so does reading late, whose bound is added for the deadline and for the last ping.
    ///
    /// - Returns: the bound; `nil` before a round trip was measured, and for a peer that has left.
    public func detectionTimeBound(ofPeer index: Int) -> TimeSpan? {
        let peer = peers[index]
        guard peer.state != .left, let roundTrip = peer.roundTrip.smoothed else { return nil }
        let pings = peer.pingTimeout * Int64(peer.allowedAttempts)
        let late = health.reading.bound
        switch peer.settings.mode {
        case .heartbeatAndPing:
            let answers = pings + peer.answerLateness
            return roundTrip + peer.patience + answers + peer.wait(afterSilence: answers) + late * 2
        case .heartbeat: return roundTrip + peer.patience + late
        case .ping: return roundTrip + peer.pace + pings + late * 2
        }
    }
}

extension Peer {
    /// From the arrival of a usual heartbeat to the deadline that it sets.
    var patience: TimeSpan {
        switch settings.detector {
        // Anchored at the stamp: the usual delay is part of the deadline, and has passed on arrival.
        case .median, .chen, .twoWindow: return interval + margin
        case .bertier: return interval + max((detector as? BertierDetector)?.margin ?? .zero, .zero)
        case .phi, .exponential, .fixed:
            let origin = Instant(nanoseconds: 0)
            let sign = LifeSign(sent: origin, arrived: origin)
            return max(detector.deadline(after: sign, interval: interval) - origin, .zero)
        }
    }

    /// When the next heartbeat is overdue as well, if that comes soon after the last ping has been waited for.
    ///
    /// A heartbeat under way is one more chance to hear of the peer that costs nothing. A verdict just before it would
    /// be wrong as often as all pings are lost; just after it, as often as the heartbeat is lost too.
    func nextHeartbeatDue(soonAfter now: Instant) -> Instant? {
        guard portUnreachable == nil else { return nil }
        let wait = wait(afterSilence: now - deadline)
        return wait > .zero ? now + wait : nil
    }

    /// How long the verdict waits for the next heartbeat when a deadline was missed `silence` ago: at most a fifth of
    /// the interval, and not at all where a target promises a detection time.
    fileprivate func wait(afterSilence silence: TimeSpan) -> TimeSpan {
        guard settings.mode == .heartbeatAndPing, tuner == nil, silence >= .zero else { return .zero }
        let missing = interval.nanoseconds - silence.nanoseconds % max(interval.nanoseconds, 1)
        return missing <= interval.nanoseconds / 5 ? TimeSpan(nanoseconds: missing) : .zero
    }
}
