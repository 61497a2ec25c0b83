package import FailureDetection

/// One random trial: a cluster and what goes wrong in it.
package struct FaultPlan: Sendable {
    /// The cluster.
    package var settings: ClusterSettings
    /// What goes wrong, in order of beginning.
    package var faults: [PlannedFault]
    /// When the last fault has ended.
    package var faultsEnd: Instant
    /// The seed that all of it follows from.
    package let seed: UInt64

    /// Draws a trial.
    ///
    /// - Parameters:
    ///   - seed: everything follows from it, and from the other parameters.
    ///   - nodes: how many hosts there are; `nil` draws 2 to 7.
    ///   - duration: for how long faults begin.
    package init(seed: UInt64, nodes: Int?, duration: TimeSpan) {
        self.seed = seed
        var random = VirtualRandom(seed: seed ^ 0x5EED_FA11)
        settings = FaultPlan.settings(nodes: nodes ?? 2 + random.below(6), using: &random)
        let start = settings.settling + .seconds(1)
        faults = []
        for _ in 0..<random.below(7) {
            let begins = Instant(nanoseconds: 0) + start + random.upTo(duration)
            let fault = FaultPlan.fault(of: settings, using: &random)
            let longest: TimeSpan =
                switch fault {
                case .pause, .freeze: .seconds(5)
                default: .seconds(12)
                }
            let shortest = fault.losesState ? TimeSpan.milliseconds(1_100) : .milliseconds(50)
            faults.append(PlannedFault(fault, begins: begins, lasts: shortest + random.upTo(longest)))
        }
        faultsEnd = Instant(nanoseconds: 0) + start
        intercept(from: start, for: duration)
        faults.sort { $0.begins < $1.begins }
        dropOverlaps()
        faultsEnd = faults.reduce(faultsEnd) { max($0, $1.isOver) }
    }

    /// The same trial with the faults at these places alone.
    package func keeping(_ places: [Int]) -> FaultPlan {
        var plan = self
        plan.faults = places.filter(faults.indices.contains).map { faults[$0] }
        return plan
    }

    /// In every third world somebody is on a path; the hosts have a key then, for without one nothing is promised.
    private mutating func intercept(from start: TimeSpan, for duration: TimeSpan) {
        // Of a source of its own: the other faults of each seed are as they would be without.
        var random = VirtualRandom(seed: seed ^ 0x0DD_EA25)
        guard random.below(3) == 0 else { return }
        settings.hasKey = true
        let from = random.below(settings.nodes)
        let to = (from + 1 + random.below(settings.nodes - 1)) % settings.nodes
        let fault = Fault.intercept(from: from, to: to, share: random.pick([0.1, 0.3, 0.6]))
        faults.append(
            PlannedFault(
                fault, begins: Instant(nanoseconds: 0) + start + random.upTo(duration),
                lasts: .milliseconds(50) + random.upTo(.seconds(12))))
    }

    /// Two faults that end the life of one host, or that need its identity, would undo each other.
    ///
    /// A host that has lost its state knows its next life by the wall clock alone, so that must not have gone back.
    private mutating func dropOverlaps() {
        var kept: [PlannedFault] = []
        for fault in faults {
            let isOverlap = kept.contains { other in
                guard let host = fault.fault.restarted, other.fault.restarted == host else { return false }
                return fault.begins <= other.ends + .seconds(3)
            }
            if !isOverlap { kept.append(fault) }
        }
        let forgetful = kept.filter { $0.fault.losesState }.compactMap { $0.fault.restarted }
        kept.removeAll { planned in
            guard case .wallClock(let host, _) = planned.fault else { return false }
            return forgetful.contains(host)
        }
        faults = kept
    }
}

extension Fault {
    /// The host that starts anew when it ends.
    var restarted: Int? {
        switch self {
        case .crash(let host, _, _), .leave(let host), .clone(let host): host
        case .lie(_, let victim): victim
        default: nil
        }
    }
}

extension Fault {
    /// Whether a host comes back without what it had stored.
    var losesState: Bool {
        if case .crash(_, _, let losesState) = self { losesState } else { false }
    }
}

extension FaultPlan {
    private static func settings(nodes: Int, using random: inout VirtualRandom) -> ClusterSettings {
        let interval = TimeSpan.milliseconds(random.pick([20, 50, 100, 200, 200, 200, 1_000]))
        var link = LinkModel(
            delay: .microseconds(50) + random.upTo(.milliseconds(20)),
            jitter: random.upTo(.milliseconds(3)))
        var settings = ClusterSettings(nodes: nodes, interval: interval, link: link)
        settings.lag = random.pick([.zero, .microseconds(100), .milliseconds(1)])
        switch random.below(10) {
        case 0, 1:
            settings.mode = .heartbeat
            settings.detector = random.pick([
                .median(margin: interval * 2), .chen(margin: interval * 2), .twoWindow(margin: interval * 2),
                .fixed(timeout: interval * 3), .phi(threshold: 8), .exponential(threshold: 8),
                .bertier(deviations: 4),
            ])
        case 2: settings.mode = .ping
        default:
            link.loss = random.pick([0, 0, 0.01, 0.02])
            let margin = max(interval / 10, .milliseconds(5))
            settings.detector = random.pick([
                settings.detector, settings.detector, .chen(margin: margin), .twoWindow(margin: margin),
                .fixed(timeout: interval + interval / 2), .phi(threshold: 3), .exponential(threshold: 1),
                .bertier(deviations: 4),
            ])
        }
        settings.link = link
        return settings
    }

    private static func fault(of settings: ClusterSettings, using random: inout VirtualRandom) -> Fault {
        let host = random.below(settings.nodes)
        let other = (host + 1 + random.below(settings.nodes - 1)) % settings.nodes
        let share = random.pick([0.05, 0.1, 0.3, 0.6])
        switch random.below(20) {
        case 0, 1, 2: return .crash(host, refuses: random.happens(0.5), losesState: random.happens(0.3))
        case 3: return .leave(host)
        case 4: return .pause(host)
        case 5: return .freeze(host)
        case 6: return .starve(host)
        case 7: return .lateReads(host)
        case 8, 9: return .cut(from: host, to: other)
        case 10: return .partition(random.happens(0.5) || settings.nodes < 4 ? [host] : [host, other])
        case 11: return .loss(from: host, to: other, share: share)
        case 12: return .bursts(from: host, to: other, share: share / 2, burst: random.upTo(.seconds(1)))
        case 13: return .slow(from: host, to: other, by: random.upTo(.milliseconds(300)))
        case 14: return .duplication(host, share: share)
        case 15:
            return .reordering(from: host, to: other, share: share, by: random.upTo(.milliseconds(500)))
        case 16: return .corruption(host, share: share)
        case 17: return .wallClock(host, by: Int64(random.below(24_000)) - 12_000)
        case 18: return .clone(host)
        default: return settings.nodes > 2 ? .lie(by: other, about: host) : .pause(host)
        }
    }
}

extension ClusterSettings {
    /// How long after a fault everything is as before: windows of delays are full again, and peers that flapped have
    /// been heard often enough.
    package var settling: TimeSpan { interval * 45 + .seconds(3) }
}
