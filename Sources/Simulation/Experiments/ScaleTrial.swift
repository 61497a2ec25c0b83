package import FailureDetection
internal import Wire

/// A large cluster in which some hosts are starved of processor time and one crashes.
package struct ScaleTrial: Sendable {
    /// How a starved host lags.
    package enum Starvation: Sendable {
        /// Its whole loop wakes half a second to two and a half seconds late: it reads late and sends late.
        case loop
        /// What arrives can be read only so much later; it sends in time.
        case reads
    }

    /// What was seen in one or more trials.
    package struct Outcome: Sendable {
        /// From the crash to the suspicion by each host that was not starved, ascending after `add`.
        package var detectionTimes: [TimeSpan] = []
        /// Hosts that were not starved and did not suspect the crashed one within the trial.
        package var missed = 0
        /// Suspicions of a living host that was not starved, by one that was not starved.
        package var mistakes = 0
        /// Suspicions of a living host that was not starved, by a starved one.
        package var starvedMistakes = 0
        /// Suspicions of a living host that was starved.
        package var suspectedStarved = 0
        /// How many hosts of each trial are starved.
        package var starved = 0
        /// How many trials.
        package var trials = 0

        /// Nothing yet.
        package init() {}

        /// Adds another trial's.
        package mutating func add(_ other: Outcome) {
            detectionTimes = (detectionTimes + other.detectionTimes).sorted()
            missed += other.missed
            mistakes += other.mistakes
            starvedMistakes += other.starvedMistakes
            suspectedStarved += other.suspectedStarved
            trials += other.trials
            starved = other.starved
        }
    }

    private let settings: ClusterSettings
    private let starved: [Int]
    private var world: World
    private var outcome = Outcome()
    private var isReported: [Bool]

    /// Prepares a trial.
    ///
    /// - Parameters:
    ///   - settings: the cluster.
    ///   - share: the share of starved hosts, 0 to 1.
    ///   - starvation: how they lag.
    ///   - seed: everything follows from it.
    package init(
        _ settings: ClusterSettings, starvedShare share: Double, _ starvation: Starvation, seed: UInt64
    ) {
        self.settings = settings
        world = World(settings, seed: seed)
        isReported = Array(repeating: false, count: settings.nodes)
        let count = share > 0 ? max(Int((share * Double(settings.nodes)).rounded()), 1) : 0
        // Spread over the cluster, and never the host that crashes.
        starved = (0..<count).map { 1 + $0 * (settings.nodes - 1) / max(count, 1) }
        world.run(until: world.now + .seconds(5))
        let late = TimeSpan.milliseconds(500)...TimeSpan.milliseconds(2_500)
        for host in starved {
            switch starvation {
            case .loop: world.hosts[host].lag = late
            case .reads: world.hosts[host].readDelay = late
            }
        }
    }

    /// Runs the trial: half of `span` without a crash, then the first host crashes.
    package mutating func run(_ span: TimeSpan) -> Outcome {
        watch(until: world.now + span / 2, crashed: nil)
        let crashed = world.now
        world.crash(0, refuses: false)
        watch(until: world.now + span / 2, crashed: crashed)
        let watchers = (1..<settings.nodes).filter {
            settings.peers(of: $0).contains(0) && !starved.contains($0)
        }
        outcome.missed = watchers.count { !isReported[$0] }
        outcome.trials = 1
        outcome.starved = starved.count
        return outcome
    }

    private mutating func watch(until end: Instant, crashed: Instant?) {
        while let observer = world.step(before: end) {
            for notice in world.outbox.notices where notice.kind == .suspect {
                guard let peer = notice.peer.flatMap({ world.place(of: $0) }) else { continue }
                count(suspicionOf: peer, by: observer, crashed: crashed)
            }
        }
    }

    private mutating func count(suspicionOf peer: Int, by observer: Int, crashed: Instant?) {
        if peer == 0, let crashed {
            guard !starved.contains(observer), !isReported[observer] else { return }
            isReported[observer] = true
            return outcome.detectionTimes.append(world.now - crashed)
        }
        if starved.contains(peer) {
            outcome.suspectedStarved += 1
        } else if starved.contains(observer) {
            outcome.starvedMistakes += 1
        } else {
            outcome.mistakes += 1
        }
    }
}
