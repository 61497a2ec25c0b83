package import CausalClock
package import FailureDetection

/// What the hosts of a simulated cluster have in common.
package struct ClusterSettings: Sendable {
    /// How many hosts there are.
    package var nodes: Int
    /// How many others each host watches, its neighbours in a ring; all others when it is `nodes − 1` or more.
    package var watched: Int
    /// What is sent, and how silence is answered.
    package var mode = MonitoringMode.heartbeatAndPing
    /// The time between heartbeats.
    package var interval: TimeSpan
    /// The rule that sets deadlines.
    package var detector: DetectorChoice
    /// How often a ping is repeated.
    package var retries: Int
    /// The shortest wait for a pong.
    package var minimumTimeout: TimeSpan
    /// The longest wait for a pong.
    package var maximumTimeout = TimeSpan.seconds(1)
    /// How long a round of pings may take where many messages are lost.
    package var longestRound: TimeSpan
    /// What every link does when nothing is wrong.
    package var link: LinkModel
    /// The most that the clocks' rates are off, in nanoseconds a second.
    package var drift: Int64 = 50_000
    /// How late the loops wake when nothing is wrong, at most.
    package var lag = TimeSpan.zero
    /// Whether no other host can make datagrams: a process without a key can only repeat them, or keep them from arriving.
    package var hasKey = false

    /// The daemon's defaults for an interval, on links that take `link`.
    package init(nodes: Int, interval: TimeSpan, link: LinkModel) {
        self.nodes = nodes
        watched = nodes - 1
        self.interval = interval
        longestRound = interval * 5
        self.link = link
        let margin = max(interval / 10, .milliseconds(5))
        detector = .median(margin: margin)
        minimumTimeout = max(interval / 8, .milliseconds(7))
        retries = min(max(Int(interval.nanoseconds / minimumTimeout.nanoseconds) - 1, 2), 5)
    }

    /// The name of the host at an index: `n1`, `n2`, …, padded so that the order of names is that of positions.
    package static func id(of place: Int, of nodes: Int) -> HostID? {
        let width = String(nodes).count
        let number = String(place + 1)
        return HostID("n" + String(repeating: "0", count: max(width - number.count, 0)) + number)
    }

    /// The time a peer is given for its first sign of life.
    package var startupGrace: TimeSpan { max(.seconds(2), interval * 5) }

    /// How one peer is watched.
    package func peer(_ id: HostID) -> PeerSettings {
        PeerSettings(
            id: id, mode: mode, interval: interval, detector: detector, retries: retries,
            minimumTimeout: minimumTimeout, maximumTimeout: maximumTimeout, startupGrace: startupGrace,
            longestRound: longestRound)
    }

    /// The positions of the hosts that the host at `place` watches.
    package func peers(of place: Int) -> [Int] {
        guard watched < nodes - 1 else { return (0..<nodes).filter { $0 != place } }
        let right = (watched + 1) / 2
        let offsets = Array(1...right) + (watched > 1 ? Array((nodes - watched / 2)...(nodes - 1)) : [])
        return offsets.map { (place + $0) % nodes }.sorted()
    }
}

extension World {
    /// A world of `settings.nodes` hosts that all run, started within the first interval, and space for `spare` more.
    package init(_ settings: ClusterSettings, spare: Int = 0, seed: UInt64) {
        self.init(capacity: settings.nodes + spare, link: settings.link, seed: seed)
        hasKey = settings.hasKey
        let ids = (0..<settings.nodes).compactMap { ClusterSettings.id(of: $0, of: settings.nodes) }
        var chance = random.fork()
        for place in ids.indices {
            let drift = Int64(chance.upTo(TimeSpan(nanoseconds: 2 * settings.drift)).nanoseconds)
            add(
                ids[place], watching: settings.peers(of: place).map { settings.peer(ids[$0]) },
                clock: HostClock(
                    origin: .seconds(1) + chance.upTo(.seconds(1_000_000)), drift: drift - settings.drift),
                wallOrigin: 1_790_000_000)
            hosts[place].lag = .zero...settings.lag
        }
        for place in ids.indices {
            now = Instant(nanoseconds: 0) + chance.upTo(settings.interval)
            start(place)
        }
        now = Instant(nanoseconds: 0)
    }
}
