public import CausalClock

/// How far one host had come in a state in which all hosts may have been together, and which hosts it suspected
/// there.
public struct CutFront: Sendable, Hashable {
    /// Its latest event in that state.
    public var reach: Dot
    /// Its latest event of which we know the whole list of hosts that it suspected; `nil` when there is none yet in that
    /// incarnation.
    public var reported: Dot?
    /// When that arrived; `nil` for ourselves.
    public var arrived: Instant?
    /// Which hosts it suspected there, ascending, and why.
    public var suspects: [Belief]

    /// One of the hosts that a host suspects.
    public struct Belief: Sendable, Hashable {
        /// Which host.
        public var peer: HostID
        /// Why.
        public var verdict: Verdict
    }

    /// Whether the host suspected these and no others at `reach`; otherwise that may have changed since it
    /// reported.
    public var isCurrent: Bool { reported == reach }
}

extension Monitor {
    /// The state that all hosts may have been in together when our latest event happened: everything that could have
    /// influenced it, ourselves first, then the others ascending.
    ///
    /// With every event its causes are in it (Mattern, 1989), so the cut is consistent; if our clock is
    /// not exact, hosts may have been further. What each suspected is known as of the event at which it last showed
    /// it (`Event.opinions`, `noteSameOpinions`), and that event is in the state, too.
    ///
    /// Takes time in proportion to the entries of the clock and the witnesses, whatever they are about.
    public var presentCut: [CutFront] {
        let own = opinions.map { CutFront.Belief(peer: $0.subject, verdict: $0.verdict) }
        let beliefs = beliefsByHost
        return [CutFront(reach: clock.dot, reported: clock.dot, suspects: own)]
            + clock.entries.map { entry in
                guard let index = index(of: entry.host), let reported = peers[index].incarnation.lastOpinions,
                    reported.dot.epoch == entry.epoch
                else { return CutFront(reach: entry, suspects: []) }
                return CutFront(
                    reach: entry, reported: reported.dot, arrived: reported.arrived, suspects: beliefs[index])
            }
    }

    /// Which hosts the peer at each position suspects, as it reported last in the incarnation in which it did: in
    /// one pass over all witnesses.
    private var beliefsByHost: [[CutFront.Belief]] {
        var beliefs = [[CutFront.Belief]](repeating: [], count: peers.count)
        for subject in peers.indices {
            for witness in peers[subject].witnesses.items {
                guard let index = index(of: witness.dot.host),
                    let reported = peers[index].incarnation.lastOpinions,
                    reported.dot.epoch == witness.dot.epoch,
                    beliefs[index].last?.peer != names[subject]
                else { continue }
                beliefs[index].append(
                    CutFront.Belief(peer: names[subject], verdict: witness.verdict))
            }
        }
        return beliefs
    }
}
