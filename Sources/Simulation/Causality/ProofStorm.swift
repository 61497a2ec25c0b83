internal import FailureDetection

/// Cuts, partitions, losses, pauses and restarts that follow each other without a rest, and what comes after each.
struct ProofStorm: Sendable {
    private enum Repair: Sendable {
        case mend(from: Int, to: Int)
        case start(Int)
        case link(from: Int, to: Int)
    }

    private let settings: ClusterSettings
    private var random: VirtualRandom
    private var repairs: [(at: Instant, what: Repair)] = []
    /// When something is to be done next.
    private(set) var next = Instant(nanoseconds: 0)
    private var fault = Instant(nanoseconds: 0)

    init(_ settings: ClusterSettings, begins: Instant, seed: UInt64) {
        self.settings = settings
        random = VirtualRandom(seed: seed ^ 0x570F_0001)
        (fault, next) = (begins, begins)
    }

    /// Does what is due.
    mutating func act(on world: inout World) {
        while let place = repairs.indices.first(where: { repairs[$0].at <= world.now }) {
            switch repairs.remove(at: place).what {
            case .mend(let from, let to): world.mend(from: from, to: to)
            case .start(let host): world.start(host)
            case .link(let from, let to): world.setLink(settings.link, from: from, to: to)
            }
        }
        if fault <= world.now {
            begin(on: &world)
            fault = world.now + .milliseconds(20) + random.upTo(settings.interval * 6)
        }
        next = repairs.map(\.at).reduce(fault) { min($0, $1) }
    }

    private mutating func begin(on world: inout World) {
        let host = random.below(settings.nodes)
        let other = (host + 1 + random.below(settings.nodes - 1)) % settings.nodes
        let end = world.now + settings.interval * 2 + random.upTo(settings.interval * 40)
        switch random.below(20) {
        case 0...5: cut([host], [other], bothWays: true, until: end, in: &world)
        case 6...10: cut([host], [other], bothWays: false, until: end, in: &world)
        case 11...12:
            let side = (0..<settings.nodes).filter { _ in random.happens(0.4) }
            cut(
                side, (0..<settings.nodes).filter { !side.contains($0) }, bothWays: true, until: end,
                in: &world)
        case 13...15:
            guard world.hosts[host].isUp else { return }
            world.crash(host, refuses: random.happens(0.3))
            repairs.append((end, .start(host)))
        case 16...18:
            var bad = settings.link
            bad.loss = 0.3 + random.fraction() * 0.6
            world.setLink(bad, from: host, to: other)
            repairs.append((end, .link(from: host, to: other)))
        default: world.pause(host, for: random.upTo(settings.interval * 10))
        }
    }

    private mutating func cut(
        _ some: [Int], _ others: [Int], bothWays: Bool, until end: Instant, in world: inout World
    ) {
        for one in some {
            for other in others {
                for (from, to) in [(one, other), (other, one)].prefix(bothWays ? 2 : 1) {
                    world.cut(from: from, to: to)
                    repairs.append((end, .mend(from: from, to: to)))
                }
            }
        }
    }
}
