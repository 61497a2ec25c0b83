package import FailureDetection

/// One random trial: a cluster and what goes wrong in it.
package struct FaultPlan: Sendable {
    /// The cluster.
    package var settings: ClusterSettings
    /// What goes wrong, in order of beginning; forged records last.
    package var faults: [PlannedFault]
    /// When the last of those faults has ended that are no forged records.
    private var othersEnd: Instant
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
            let shortest = fault.losesState ? TimeSpan.milliseconds(1_100) : .milliseconds(50)
            faults.append(
                PlannedFault(fault, begins: begins, lasts: shortest + random.upTo(fault.longest)))
        }
        faultsEnd = Instant(nanoseconds: 0) + start
        othersEnd = faultsEnd
        intercept(from: start, for: duration)
        faults.sort { $0.begins < $1.begins }
        dropOverlaps()
        othersEnd = faults.reduce(faultsEnd) { max($0, $1.isOver) }
        // Last, so that the others keep their positions.
        forgeRecords(from: start, for: duration)
        faultsEnd = faults.reduce(othersEnd) { max($0, $1.isOver) }
    }

    /// The same trial with the faults at these positions alone.
    package func keeping(_ places: [Int]) -> FaultPlan {
        var plan = self
        plan.faults = places.filter(faults.indices.contains).map { faults[$0] }
        plan.faultsEnd = plan.faults.reduce(othersEnd) { max($0, $1.isOver) }
        return plan
    }

    /// In every third world an attacker is on a path; the hosts have a key then, for without one nothing is
    /// promised.
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

    /// In every third world one or two members write records in the name of others.
    private mutating func forgeRecords(from start: TimeSpan, for duration: TimeSpan) {
        // Of a source of its own: the other faults of each seed are as they would be without.
        var random = VirtualRandom(seed: seed ^ 0xF0_6ED)
        guard random.below(3) == 0 else { return }
        for _ in 0...random.below(2) {
            let liar = random.below(settings.nodes)
            let victim = (liar + 1 + random.below(settings.nodes - 1)) % settings.nodes
            let lie = random.pick(RecordLie.allCases)
            let rate = random.pick(lie == .flood ? [200, 500] : [1, 5, 20, 100])
            let planned = PlannedFault(
                .forgedRecords(by: liar, about: victim, lie, perSecond: rate),
                begins: Instant(nanoseconds: 0) + start + random.upTo(duration),
                lasts: .milliseconds(500) + random.upTo(.seconds(8)))
            if !isOverlap(planned), !isForgotten(planned) { faults.append(planned) }
        }
    }

    /// Whether another fault restarts the host that this one has to restart, at about the same time.
    private func isOverlap(_ planned: PlannedFault) -> Bool {
        guard let host = planned.fault.restarted else { return false }
        return faults.contains { other in
            other.fault.restarted == host && planned.begins <= other.ends + .seconds(3)
                && other.begins <= planned.ends + .seconds(3)
        }
    }

    /// Whether it names an incarnation to come of a host that loses what it has stored, and takes its next one from
    /// the wall clock.
    private func isForgotten(_ planned: PlannedFault) -> Bool {
        guard planned.fault.restarted != nil else { return false }
        return faults.contains { $0.fault.losesState && $0.fault.restarted == planned.fault.restarted }
    }

    /// Two faults that end the incarnation of one host, or that need its identity, would undo each other.
    ///
    /// A host that has lost its state knows its next incarnation by the wall clock alone, so that must not
    /// have gone back.
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
        case .crash(let host, _, _), .leave(let host), .clone(let host), .restart(let host, _): host
        case .lie(_, let victim): victim
        case .forgedRecords(_, let victim, let lie, _): lie.needsRestart ? victim : nil
        default: nil
        }
    }
}

extension Fault {
    /// The longest that it lasts beyond the shortest.
    fileprivate var longest: TimeSpan {
        switch self {
        case .restart: .seconds(3)
        case .pause, .freeze: .seconds(5)
        default: .seconds(12)
        }
    }

    /// Whether a host comes back without what it had stored.
    var losesState: Bool {
        if case .crash(_, _, let losesState) = self { losesState } else { false }
    }
}

extension ClusterSettings {
    /// How long after a fault everything is as before: windows of delays are full again, and peers that flapped have
    /// been heard often enough.
    package var settling: TimeSpan { interval * 45 + .seconds(3) }

    /// How long after it nothing of it is remembered, but for shares of lost messages: the longest round trip is, for up to
    /// 8 s or 32 heartbeats.
    package var forgetting: TimeSpan { max(settling, .seconds(8) + interval * 2) }
}
