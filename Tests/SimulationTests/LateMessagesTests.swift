import Testing

@testable import FailureDetection
@testable import Simulation
@testable import Wire

@Suite("a path that has become slower than any answer is waited for")
struct LateMessagesTests {
    /// What two hosts think of a third whose messages take longer by a step, some time after it.
    private func causes(hasKey: Bool, delay: TimeSpan, mode: MonitoringMode? = nil) -> Set<String> {
        var settings = ClusterSettings(
            nodes: 3, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        settings.hasKey = hasKey
        if let mode {
            // As the daemon has it where nothing is pinged.
            (settings.mode, settings.maximumTimeout) = (mode, .milliseconds(500))
            settings.detector = .median(margin: .milliseconds(400))
        }
        var world = World(settings, seed: 1)
        world.run(until: world.now + .seconds(5))
        for place in 0..<2 {
            world.setLink(LinkModel(delay: delay), from: 2, to: place)
            world.setLink(LinkModel(delay: delay), from: place, to: 2)
        }
        // The silence that the step itself makes is one.
        world.run(until: world.now + delay + (mode == nil ? .seconds(2) : .milliseconds(300)))
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
        "no event says crash of a peer that was just heard, however often the path becomes slow",
        arguments: [700, 800])
    func again(span: Int64) {
        let settings = ClusterSettings(
            nodes: 5, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        var world = World(settings, seed: 1)
        world.run(until: world.now + .seconds(5))
        var suspicions = 0
        for _ in 0..<5 {
            for (delay, time) in [(500, span), (1, 2_000)] as [(Int64, Int64)] {
                for place in 0..<4 {
                    world.setLink(LinkModel(delay: .milliseconds(delay)), from: 4, to: place)
                }
                let end = world.now + .milliseconds(time)
                while let place = world.step(before: end) {
                    for notice in world.outbox.notices where notice.peer == world.hosts[4].id {
                        suspicions += notice.kind == .suspect ? 1 : 0
                        let cause = world.hosts[place].endpoint?.monitor.report(of: world.hosts[4].id)?
                            .verdict?.cause
                        guard let heard = notice.evidence?.lastHeard, notice.kind == .suspect else {
                            continue
                        }
                        #expect(
                            notice.verdict?.cause != .crash || notice.at - heard > .milliseconds(100),
                            "\(world.hosts[place].id) at \(world.now)")
                        #expect(notice.verdict?.cause == cause, "what is emitted is what is thought")
                    }
                }
                for place in 0..<4 { #expect(emitted(by: place, in: world)) }
            }
        }
        #expect(suspicions > 0)
    }

    /// Whether a host has emitted what it thinks of the last one.
    private func emitted(by place: Int, in world: World) -> Bool {
        guard let monitor = world.hosts[place].endpoint?.monitor,
            let index = monitor.index(of: world.hosts[4].id),
            let suspicion = monitor.peers[index].suspicion
        else { return true }
        return suspicion.emitted == suspicion.verdict
    }

    @Test(
        "is not outbound for good where acknowledgements take ten intervals and more",
        arguments: [1_600, 2_500, 3_500])
    func acknowledgements(delay: Int64) {
        let settings = ClusterSettings(
            nodes: 3, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        var world = World(settings, seed: 1)
        world.run(until: world.now + .seconds(5))
        for place in 1..<3 { world.setLink(LinkModel(delay: .milliseconds(delay)), from: 0, to: place) }
        world.run(until: world.now + .seconds(15))
        for place in 1..<3 {
            let report = world.hosts[0].endpoint?.monitor.report(of: world.hosts[place].id)
            #expect(report?.state == .trusted && report?.verdict == nil)
        }
    }

    @Test("is no crash without pings either, from the first late heartbeat on, and is not voted against")
    func withoutPings() {
        var settings = ClusterSettings(
            nodes: 3, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        (settings.mode, settings.hasKey) = (.heartbeat, false)
        var world = World(settings, seed: 1)
        world.run(until: world.now + .seconds(5))
        // Each heartbeat arrives some milliseconds before the next one is overdue.
        let slow = LinkModel(delay: .milliseconds(210))
        for place in 0..<2 { world.setLink(slow, from: 2, to: place) }
        // The vote of the silence that the step itself makes ends with its next review.
        world.run(until: world.now + .milliseconds(700))
        var judged = 0
        for _ in 0..<400 {
            world.run(until: world.now + .milliseconds(10))
            for place in 0..<2 {
                guard let monitor = world.hosts[place].endpoint?.monitor,
                    let index = monitor.index(of: world.hosts[2].id)
                else { continue }
                let verdict = monitor.report(ofPeer: index).verdict
                judged += verdict == nil ? 0 : 1
                #expect(verdict?.cause != .crash, "\(world.now)")
                #expect(!monitor.opinions.contains { $0.subject == world.hosts[2].id }, "\(world.now)")
            }
        }
        #expect(judged > 0)
    }

    @Test(
        "is no crash, and no witness claims to hear what it does not believe either",
        arguments: [false, true])
    func unbelieved(hasKey: Bool) {
        let seen = causes(hasKey: hasKey, delay: .milliseconds(600))
        #expect(!seen.isEmpty || !hasKey, "nothing was judged")
        #expect(seen.isDisjoint(with: ["crash", "link", "inbound"]), "\(seen)")
    }

    @Test(
        "is no crash where a key makes a late heartbeat look like one of a clock that was set",
        arguments: [220, 300, 400, 600, 900, 1_500, 2_400])
    func heartbeatsWithKey(milliseconds: Int64) {
        let seen = causes(hasKey: true, delay: .milliseconds(milliseconds), mode: .heartbeat)
        #expect(seen.isDisjoint(with: ["crash", "link", "inbound"]), "\(seen)")
    }

    @Test(
        "that was slow from the start is proved by answers as late as the longest wait that is configured",
        arguments: [1_200, 4_500])
    func slowFromTheStart(milliseconds: Int64) {
        let slow = LinkModel(delay: .milliseconds(milliseconds))
        var settings = ClusterSettings(nodes: 3, interval: .milliseconds(200), link: slow)
        (settings.hasKey, settings.maximumTimeout) = (true, .seconds(10))
        var world = World(settings, seed: 1)
        world.run(until: world.now + .seconds(30))
        for host in world.hosts {
            guard let monitor = host.endpoint?.monitor else { continue }
            for index in 0..<monitor.count { #expect(monitor.state(ofPeer: index) == .trusted) }
        }
    }
}
