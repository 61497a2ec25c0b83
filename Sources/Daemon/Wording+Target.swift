internal import FailureDetection

/// Sentences about the target set for a peer.
extension Wording {
    /// Whether a target is kept; if not, why, what is in effect instead, and what to do.
    static func target(_ report: TargetReport?) -> String {
        guard let report else { return "there is no target" }
        guard let limit = report.limit else {
            return "the target is kept: a failure is detected within \(duration(report.detectionTime))"
        }
        return
            "the target cannot be kept: \(reason(limit, report)); the nearest that can is \(nearest(report)); "
            + "ask for that in [detection.target], or mend the path"
    }

    private static func reason(_ limit: DetectionPlanning.Limit, _ report: TargetReport) -> String {
        switch limit {
        case .detectionTime:
            "in \(duration(report.target.detectionTime)) too many heartbeats in a row are lost or late (\(path(report)))"
        case .mistakeDuration:
            "a mistake cannot be taken back within \(duration(report.target.mistakeDuration)), before the next heartbeat "
                + "comes (\(path(report)))"
        case .peerInterval:
            "the peer sends every \(duration(report.plan.interval)), and would have to every "
                + "\(duration(report.interval)); give it the same target (\(path(report)))"
        }
    }

    /// The target to ask for instead, and what is in effect while the peer sends too rarely even for that.
    private static func nearest(_ report: TargetReport) -> String {
        let bound = report.detectionTime
        guard report.limit != .peerInterval else {
            return "detection_time = \(milliseconds(bound)), now in effect"
        }
        let goal = report.goal
        let relaxed = goal.mistakeDuration > report.target.mistakeDuration
        return "detection_time = \(milliseconds(goal.detectionTime))"
            + (relaxed ? ", mistake_duration = \(milliseconds(goal.mistakeDuration))" : "")
            + (bound <= goal.detectionTime + goal.detectionTime / 50
                ? ", now in effect"
                : " (\(duration(bound)) as long as it sends every \(duration(report.plan.interval)))")
    }

    private static func path(_ report: TargetReport) -> String {
        let perMille = Int(report.path.loss.rate * 1_000)
        return "\(perMille / 10).\(perMille % 10) % lost, delays stray by "
            + "\(duration(report.path.delayDeviation))"
    }

    /// As it may be written into the configuration, rounded up.
    private static func milliseconds(_ span: TimeSpan) -> String {
        "\"\((span + TimeSpan(nanoseconds: 999_999)).microseconds / 1_000)ms\""
    }
}
