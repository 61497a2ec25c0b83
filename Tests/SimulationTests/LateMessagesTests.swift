import Testing

@testable import FailureDetection
@testable import Simulation
@testable import Wire

@Suite("a path that has become slower than any answer is waited for")
struct LateMessagesTests {
    /// What two hosts think of a third whose messages take longer by a step, some time after it.
    private func causes(hasKey: Bool, delay: TimeSpan) -> Set<String> {
        var settings = ClusterSettings(
            nodes: 3, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        settings.hasKey = hasKey
        var world = World(settings, seed: 1)
        world.run(until: world.now + .seconds(5))
        for place in 0..<2 {
            world.setLink(LinkModel(delay: delay), from: 2, to: place)
            world.setLink(LinkModel(delay: delay), from: place, to: 2)
        }
        // The silence that the step itself makes is one.
        world.run(until: world.now + delay + .seconds(2))
        var causes: Set<String> = []
        for _ in 0..<30 {
            world.run(until: world.now + .milliseconds(200))
            for place in 0..<2 {
                guard let monitor = world.hosts[place].endpoint?.monitor,
                    let index = monitor.index(of: world.hosts[2].id),
                    let verdict = monitor.report(ofPeer: index).verdict
                else { continue }
                causes.insert(verdict.cause.rawValue)
            }
        }
        return causes
    }

    @Test(
        "is no crash, and no witness claims to hear what it does not believe either",
        arguments: [false, true])
    func unbelieved(hasKey: Bool) {
        let seen = causes(hasKey: hasKey, delay: .milliseconds(600))
        #expect(!seen.isEmpty || !hasKey, "nothing was judged")
        #expect(seen.isDisjoint(with: ["crash", "link", "inbound"]), "\(seen)")
    }
}
