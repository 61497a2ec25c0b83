internal import CausalClock

/// How far observers agree that a peer has failed.
public struct Agreement: Sendable, BitwiseCopyable, Hashable {
    /// Observers that suspect it, each by its own timeout, ourselves included.
    public var observers: Int
    /// How many make a quorum; `nil` when there are too few members for one.
    public var needed: Int?
    /// Whether this node is one of them: nothing is confirmed that it does not suspect itself.
    public var includesOwn = true

    /// Counts observers.
    public init(observers: Int, needed: Int?, includesOwn: Bool = true) {
        self.observers = observers
        self.needed = needed
        self.includesOwn = includesOwn
    }

    /// Counts this node's own suspicion.
    mutating func includeOwn() { (observers, includesOwn) = (observers + 1, true) }

    /// Whether the observers are a quorum.
    public var isQuorum: Bool { includesOwn && needed.map { observers >= $0 } ?? false }
}

/// Which hosts share a suspicion, and which of them count.
extension Monitor {
    /// Whether a quorum shares our suspicion of the peer at an index.
    func isShared(_ index: Int) -> Bool {
        let agreement = agreement(on: index)
        return agreement.isQuorum || (peers[index].suspicion?.heldUntil != nil && agreement.includesOwn)
    }

    /// Whether this node suspects the peer at an index and does not consider itself isolated.
    func isOwnOpinion(_ index: Int) -> Bool {
        guard peers[index].state == .suspected, isolatedSince == nil, let suspicion = peers[index].suspicion,
            suspicion.hasVote,
            suspicion.verdict.cause != .isolated, let event = suspicion.event
        else { return false }
        // A suspicion is of the incarnation in whose silence it was made.
        return event.epoch >= latestIncarnation(of: index)
    }

    /// The latest incarnation of a peer that we know of, directly or through others; 0 for none.
    func latestIncarnation(of index: Int) -> Epoch {
        max(peers[index].epoch ?? Epoch(0), clock.latest(of: peers[index].id)?.epoch ?? Epoch(0))
    }

    /// Whether others said, before now, that they suspect the present incarnation of a peer.
    func isSuspectedByOthers(_ index: Int) -> Bool {
        let incarnation = latestIncarnation(of: index)
        return peers[index].witnesses.items.contains { $0.concerns(incarnation) }
    }

    /// How far observers agree about the peer at an index.
    public func agreement(on index: Int) -> Agreement {
        let others = peers[index].witnesses.items.count { counts($0, on: index) }
        let isOwn = isOwnOpinion(index)
        return Agreement(
            observers: isOwn ? others + 1 : others, needed: quorum.needed(ofMembers: count + 1),
            includesOwn: isOwn)
    }

    /// Whether a witness against the peer at an index adds to the quorum now.
    public func counts(_ witness: Witness, on index: Int) -> Bool {
        isBelieved(witness) && witness.concerns(latestIncarnation(of: index))
    }

    /// Whether a witness is not suspected now, in the incarnation in which it said so.
    public func isBelieved(_ witness: Witness) -> Bool {
        guard let observer = index(of: witness.dot.host), peers[observer].epoch == witness.dot.epoch else {
            return false
        }
        return peers[observer].state == .trusted || peers[observer].state == .pending
    }

    /// Which other hosts suspect the peer at an index, in order of name.
    public func witnesses(ofPeer index: Int) -> [Witness] { peers[index].witnesses.items }
}
