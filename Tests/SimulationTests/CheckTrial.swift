@testable import FailureDetection
@testable import Simulation

/// A calm cluster of three, and checks that believe that nothing happens to it.
struct CheckTrial {
    var world: World
    var checks: WorldChecks

    /// A cluster that has run for five seconds.
    init() {
        var plan = FaultPlan(seed: 1, nodes: 3, duration: .seconds(1)).keeping([])
        plan.settings = ClusterSettings(
            nodes: 3, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        world = World(plan.settings, seed: 1)
        checks = WorldChecks(plan)
        run(.seconds(5))
    }

    /// Runs the cluster for a while, with all checks after every turn.
    mutating func run(_ span: TimeSpan) {
        let end = world.now + span
        while let place = world.step(before: end) { checks.afterTurn(of: place, in: world) }
    }

    /// The promises that were found broken, in order.
    var broken: [Breach.Promise] { checks.breaches.map { $0.promise } }
}
