internal import CMath
package import FailureDetection

/// The trade-off between detection time and mistakes on one kind of link: heartbeats with pings against every detector
/// that only listens, at the same rate of datagrams.
package struct Frontier: Sendable {
    /// One setting and what it achieves.
    package struct Point: Sendable {
        /// The detector and its parameter.
        package var detector: DetectorChoice
        /// How often a ping is repeated; `nil` without pings.
        package var retries: Int?
        /// What was measured.
        package var quality: Quality
    }

    /// How the link loses.
    package enum Loss: Sendable, Hashable {
        /// This share, each datagram independently.
        case independent(Double)
        /// This share, in bursts of this mean length.
        case bursts(Double, TimeSpan)
    }

    /// The round trip, without jitter.
    package let roundTrip: TimeSpan
    /// How much longer each way may take, evenly spread; a twentieth of the round trip unless given.
    package var jitter: TimeSpan
    /// How the link loses, in each direction.
    package let loss: Loss
    /// Heartbeats with pings, the daemon's defaults first.
    package private(set) var active: [Point] = []
    /// Heartbeats with rounds of pings that do not grow with losses, over a sweep of the margin.
    package private(set) var fixedRounds: [Point] = []
    /// Each passive detector over a sweep of its parameter, in ascending order of the parameter.
    package private(set) var passive: [[Point]] = []
    /// How many hosts watch each other with pings; passive detectors, for which only the link counts, are measured on two.
    package var nodes = 2
    /// How often a ping is repeated where nothing is lost; the daemon's default if it is `nil`.
    package var retries: Int?

    private let seed: UInt64
    private let heartbeats: Int64

    /// Prepares the measurement of one kind of link.
    ///
    /// - Parameters:
    ///   - roundTrip: there and back.
    ///   - loss: how the link loses.
    ///   - heartbeats: for how many intervals mistakes of the passive detectors are counted; those of the active one,
    ///     which are rarer, for fifty times as many.
    ///   - seed: everything follows from it.
    package init(roundTrip: TimeSpan, loss: Loss, heartbeats: Int64, seed: UInt64) {
        self.roundTrip = roundTrip
        jitter = roundTrip / 20
        self.loss = loss
        self.heartbeats = heartbeats
        self.seed = seed
    }

    /// Measures the active detector, then gives every passive one the interval at which it sends as many datagrams.
    ///
    /// - Parameters:
    ///   - interval: the active detector's.
    ///   - isSwept: whether margins and retries other than the defaults are measured too.
    ///   - comparesPassive: whether the passive ones are measured.
    package mutating func measure(interval: TimeSpan, isSwept: Bool, comparesPassive: Bool = true) {
        let standard = settings(interval: interval)
        active = [point(standard, heartbeats: heartbeats * 50)]
        if isSwept {
            for (tenths, retries) in [(1, 1), (1, 2), (1, 3), (3, 3), (3, 5), (5, 5), (10, 5)] {
                var other = standard
                other.detector = .median(margin: interval * Int64(tenths) / 10)
                other.retries = retries
                active.append(point(other, heartbeats: heartbeats * 5))
            }
        }
        guard comparesPassive else { return }
        let target = active[0].quality.meanDetectionTime
        var fixed = standard
        fixed.longestRound = .zero
        fixedRounds = points(fixed, Self.margins(of: interval), heartbeats, until: isSwept ? nil : target)
        let rate = active[0].quality.datagramRate
        let passiveInterval = TimeSpan(nanoseconds: Int64(1e9 / max(rate, 1e-3)))
        var other = settings(interval: passiveInterval)
        (other.mode, other.nodes, other.watched) = (.heartbeat, 2, 1)
        passive = Frontier.sweeps(at: passiveInterval).map {
            points(other, $0, heartbeats * Int64(nodes * (nodes - 1) / 2), until: isSwept ? nil : target)
        }
    }

    /// The points of a sweep, up to the first with a mean detection time of `target`, in seconds.
    ///
    /// Those about the target, between which it is interpolated, are watched for ten times as long.
    private func points(
        _ settings: ClusterSettings, _ sweep: [DetectorChoice], _ heartbeats: Int64, until target: Double?
    ) -> [Point] {
        var (points, all): ([Point], [ClusterSettings]) = ([], [])
        for detector in sweep {
            var other = settings
            other.detector = detector
            points.append(point(other, heartbeats: heartbeats))
            all.append(other)
            if let target, let last = points.last, last.quality.meanDetectionTime >= target { break }
        }
        guard target != nil else { return points }
        for place in points.indices.suffix(2) {
            points[place] = point(all[place], heartbeats: heartbeats * 10)
        }
        return points
    }

    private func settings(interval: TimeSpan) -> ClusterSettings {
        var link = LinkModel(delay: roundTrip / 2, jitter: jitter)
        if case .independent(let share) = loss { link.loss = share }
        var settings = ClusterSettings(nodes: nodes, interval: interval, link: link)
        settings.retries = retries ?? settings.retries
        return settings
    }

    private func point(_ settings: ClusterSettings, heartbeats: Int64) -> Point {
        var bursts: BurstLoss?
        if case .bursts(let share, let length) = loss { bursts = BurstLoss(share: share, burst: length) }
        return Point(
            detector: settings.detector, retries: settings.mode == .heartbeat ? nil : settings.retries,
            quality: QualityTrial.measure(
                settings, bursts: bursts, heartbeats: heartbeats, crashes: 300, seed: seed))
    }

    private static func margins(of interval: TimeSpan) -> [DetectorChoice] {
        tenths.map { .median(margin: interval * $0 / 10) }
    }

    private static let tenths: [Int64] = [1, 2, 3, 5, 8, 11, 15, 20, 30, 40, 55, 75, 100, 140, 190, 250]

    private static func sweeps(at interval: TimeSpan) -> [[DetectorChoice]] {
        let margins = tenths.map { interval * $0 / 10 }
        return [
            margins.map { .median(margin: $0) }, margins.map { .chen(margin: $0) },
            margins.map { .twoWindow(margin: $0) }, margins.map { .fixed(timeout: interval + $0) },
            [0.3, 0.6, 1, 1.5, 2, 3, 5, 8, 12, 20, 35, 60, 100, 160, 300].map { .phi(threshold: $0) },
            [0.3, 0.5, 0.6, 0.7, 0.9, 1.1, 1.4, 1.8, 2.5, 3.5, 5, 7, 10].map { .exponential(threshold: $0) },
            [0.5, 1, 2, 3, 4, 6, 8, 12, 20, 35, 60].map { .bertier(deviations: $0) },
        ]
    }

    /// The mistake rate of a swept detector where its mean detection time equals `target`, in seconds.
    ///
    /// - Parameters:
    ///   - sweep: one detector over its parameter.
    ///   - target: the detection time.
    /// - Returns: the rate, between two measured points by the logarithm; `nil` when the sweep does not reach so far.
    package static func mistakeRate(of sweep: [Point], at target: Double) -> Double? {
        let points = sweep.map(\.quality).sorted { $0.meanDetectionTime < $1.meanDetectionTime }
        for (before, after) in zip(points, points.dropFirst())
        where before.meanDetectionTime <= target && target <= after.meanDetectionTime {
            let width = after.meanDetectionTime - before.meanDetectionTime
            let share = width > 0 ? (target - before.meanDetectionTime) / width : 0
            let (low, high) = (cmath_log(before.mistakeRate), cmath_log(after.mistakeRate))
            return cmath_exp(low + (high - low) * share)
        }
        return nil
    }
}
