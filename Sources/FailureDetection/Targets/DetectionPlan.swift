/// Settings that meet a target, or come as near to it as the path allows.
public struct DetectionPlan: Sendable, BitwiseCopyable, Hashable {
    /// η: the time between heartbeats.
    public var interval: TimeSpan
    /// α: the margin after the expected arrival.
    public var margin: TimeSpan
    /// How many times an unanswered ping is repeated; 0 also where no pings are sent.
    public var retries: Int
    /// How long each ping waits for its pong; zero where none are sent.
    public var pingTimeout: TimeSpan
    /// The bound on T_MR that these settings are promised to keep.
    public var mistakeRecurrence: TimeSpan

    /// How long the pings take when all go unanswered; zero where none are sent.
    public var pinging: TimeSpan { pingTimeout * Int64(retries + 1) }
}

/// Whether a target can be met.
public enum DetectionPlanning: Sendable, Hashable {
    /// It can, like this.
    case feasible(DetectionPlan)
    /// It cannot.
    ///
    /// - `limit`: the first part of the target that cannot be kept.
    /// - `nearest`: the closest that can be had; `nil` where nothing helps, as on a path that loses everything.
    case infeasible(limit: Limit, nearest: NearestPlan?)

    /// The part of a target that cannot be kept, or what stands in its way.
    public enum Limit: String, Sendable, BitwiseCopyable {
        /// The path loses or delays too many messages in a row; the detection time is kept all the same.
        case mistakeRecurrence = "mistake_recurrence"
        /// A wrong suspicion cannot be taken back so soon; the detection time is kept all the same.
        case mistakeDuration = "mistake_duration"
        /// Not even one heartbeat and one ping fit into it: the round trip is too long.
        case detectionTime = "detection_time"
        /// The peer announces a longer interval than the path allows.
        case peerInterval = "peer_interval"
    }
}

/// The closest to a target that a path allows.
public struct NearestPlan: Sendable, BitwiseCopyable, Hashable {
    /// What the plan keeps, with half its recurrence in reserve, so that a path that changes a little changes nothing.
    public var goal: QualityTarget
    /// The settings.
    public var plan: DetectionPlan
}
