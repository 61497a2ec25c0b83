/// What there is to show about the target set for one peer, and what was derived from it.
public struct TargetReport: Sendable, BitwiseCopyable, Hashable {
    /// What is asked for.
    public var target: QualityTarget
    /// What is aimed at: the target, or the nearest one that the path allows.
    public var goal: QualityTarget
    /// Why the target cannot be kept; `nil` if it can.
    public var limit: DetectionPlanning.Limit?
    /// How often we send, which the peer needs to keep its target.
    public var interval: TimeSpan
    /// How the peer is judged, at the interval that it announces; its recurrence is the promise at the time of planning.
    public var plan: DetectionPlan
    /// What was planned for.
    public var path: PathQuality
    /// Whether the path was measured; what holds before is `PathQuality.assumed`.
    public var isMeasured: Bool
    /// When settings last changed because of the path.
    public var retuned: Instant

    /// The longest from a crash to the suspicion with these settings.
    public var detectionTime: TimeSpan { path.expectedDelay + plan.interval + plan.margin + plan.pinging }
}

extension TargetTuner {
    /// What there is to show.
    var report: TargetReport {
        TargetReport(
            target: target, goal: goal, limit: limit, interval: interval, plan: plan, path: path,
            isMeasured: isMeasured, retuned: retuned)
    }
}
