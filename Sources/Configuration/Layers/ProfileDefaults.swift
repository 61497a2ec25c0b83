/// What a profile decides: one row per profile, from which every other default follows.
struct ProfileDefaults {
    /// The time between heartbeats.
    let heartbeatInterval: Duration

    /// Which part of an interval is added as margin while pings still stand between silence and suspicion.
    let marginDivisor: Int

    /// The longest wait for the answer to a ping.
    let maximumTimeout: Duration

    /// How long a round of pings may take where many messages are lost.
    let maximumRound: Duration

    /// The row of `profile`.
    static func of(_ profile: Profile) -> Self {
        switch profile {
        case .local:
            Self(
                heartbeatInterval: .milliseconds(50), marginDivisor: 10, maximumTimeout: .seconds(1),
                maximumRound: .milliseconds(250))
        case .lan:
            Self(
                heartbeatInterval: .milliseconds(200), marginDivisor: 10, maximumTimeout: .seconds(1),
                maximumRound: .seconds(1))
        case .wan:
            Self(
                heartbeatInterval: .seconds(1), marginDivisor: 5, maximumTimeout: .seconds(3),
                maximumRound: .seconds(5))
        }
    }

    // The same in every profile.
    static let profile = Profile.lan
    static let mode = DetectionMode.heartbeatAndPing
    static let detector = DetectorKind.median
    static let heartbeatJitter = 0
    static let mistakeRecurrence = Duration.hours(24 * 30)
    static let mistakeDuration = Duration.seconds(60)

    // MARK: Derived from the interval that is in effect

    /// Small while pings confirm a silence; without them the margin alone has to cover a lost heartbeat.
    func margin(_ mode: DetectionMode, interval: Duration) -> Duration {
        let margin =
            switch mode {
            case .heartbeat: max(interval * 2, .milliseconds(10))
            case .heartbeatAndPing, .ping: max(interval / marginDivisor, .milliseconds(5))
            }
        return min(margin, Limits.margin.upperBound)
    }

    /// The level at which `phi` and `exponential` give up, or the mean deviations that `bertier` adds.
    ///
    /// The usual values of the literature where the deadline alone decides; lower ones where pings follow.
    static func threshold(_ detector: DetectorKind, _ mode: DetectionMode) -> Double {
        switch detector {
        case .bertier: 4
        case .exponential where mode != .heartbeat: 1
        case .median, .chen, .twoWindow, .phi, .exponential, .fixed: mode == .heartbeat ? 8 : 3
        }
    }

    /// The silence that `fixed` accepts: two lost heartbeats, or half an interval's delay if pings follow.
    static func timeout(_ mode: DetectionMode, interval: Duration) -> Duration {
        interval * timeoutHalfIntervals(mode) / 2
    }

    /// The same in half intervals.
    static func timeoutHalfIntervals(_ mode: DetectionMode) -> Int { mode == .heartbeat ? 6 : 3 }

    /// The time a configured peer is given for its first sign of life.
    static func startupGrace(interval: Duration) -> Duration {
        max(.seconds(2), interval * 5)
    }

    /// How often an unanswered ping is repeated: so that the pings fill an interval, but 2 to 5 times.
    static func retries(interval: Duration, minimumTimeout: Duration) -> Int {
        min(max(Int(interval / minimumTimeout) - 1, 2), 5)
    }

    /// The shortest wait for an answer, never above `maximum`.
    static func minimumTimeout(interval: Duration, maximum: Duration) -> Duration {
        min(max(interval / 8, .milliseconds(7)), Limits.minimumTimeout.upperBound, maximum)
    }
}
