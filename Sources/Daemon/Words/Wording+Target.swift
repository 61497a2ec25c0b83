internal import FailureDetection

/// Sentences about the target set for a peer.
extension Wording {
    /// Whether a target is kept; if not, which part, why, what is kept instead, and what to do.
    static func target(_ report: TargetReport?) -> String {
        guard let report else { return "there is no target" }
        guard let limit = report.limit else {
            return "the target is kept: a failure is detected within \(duration(report.detectionTime))"
        }
        return
            "the target cannot be kept (\(limit.rawValue)): \(reason(limit, report)); kept instead at present: detection within "
            + "\(duration(report.detectionTime)), a mistake in \(recurrence(report.plan.mistakeRecurrence)); "
            + remedy(limit)
    }

    private static func reason(_ limit: DetectionPlanning.Limit, _ report: TargetReport) -> String {
        switch limit {
        case .mistakeRecurrence:
            "in \(duration(report.target.detectionTime)) too many messages in a row are lost or late for one mistake in "
                + "\(recurrence(report.target.mistakeRecurrence)) (\(path(report)))"
        case .mistakeDuration:
            "a mistake cannot be taken back within \(duration(report.target.mistakeDuration)), before the next heartbeat "
                + "comes (\(path(report)))"
        case .detectionTime:
            "a heartbeat and a ping do not fit into \(duration(report.target.detectionTime)) (\(path(report)))"
        case .peerInterval:
            "the peer sends every \(duration(report.plan.interval)), and would have to every "
                + "\(duration(report.interval)) (\(path(report)))"
        }
    }

    private static func remedy(_ limit: DetectionPlanning.Limit) -> String {
        switch limit {
        case .peerInterval: "give it the same target"
        case .mistakeRecurrence, .mistakeDuration, .detectionTime:
            "repair the path, or ask for a longer detection_time in [detection.target]"
        }
    }

    private static func path(_ report: TargetReport) -> String {
        let perMille = Int(report.path.loss.rate * 1_000)
        let roundTrip = report.path.roundTrip.map { ", round trip \(duration($0))" } ?? ""
        return "\(perMille / 10).\(perMille % 10) % lost, delays stray by "
            + "\(duration(report.path.delayDeviation))\(roundTrip)"
    }

    /// A mean time between mistakes; from some point on it only means "never".
    private static func recurrence(_ span: TimeSpan) -> String {
        let century: Int64 = 36_525 * 86_400
        return span > .seconds(century) ? "more than 100 years" : duration(span)
    }
}
