package import FailureDetection
internal import Wire

/// What is reported of broken links, and of crashes, in a cluster that is otherwise well but for its losses.
///
/// One cluster is put to many trials: after each the link is repaired, or the host started again, and the next
/// concerns others. That the cluster warms up and recovers is most of what a trial costs.
package struct LinkTrial: Sendable {
    /// What the host at one end of a broken link reported.
    package struct Cut: Sendable, BitwiseCopyable {
        /// From the cut to the suspicion.
        package var suspected: TimeSpan?
        /// The cause that was reported first.
        package var first: Cause?
        /// From the cut to the verdict that the peer is behind a broken link; `nil` when it did not come.
        package var link: TimeSpan?
    }

    /// What all others reported of a host that crashed.
    package struct Kill: Sendable, BitwiseCopyable {
        /// How many suspected it.
        package var observers = 0
        /// How many of them named a crash as the first cause.
        package var rightAtFirst = 0
        /// From the crash to the last instant at which any host took it for a broken link; zero if no host did.
        package var link = TimeSpan.zero
    }

    private var world: World
    private let nodes: Int
    private let interval: TimeSpan
    private var random: VirtualRandom

    /// Prepares a cluster.
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
        (self.nodes, self.interval, random) = (nodes, interval, VirtualRandom(seed: seed))
        world.run(until: world.now + interval * 20)
    }

    /// How many trials one cluster is good for: each concerns other hosts than those before.
    package static func trials(nodes: Int) -> Int { min(max(nodes / 2, 3), 10) }

    /// What happens while nothing is broken but what losses break, for each heartbeat that is sent.
    package struct Quiet: Sendable, BitwiseCopyable {
        /// Datagrams sent, heartbeats among them.
        package var sent: Double
        /// Hosts suspected, all of them falsely.
        package var suspected: Double
    }

    /// Lets fifty intervals pass.
    package mutating func rest() -> Quiet {
        let (sent, suspected) = (world.sent.reduce(0, +), suspicions)
        world.run(until: world.now + interval * 50)
        let heartbeats = Double(50 * nodes * (nodes - 1))
        return Quiet(
            sent: Double(world.sent.reduce(0, +) - sent) / heartbeats,
            suspected: Double(suspicions - suspected) / heartbeats)
    }

    /// How often any host has suspected any peer.
    private var suspicions: UInt64 {
        world.hosts.indices.reduce(0) { $0 + (world.askMonitor(of: $1) { $0.suspicions() } ?? 0) }
    }

    /// Cuts the link between two hosts, and repairs it when one of them has named the cause, or in a hundred
    /// intervals.
    package mutating func cut(_ number: Int) -> Cut {
        let (near, far) = (number * 2 % nodes, (number * 2 + 1) % nodes)
        settle { $0.state(of: far, at: near) == .trusted }
        var found = Cut()
        let began = world.now
        for (from, to) in [(near, far), (far, near)] { world.cut(from: from, to: to) }
        while found.link == nil, let place = world.step(before: began + interval * 100) {
            guard place == near, state(of: far, at: near) == .suspected else { continue }
            let cause = verdict(of: far, at: near)?.cause
            if found.suspected == nil { (found.suspected, found.first) = (world.now - began, cause) }
            if cause.isLink { found.link = world.now - began }
        }
        for (from, to) in [(near, far), (far, near)] { world.mend(from: from, to: to) }
        return found
    }

    /// Crashes a host, and starts it again after twenty intervals.
    package mutating func kill(_ number: Int) -> Kill {
        let victim = (number * 2 + 1) % nodes
        // Where much is lost some host or other suspects it most of the time.
        settle { trial in trial.suspects(victim).count { $0 } <= trial.nodes / 10 }
        var (found, suspects) = (Kill(), suspects(victim))
        let began = world.now
        world.crash(victim, refuses: false)
        var before = Array(repeating: false, count: nodes)
        while let place = world.step(before: began + interval * 20) {
            let cause = verdict(of: victim, at: place)?.cause
            if !suspects[place], state(of: victim, at: place) == .suspected {
                suspects[place] = true
                found.observers += 1
                found.rightAtFirst += cause == .crash ? 1 : 0
            }
            if cause.isLink || before[place] { found.link = world.now - began }
            before[place] = cause.isLink
        }
        world.start(victim)
        return found
    }

    /// Waits until all is well with those concerned, and then for a part of an interval.
    private mutating func settle(_ isWell: (LinkTrial) -> Bool) {
        repeat { world.run(until: world.now + interval * 2) } while !isWell(self)
        world.run(until: world.now + random.upTo(interval))
    }

    /// The hosts that do not hear a host, by index, itself aside.
    private func suspects(_ peer: Int) -> [Bool] {
        (0..<nodes).map { $0 != peer && ![.trusted, .pending].contains(state(of: peer, at: $0)) }
    }

    private func state(of peer: Int, at place: Int) -> PeerState? {
        world.askMonitor(of: place) { $0.state(of: world.ids[peer]) } ?? nil
    }

    private func verdict(of peer: Int, at place: Int) -> Verdict? {
        world.askMonitor(of: place) { $0.report(of: world.ids[peer])?.verdict } ?? nil
    }
}

extension Cause? {
    fileprivate var isLink: Bool { self == .link || self == .inbound }
}
