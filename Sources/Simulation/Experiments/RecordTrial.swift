package import FailureDetection
internal import Records
internal import Wire

/// What records cost in a cluster in which something goes wrong for long, and how soon all hosts hold the same again.
package struct RecordTrial: Sendable {
    /// What goes wrong.
    package enum Trouble: String, Sendable, CaseIterable {
        /// A member writes services, views and facts in the name of another one, and junk, 260 times a second.
        case liar
        /// A host crashes every two seconds, and is back after one.
        case flap
        /// A host loses 80 % of what it receives, so that it suspects others all the time.
        case deaf
        /// Half of the hosts are cut off from the others, and services change on both sides; then all is well again.
        case split
    }

    /// What was seen in one or more trials.
    package struct Outcome: Sendable {
        /// What was sent while it went wrong, and while it healed.
        package var during = TrafficMeter()
        /// What was sent in the ten seconds from its end on.
        package var healing = TrafficMeter()
        /// From the end of it until all stores were equal, for each trial that got there.
        package var equalAfter: [TimeSpan] = []
        /// In how many trials they never were within the ten seconds.
        package var unequal = 0
        /// The longest time for which a host that is well held what its victim did not write.
        package var longestFalse = TimeSpan.zero
        /// Which share of the time such a host held it, 0 to 1, the mean of the trials.
        package var falseShare = 0.0
        /// Conflicts that were reported, the same one by several hosts.
        package var conflicts = 0
        /// Suspicions of hosts that were well, by hosts that were.
        package var mistakes = 0
        /// How many trials.
        package var trials = 0

        /// Nothing yet.
        package init() {}

        /// The most bytes of records that a host sends in a second, in the mean.
        ///
        /// A host that restarts, or changes its services, has all others pass that on; a liar draws answers to its steps of
        /// repairs besides, up to 50 a second.
        package static func mostBytes(_ trouble: Trouble) -> Double {
            switch trouble {
            case .deaf: 20_000
            case .flap, .split: 50_000
            case .liar: 1_000_000
            }
        }
        /// The longest time until all stores are equal; where a member lied, overrides wait for what its victim may send.
        package static func longest(_ trouble: Trouble) -> TimeSpan {
            trouble == .liar ? .seconds(8) : .seconds(1)
        }

        /// What does not keep its bound, in words.
        package func breaches(of trouble: Trouble) -> [String] {
            let rates = [during, healing].map { $0.perHostSecond($0.records.bytes) }
            let longest = equalAfter.last ?? .zero
            return [
                rates.allSatisfy { $0 <= Self.mostBytes(trouble) }
                    ? nil : "\(rates) bytes for each host and second",
                unequal == 0 ? nil : "stores stay different in \(unequal) trials",
                longest <= Self.longest(trouble)
                    ? nil : "stores are equal after \(longest.milliseconds) ms only",
                mistakes == 0 ? nil : "\(mistakes) suspicions of hosts that are well",
                trouble != .liar || conflicts > 0 ? nil : "no one reports a conflict",
            ].compactMap { $0 }
        }

        /// Adds another trial's.
        package mutating func add(_ other: Outcome) {
            during.add(other.during)
            healing.add(other.healing)
            equalAfter = (equalAfter + other.equalAfter).sorted()
            unequal += other.unequal
            longestFalse = max(longestFalse, other.longestFalse)
            let all = max(trials + other.trials, 1)
            falseShare = (falseShare * Double(trials) + other.falseShare * Double(other.trials)) / Double(all)
            conflicts += other.conflicts
            mistakes += other.mistakes
            trials += other.trials
        }
    }

    /// For how long it is watched how all hosts come to hold the same.
    private static let rest = TimeSpan.seconds(10)
    /// How often what hosts hold is compared with what is true.
    private static let sampling = TimeSpan.milliseconds(10)
    private static let (liar, victim) = (0, 1)

    private let settings: ClusterSettings
    private let trouble: Trouble
    private var world: World
    private var outcome = Outcome()
    /// Since when each host holds what is not true of the victim; `nil` while it does not.
    private var falseSince: [Instant?]
    private var changes: UInt64 = 0

    /// Prepares a cluster that has settled.
    ///
    /// - Parameters:
    ///   - settings: the cluster.
    ///   - trouble: what goes wrong.
    ///   - services: how many services each host reports.
    ///   - seed: everything follows from it.
    package init(_ settings: ClusterSettings, _ trouble: Trouble, services: Int, seed: UInt64) {
        (self.settings, self.trouble) = (settings, trouble)
        world = World(settings, seed: seed)
        falseSince = Array(repeating: nil, count: settings.nodes)
        for place in 0..<settings.nodes {
            for number in 0..<services { change(number, of: place, to: .up) }
        }
        world.run(until: world.now + .seconds(10))
    }

    private mutating func change(_ number: Int, of place: Int, to state: ServiceState) {
        guard let name = ServiceName("service-\(number)") else { return }
        changes += 1
        let report = ServiceFacts(state: state, certainty: .proved, generation: changes)
        world.change(name, of: place, to: report)
    }

    /// Lets it go wrong for `span`, and then watches all hosts come to hold the same.
    package mutating func run(_ span: TimeSpan) -> Outcome {
        outcome.trials = 1
        let end = world.now + span
        begin()
        while world.now < end {
            let step = min(world.now + .seconds(1), end)
            if trouble == .flap { toggle() }
            if trouble == .split { changeServices() }
            advance(to: step, healing: false)
        }
        finish()
        heal()
        outcome.falseShare /=
            Double(max(span.nanoseconds / Self.sampling.nanoseconds, 1)) * Double(settings.nodes)
        return outcome
    }

    private mutating func heal() {
        let ended = world.now
        var equalAt: Instant?
        while let place = world.step(before: ended + Self.rest) {
            note(place, healing: true)
            if equalAt == nil, areEqual { equalAt = world.now }
        }
        outcome.healing.cover(Self.rest, hosts: settings.nodes)
        if let equalAt { outcome.equalAfter.append(equalAt - ended) } else { outcome.unequal += 1 }
    }

    /// Whether all hosts hold the same records.
    private var areEqual: Bool {
        let first = world.hosts[0].endpoint?.records.digests
        return first != nil && world.hosts.allSatisfy { $0.endpoint?.records.digests == first }
    }
}

