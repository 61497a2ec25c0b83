internal import CausalClock

/// What holds after every event and every reload, whatever it was.
///
/// The simulator asks after every turn; debug builds ask after every event of a monitor with at most 64 peers, for the answer
/// costs a check of each.
extension Monitor {
    private static let checkedPeers = 64

    /// The first invariant that does not hold, in words; `nil` while all do.
    public var violatedInvariant: String? {
        if let violation = violatedIsolation ?? violatedLists ?? violatedComponents { return violation }
        for index in peers.indices {
            if let violation = peers.ask(index, { $0.violatedInvariant }) {
                return "\(names[index]): \(violation)"
            }
        }
        return nil
    }

    /// Stops a debug build where an invariant does not hold, next to the event that broke it.
    func assertInvariants() {
        assert(peers.count > Self.checkedPeers || violatedInvariant == nil, violatedInvariant ?? "")
    }

    /// An isolation has supporters, and those are the peers whose silence is blamed on this node.
    private var violatedIsolation: String? {
        guard isolatedSince != nil else {
            return isolation.cohort.isEmpty ? nil : "supporters of no isolation: \(isolation.cohort)"
        }
        let supporters = peers.indices.filter { supportsIsolation($0) }.map { names[$0] }
        guard !supporters.isEmpty else { return "an isolation that no peer supports" }
        return isolation.cohort == supporters
            ? nil : "supporters \(isolation.cohort) are listed, and \(supporters) support the isolation"
    }

    /// The lists that follow from the peers' states agree with them.
    private var violatedLists: String? {
        var silentPeers: [HostID] = []
        for index in peers.indices where peers.ask(index, { $0.isSilent }) {
            silentPeers.append(names[index])
        }
        guard silent == silentPeers else { return "silent are \(silentPeers), and \(silent) are listed" }
        for opinion in opinions {
            guard isolatedSince == nil else { return "an opinion of \(opinion.subject) while isolated" }
            guard let index = index(of: opinion.subject), peers[index].state == .suspected else {
                return "an opinion of \(opinion.subject), which is not suspected"
            }
        }
        return nil
    }

    /// The components agree with themselves, and with the peers.
    private var violatedComponents: String? {
        var uncovered = 0
        for index in peers.indices where !peers[index].incarnation.coverage.isCovered { uncovered += 1 }
        guard coverage.uncovered == uncovered else {
            return "\(uncovered) peers are not covered, and \(coverage.uncovered) are counted"
        }
        return renewal.violatedInvariant ?? questions.violatedInvariant ?? opinionBook.violatedInvariant
    }
}

extension Peer {
    /// The first invariant of this peer that does not hold, in words; `nil` while all do.
    fileprivate var violatedInvariant: String? {
        if watch.isOpen != isSilent { return "\(state.rawValue), while watched as silent: \(watch.isOpen)" }
        if isWatched, deadline == Instant(nanoseconds: .min) { return "watched without a deadline" }
        if suspicion?.review == .never { return "suspected without a review" }
        return probes.violatedInvariant
    }
}

extension ProbeRecord {
    /// The first invariant of the pings that does not hold, in words; `nil` while all do.
    fileprivate var violatedInvariant: String? {
        if unsent > attempts { return "\(unsent) of \(attempts) pings never left" }
        // Spelled out: debug builds ask after every event, and do not inline what `zip` is made of.
        var latest = Instant(nanoseconds: .min)
        for probe in remembered {
            if probe.sent < latest { return "pings out of order" }
            latest = probe.sent
        }
        return nil
    }
}
