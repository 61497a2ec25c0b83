package import FailureDetection
internal import Records

/// What a cluster sends while nothing happens, when one of its hosts crashes, and while that is suspected.
package struct BytesTrial: Sendable {
    /// Of which time a figure is.
    package enum Phase: String, Sendable, CaseIterable {
        /// Nothing happens.
        case idle
        /// The first second after a crash.
        case crash = "crash, 1 s"
        /// A crashed host is suspected by all.
        case suspected
    }

    /// What was sent in each phase.
    package private(set) var meters = Phase.allCases.map { _ in TrafficMeter() }

    /// How long hosts know each other before anything is measured.
    private static let settling = TimeSpan.seconds(10)

    /// Nothing yet.
    package init() {}

    /// Runs a cluster, and measures each phase but the crash for `span`.
    ///
    /// - Parameters:
    ///   - settings: the cluster.
    ///   - services: how many services each host reports.
    ///   - span: how long a phase is measured.
    ///   - seed: everything follows from it.
    package mutating func run(_ settings: ClusterSettings, services: Int, _ span: TimeSpan, seed: UInt64) {
        var world = World(settings, seed: seed)
        for place in 0..<settings.nodes {
            for number in 0..<services {
                guard let name = ServiceName("service-\(number)") else { continue }
                world.change(name, of: place, to: ServiceFacts(state: .up, certainty: .proved))
            }
        }
        world.run(until: world.now + Self.settling)
        measure(.idle, span, in: &world)
        world.crash(0, refuses: false)
        measure(.crash, .seconds(1), in: &world)
        world.run(until: world.now + settings.interval * 10)
        measure(.suspected, span, in: &world)
    }

    private mutating func measure(_ phase: Phase, _ span: TimeSpan, in world: inout World) {
        guard let index = Phase.allCases.firstIndex(of: phase) else { return }
        meters[index].run(&world, until: world.now + span)
    }

    /// Adds another trial's figures.
    package mutating func add(_ other: BytesTrial) {
        for index in meters.indices { meters[index].add(other.meters[index]) }
    }
}
