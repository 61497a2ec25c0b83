package import FailureDetection
internal import Wire

/// How good a detector is on one link, in the metrics of Chen, Toueg and Aguilera.
package struct Quality: Sendable {
    /// Each time from a crash to the suspicion, ascending; zero where a mistake was under way.
    package var detectionTimes: [TimeSpan] = []
    /// Suspicions of a peer that lived.
    package var mistakes: UInt64 = 0
    /// For how long one peer was watched by one observer, in total.
    package var watched = TimeSpan.zero
    /// Datagrams that one host sent to one peer in that time.
    package var datagrams: UInt64 = 0

    /// The mean detection time T_D, in seconds.
    package var meanDetectionTime: Double {
        guard !detectionTimes.isEmpty else { return 0 }
        return detectionTimes.reduce(0) { $0 + Double($1.nanoseconds) } / Double(detectionTimes.count) / 1e9
    }

    /// The detection time that this share of all crashes does not exceed, in seconds.
    package func detectionTime(quantile: Double) -> Double {
        guard !detectionTimes.isEmpty else { return 0 }
        let place = min(Int(quantile * Double(detectionTimes.count)), detectionTimes.count - 1)
        return Double(detectionTimes[place].nanoseconds) / 1e9
    }

    /// Mistakes a second, λ_M; where none was seen, the rate that 95 % of such trials would have shown (3 in the time).
    package var mistakeRate: Double { Double(max(mistakes, 3)) / watchedSeconds }

    /// Whether `mistakeRate` is only a bound.
    package var isBound: Bool { mistakes < 3 }

    /// Datagrams a second that one host sends to one peer.
    package var datagramRate: Double { Double(datagrams) / watchedSeconds }

    private var watchedSeconds: Double { max(Double(watched.nanoseconds) / 1e9, 1e-9) }
}

/// Measures a detector among hosts that all watch each other: two, or more.
package enum QualityTrial {
    /// Measures detection time and mistakes.
    ///
    /// - Parameters:
    ///   - settings: the cluster.
    ///   - bursts: losses in bursts, besides those of the link.
    ///   - heartbeats: for how many intervals mistakes are counted.
    ///   - crashes: how many crashes are timed, by all hosts together.
    ///   - seed: everything follows from it.
    /// - Returns: what was measured.
    package static func measure(
        _ settings: ClusterSettings, bursts: BurstLoss?, heartbeats: Int64, crashes: Int, seed: UInt64
    ) -> Quality {
        var quality = Quality()
        countMistakes(settings, bursts, heartbeats, seed, into: &quality)
        timeCrashes(settings, bursts, crashes, seed &+ 1, into: &quality)
        return quality
    }

    private static func world(_ settings: ClusterSettings, _ bursts: BurstLoss?, _ seed: UInt64) -> World {
        var lossy = settings
        lossy.link.bursts = bursts
        var world = World(lossy, seed: seed)
        world.run(until: world.now + settings.settling)
        return world
    }

    private static func countMistakes(
        _ settings: ClusterSettings, _ bursts: BurstLoss?, _ heartbeats: Int64, _ seed: UInt64,
        into quality: inout Quality
    ) {
        var world = world(settings, bursts, seed)
        let before = (suspicions(in: world), world.sent.reduce(0, +))
        let span = settings.interval * heartbeats
        world.run(until: world.now + span)
        quality.mistakes = suspicions(in: world) - before.0
        quality.datagrams = world.sent.reduce(0, +) - before.1
        quality.watched = span * Int64(settings.nodes * (settings.nodes - 1))
    }

    private static func suspicions(in world: World) -> UInt64 {
        world.hosts.indices.reduce(0) { $0 + (world.askMonitor(of: $1) { $0.suspicions() } ?? 0) }
    }

    private static func timeCrashes(
        _ settings: ClusterSettings, _ bursts: BurstLoss?, _ crashes: Int, _ seed: UInt64,
        into quality: inout Quality
    ) {
        var world = world(settings, bursts, seed)
        for _ in 0..<max(crashes / (settings.nodes - 1), 1) {
            // The detector's windows hold 31 heartbeats; they fill again after each restart.
            world.run(until: world.now + settings.interval * 50 + world.random.upTo(settings.interval))
            world.crash(1, refuses: false)
            quality.detectionTimes += timesOfDetection(in: &world, within: settings.interval * 200)
            world.start(1)
        }
        quality.detectionTimes.sort()
    }

    /// Runs until all other hosts suspect the second for good.
    private static func timesOfDetection(in world: inout World, within limit: TimeSpan) -> [TimeSpan] {
        let crashed = world.now
        let observers = world.hosts.indices.filter { $0 != 1 }
        var since = world.hosts.indices.map { suspects(at: $0, in: world) ? crashed : Instant.never }
        while let place = world.step(before: crashed + limit) {
            guard place != 1 else { continue }
            let isSuspected = suspects(at: place, in: world)
            if !isSuspected {
                since[place] = .never
            } else if since[place] == .never {
                since[place] = world.now
            }
            // What was under way at the crash has arrived by then.
            let isOver = world.now > crashed + world.links.model(from: 1, to: place).longestDelay
            if isOver, observers.allSatisfy({ since[$0] < .never }) { break }
        }
        return observers.map { since[$0] - crashed }
    }

    /// Whether the host at a position suspects the second one.
    private static func suspects(at place: Int, in world: World) -> Bool {
        place != 1 && world.askMonitor(of: place) { $0.state(of: world.ids[1]) } == .suspected
    }
}
