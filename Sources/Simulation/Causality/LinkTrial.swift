package import FailureDetection
internal import Wire

/// What is told of one broken link, and of a crash, in a cluster that is otherwise well but for its losses.
package struct LinkTrial: Sendable {
    private var world: World
    private let nodes: Int
    private let interval: TimeSpan

    /// Prepares a trial.
    ///
    /// - Parameters:
    ///   - nodes: how many hosts, all of which watch each other.
    ///   - interval: the time between heartbeats.
    ///   - loss: the share of datagrams that are lost.
    ///   - seed: everything follows from it.
    package init(nodes: Int, interval: TimeSpan, loss: Double, seed: UInt64) {
        var link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        link.loss = loss
        world = World(ClusterSettings(nodes: nodes, interval: interval, link: link), seed: seed)
        (self.nodes, self.interval) = (nodes, interval)
        var random = VirtualRandom(seed: seed)
        world.run(until: world.now + interval * 20 + random.upTo(interval))
        // Losses may have silenced the peer already.
        while verdict(of: 0) != nil { world.run(until: world.now + interval) }
    }

    /// From the cut of the link between two hosts to the verdict of the one that the other is behind a broken link;
    /// `nil` when that did not come within a hundred intervals.
    package mutating func cut() -> TimeSpan? {
        let began = world.now
        world.cut(from: 0, to: 1)
        world.cut(from: 1, to: 0)
        while let place = world.step(before: began + interval * 100) {
            if place == 0, isLink(0) { return world.now - began }
        }
        return nil
    }

    /// From the crash of a host to the last instant at which each of the others took it for a broken link; zero for
    /// those that never did.
    package mutating func kill() -> [TimeSpan] {
        let began = world.now
        world.crash(1, refuses: false)
        var last = Array(repeating: TimeSpan.zero, count: nodes)
        var before = Array(repeating: false, count: nodes)
        while let place = world.step(before: began + interval * 100) {
            let isLink = place != 1 && isLink(place)
            if isLink || before[place] { last[place] = world.now - began }
            before[place] = isLink
        }
        last.remove(at: 1)
        return last
    }

    private func verdict(of place: Int) -> Verdict? {
        guard let monitor = world.hosts[place].endpoint?.monitor,
            let index = monitor.index(of: world.hosts[1].id)
        else { return nil }
        return monitor.report(ofPeer: index).verdict
    }

    private func isLink(_ place: Int) -> Bool {
        let cause = verdict(of: place)?.cause
        return cause == .link || cause == .inbound
    }
}
