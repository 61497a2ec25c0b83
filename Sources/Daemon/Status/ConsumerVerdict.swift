internal import CausalClock
internal import FailureDetection
internal import StatusAPI
internal import Wire

/// What is reported to subscribers with thresholds of their own.
extension NodeState {
    /// The event of a verdict by a subscriber's threshold.
    ///
    /// It is no event of ours, so it carries the dot of the latest one: whatever that has seen, this rests on.
    func event(_ change: ConsumerWatch.Change, by threshold: ConsumerThreshold) -> EventReport {
        let monitor = endpoint.monitor
        let report = monitor.report(ofPeer: change.peer)
        let sentence = sentence(change, by: threshold, report)
        var event = EventReport(
            timeUSec: wall.microseconds(now), dot: DotText(monitor.clock.dot),
            event: change.isSuspected ? .suspect : .trust, peer: report.id.description,
            evidence: EvidenceReport(
                monitor.evidence(of: change.peer), reason: sentence, lossOut: report.lossOut, at: now,
                wall: wall))
        if change.isSuspected {
            let isIsolated = monitor.isolatedSince != nil
            event.cause = isIsolated ? .isolated : report.verdict.map { ReportedCause($0.cause) } ?? .unknown
            event.certainty = report.verdict.map { ReportedCertainty($0.certainty) } ?? .suspected
        }
        event.mark(threshold)
        return event
    }

    /// Reported when a reload took a peer's level away.
    func levelLost(of peer: HostID, by threshold: ConsumerThreshold) -> EventReport {
        var event = EventReport(
            timeUSec: wall.microseconds(now), dot: DotText(endpoint.monitor.clock.dot), event: .config,
            peer: peer.description,
            evidence: EvidenceReport(
                reason:
                    "the new configuration gives \(peer) a detector without levels, so this subscription "
                    + "judges it no longer; subscribe anew with a detection time, or set its detector back"))
        event.mark(threshold)
        return event
    }

    private func sentence(
        _ change: ConsumerWatch.Change, by threshold: ConsumerThreshold,
        _ report: FailureDetection.PeerReport
    ) -> String {
        guard change.isSuspected else {
            guard let before = change.heardBefore, let heard = report.lastHeard else {
                return "\(report.id) was heard"
            }
            return "\(report.id) was heard again after \(Wording.duration(heard - before))"
        }
        let silence = report.lastHeard.map { "silent for \(Wording.duration(now - $0))" } ?? "never heard"
        return "\(report.id) is \(silence): \(threshold.text) of this subscription is reached; "
            + "to the daemon it is \(report.state.rawValue)"
    }
}

extension EventReport {
    /// Marks a verdict as one by a subscriber's threshold.
    fileprivate mutating func mark(_ threshold: ConsumerThreshold) {
        switch threshold {
        case .silence(let longest): detectionTimeUSec = Int(longest.microseconds)
        case .level(let value): level = Int((value * 1_000).rounded())
        }
    }
}

extension ConsumerThreshold {
    fileprivate var text: String {
        switch self {
        case .silence(let longest): "the detection time of \(Wording.duration(longest))"
        case .level(let value):
            "the level \(Int(value)).\(String(Int((value * 1_000).rounded()) % 1_000 + 1_000).dropFirst())"
        }
    }
}