extension RecordTrial {
    private static let lies: [(lie: RecordLie, rate: Int)] = [
        (.services, 20), (.view, 20), (.member, 20), (.flood, 200),
    ]

    private mutating func begin() {
        switch trouble {
        case .liar:
            for (lie, rate) in Self.lies {
                world.startLying(Self.liar, about: Self.victim, lie, perSecond: rate)
            }
        case .flap: break
        case .deaf: setLoss(0.8)
        case .split: eachCut { $0.cut(from: $1, to: $2) }
        }
    }

    private mutating func finish() {
        switch trouble {
        case .liar:
            for (lie, _) in Self.lies { world.stopLying(Self.liar, about: Self.victim, lie) }
        case .flap: world.start(Self.victim)
        case .deaf: setLoss(0)
        case .split: eachCut { $0.mend(from: $1, to: $2) }
        }
    }

    private mutating func setLoss(_ share: Double) {
        var link = settings.link
        link.loss = share
        for from in 0..<settings.nodes where from != Self.victim {
            world.setLink(link, from: from, to: Self.victim)
        }
    }

    private mutating func eachCut(_ act: (inout World, Int, Int) -> Void) {
        let half = settings.nodes / 2
        for inside in 0..<half {
            for outside in half..<settings.nodes {
                act(&world, inside, outside)
                act(&world, outside, inside)
            }
        }
    }

    private mutating func toggle() {
        if world.hosts[Self.victim].isUp {
            world.crash(Self.victim, refuses: false)
        } else {
            world.start(Self.victim)
        }
    }

    private mutating func changeServices() {
        for place in 0..<settings.nodes {
            change(0, of: place, to: changes.isMultiple(of: 2) ? .failed : .up)
        }
    }
}

extension RecordTrial {
    private mutating func advance(to end: Instant, healing: Bool) {
        let began = world.now
        while world.now < end {
            let until = min(world.now + Self.sampling, end)
            while let place = world.step(before: until) { note(place, healing: healing) }
            if trouble == .liar { sample() }
        }
        outcome.during.cover(end - began, hosts: settings.nodes)
    }

    /// Notes what the latest turn did.
    ///
    /// What a liar sends besides is no one's cost but its own.
    private mutating func note(_ place: Int, healing: Bool) {
        if trouble != .liar || place != Self.liar {
            if healing { outcome.healing.count(world) } else { outcome.during.count(world) }
        }
        outcome.conflicts += world.outbox.recordConflicts.count
        for notice in world.outbox.notices where notice.kind == .suspect {
            guard let peer = notice.peer.flatMap({ world.place(of: $0) }), !isTroubled(place, peer) else {
                continue
            }
            outcome.mistakes += 1
        }
    }

    private func isTroubled(_ observer: Int, _ peer: Int) -> Bool {
        switch trouble {
        case .liar: false
        case .flap, .deaf: observer == Self.victim || peer == Self.victim
        case .split: (observer < settings.nodes / 2) != (peer < settings.nodes / 2)
        }
    }

    /// Compares what the hosts hold of the services of the one that is lied about with what these do.
    private mutating func sample() {
        let victim = world.hosts[Self.victim]
        for place in 0..<settings.nodes where place != Self.victim {
            guard let store = world.hosts[place].endpoint?.records else { continue }
            let held = store.services(of: victim.id)
            let isTrue =
                held.map(\.name) == victim.services.map(\.name)
                && held.map(\.report) == victim.services.map(\.report)
            guard !isTrue else {
                falseSince[place] = nil
                continue
            }
            let since = falseSince[place] ?? world.now
            falseSince[place] = since
            outcome.falseShare += 1
            outcome.longestFalse = max(outcome.longestFalse, world.now - since)
        }
    }
}
