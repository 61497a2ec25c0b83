/// How long its silence means nothing, and how long that may yet become.
extension Peer {
    /// From the arrival of a usual heartbeat to the deadline that it sets.
    var patience: TimeSpan { patience(of: detector) }

    /// The same where it follows from the peer's timetable alone; `nil` where it is learnt, or follows our pings.
    var timetablePatience: TimeSpan? {
        switch settings.detector {
        case .median, .chen, .twoWindow: settings.mode == .ping ? nil : interval + margin
        case .phi, .exponential, .bertier, .fixed, .custom: nil
        }
    }

    private func patience(of detector: any SuspicionDetector) -> TimeSpan {
        switch settings.detector {
        // Anchored at the stamp: the usual delay is part of the deadline, and has passed on arrival.
        case .median, .chen, .twoWindow: return interval + margin
        case .bertier: return interval + max((detector as? BertierDetector)?.margin ?? .zero, .zero)
        case .phi, .exponential, .fixed, .custom: return detector.patience(interval: interval)
        }
    }

    /// The patience after some more heartbeats of which one comes late by `span`: what is under way may teach a detector.
    func patience(ifLateBy span: TimeSpan) -> TimeSpan {
        guard let last = recent.last else { return patience }
        switch settings.detector {
        case .median, .chen, .twoWindow, .fixed: return patience
        case .phi, .exponential, .bertier, .custom: break
        }
        var (future, worst) = (detector, patience)
        for number in 1...3 as ClosedRange<Int64> {
            let step = heartbeatInterval * number
            let sign = LifeSign(sent: last.sent + step, arrived: last.arrived + step + span)
            future.record(sign, interval: heartbeatInterval)
            worst = max(worst, patience(of: future))
        }
        return worst
    }

    /// How much later than by `patience` the slowest of its latest heartbeats is followed by a deadline, because the
    /// detector remembers a path that took longer: a mean of a thousand delays does so for long.
    ///
    /// No heartbeat took longer than the longest round trip recently; so that, this and the patience are the
    /// time from the sending of a heartbeat to the deadline that a usual delay sets.
    var outlivedDelay: TimeSpan {
        guard let sign = recent.slowest(of: PathDelays.heartbeatsInMemory) else { return .zero }
        return max(detector.deadline(after: sign, interval: interval) - sign.arrived - patience, .zero)
    }

    /// The longest wait for an answer to which what is under way may still lead.
    func worstPingTimeout(ifRoundTripsTake longest: TimeSpan) -> TimeSpan {
        var (future, worst) = (roundTrip, pingTimeout)
        // The deviation has risen as far as it can after six.
        for _ in 0..<8 {
            future.record(longest)
            worst = max(worst, timeout(by: future))
        }
        return worst
    }

    /// From one check of the cause of its suspicion to the next.
    var reviewPeriod: TimeSpan { interval + margin }
}

/// A peer that is only asked, and sends all the same.
extension Peer {
    /// From one of its messages to when the next is overdue, by what it announces.
    var timetableSpan: TimeSpan {
        let interval = max(interval, heartbeatInterval)
        return interval + settings.detector.margin(at: interval)
    }

    /// Whether its latest message shows that it gets none of our pings: what it had not acknowledged then had been on its way for longer
    /// than a routine ping and a whole round after it take, so that losses by chance do not look like it.
    var answersNothing: Bool {
        guard settings.mode == .ping, let lastHeard, let since = sender.unacknowledgedSince else {
            return false
        }
        return lastHeard - since > pace + verification
    }

    /// Whether nothing but our pings says that it is silent: by what it announces its next message is not overdue.
    func isBeforeNextMessage(at now: Instant) -> Bool {
        guard settings.mode == .ping, let lastHeard else { return false }
        return now < lastHeard + timetableSpan
    }
}
