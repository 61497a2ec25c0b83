package import FailureDetection
internal import Wire

/// How long the heartbeats of a host are that watches many.
package struct SizeTrial: Sendable {
    /// Bytes of datagrams, and how many there were.
    package struct Sizes: Sendable {
        /// All bytes.
        package private(set) var bytes = 0
        /// How many datagrams.
        package private(set) var count = 0
        /// The longest.
        package private(set) var longest = 0

        /// The mean length.
        package var mean: Double { count > 0 ? Double(bytes) / Double(count) : 0 }

        mutating func add(_ bytes: Int) {
            self.bytes += bytes
            count += 1
            longest = max(longest, bytes)
        }
    }

    private var world: World
    private let interval: TimeSpan

    /// Prepares a cluster.
    ///
    /// - Parameters:
    ///   - peers: how many others the first host watches.
    ///   - mesh: whether these watch each other too; else only the first. Its own messages are as long in both cases.
    ///   - interval: the time between heartbeats.
    package init(peers: Int, mesh: Bool, interval: TimeSpan) {
        let link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        var settings = ClusterSettings(nodes: peers + 1, interval: interval, link: link)
        settings.drift = 0
        self.interval = interval
        world = mesh ? World(settings, seed: 1) : World(capacity: peers + 1, link: link, seed: 1)
        // The heartbeats alone are measured.
        world.publishesRecords = false
        if !mesh { addStar(peers, settings) }
        world.run(until: world.now + interval * 20)
    }

    private mutating func addStar(_ peers: Int, _ settings: ClusterSettings) {
        let ids = (0...peers).compactMap { ClusterSettings.id(of: $0, of: peers + 1) }
        for place in ids.indices {
            let watched = place == 0 ? Array(ids.dropFirst()) : [ids[0]]
            world.add(
                ids[place], watching: watched.map { settings.peer($0) },
                clock: HostClock(origin: .seconds(1), drift: 0), wallOrigin: 1_790_000_000)
        }
        for place in ids.indices {
            world.run(until: world.now + interval / Int64(peers + 1))
            world.start(place)
        }
    }

    /// What the first host sends in some intervals.
    package mutating func run(intervals: Int64) -> Sizes {
        var sizes = Sizes()
        let end = world.now + interval * intervals
        while let place = world.step(before: end) {
            guard place == 0 else { continue }
            for datagram in world.outbox.datagrams { sizes.add(datagram.count) }
        }
        return sizes
    }

    /// Stops the first host and starts it again: it knows nothing then.
    package mutating func restart() {
        world.crash(0, refuses: false)
        world.run(until: world.now + .seconds(2))
        world.start(0)
    }
}
