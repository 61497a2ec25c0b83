/// A set of defaults for a kind of network: `[detection] profile`.
package enum Profile: String, Sendable, CaseIterable {
    /// One machine, or one switch.
    case local
    /// A site.
    case lan
    /// Several sites.
    case wan
}

/// Which side sends what: `[detection] mode`.
package enum DetectionMode: String, Sendable, CaseIterable {
    /// Peers send heartbeats; a silent one is pinged before it is suspected.
    case heartbeatAndPing = "heartbeat+ping"
    /// Peers send heartbeats; silence alone decides.
    case heartbeat
    /// No heartbeats: the observer pings every interval.
    case ping
}

/// How a silence is judged: `[detection] detector`.
package enum DetectorKind: String, Sendable, CaseIterable {
    /// The median of recent delays plus a margin.
    case median
    /// Chen's mean of recent delays plus a margin (NFD-E).
    case chen
    /// The later of Chen's estimates over a short and a long window.
    case twoWindow = "two-window"
    /// φ-accrual with a normal distribution.
    case phi
    /// φ-accrual with an exponential distribution.
    case exponential
    /// Bertier's estimate after Jacobson.
    case bertier
    /// A fixed timeout.
    case fixed

    /// The key of `[detection]` that tunes this detector.
    var knob: String {
        switch self {
        case .median, .chen, .twoWindow: "margin"
        case .phi, .exponential, .bertier: "threshold"
        case .fixed: "timeout"
        }
    }
}

/// How many witnesses make a suspicion confirmed: `[verdict] quorum`.
package enum Quorum: Sendable, Equatable {
    /// More than half of those that watch the peer.
    case majority
    /// All that watch the peer.
    case all
    /// This many, at least one.
    case count(Int)
}
