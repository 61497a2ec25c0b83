/// Settings that meet a target.
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
    /// - `limit`: what stands in the way.
    /// - `nearest`: the closest target that can be met; `nil` where none can, as on a path that loses everything.
    case infeasible(limit: Limit, nearest: QualityTarget?)

    /// What makes a target infeasible.
    public enum Limit: String, Sendable, BitwiseCopyable {
        /// In so short a detection time the path loses or delays too many heartbeats in a row.
        case detectionTime = "detection_time"
        /// A wrong suspicion cannot be taken back so soon, for the next heartbeat comes later.
        case mistakeDuration = "mistake_duration"
        /// The peer sends more rarely than the path needs.
        case peerInterval = "peer_interval"
    }
}
