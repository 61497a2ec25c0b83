public import CausalClock

/// What the positions of the peers hold: names, and when each was heard.
extension Monitor {
    /// The name of the peer at an index.
    public func id(ofPeer index: Int) -> HostID { peers[index].id }

    /// The incarnation of the peer at an index, as far as it was heard.
    public func epoch(ofPeer index: Int) -> Epoch? { peers[index].epoch }

    /// The position of a peer, or `nil` when it is not watched.
    public func index(of id: HostID) -> Int? {
        let place = names.partitioningIndex { $0 >= id }
        return place < names.count && names[place] == id ? place : nil
    }

    /// How long an answer of the peer at an index may take, as its round trips so far say.
    public func answerTime(ofPeer index: Int) -> TimeSpan { peers.ask(index) { $0.pingRound.lastWait } }

    /// When the peer at an index was overdue, or will be.
    func overdueSince(_ index: Int) -> Instant { peers.ask(index) { overdueSince($0) } }

    func overdueSince(_ peer: borrowing Peer) -> Instant {
        guard let heard = peer.lastHeard else { return peer.watchedSince + peer.interval + peer.margin }
        return heard + peer.interval + peer.margin
    }

    /// Whether the peer at an index was heard after an instant.
    func isHeard(_ index: Int, after instant: Instant) -> Bool {
        guard let heard = peers[index].lastHeard else { return false }
        return heard > instant
    }

    /// When the peer at an index was last heard; the start, if never.
    func lastHeard(_ index: Int) -> Instant {
        guard let heard = peers[index].lastHeard else { return peers[index].watchedSince }
        return heard
    }

    /// Whether the peer at an index had left or was suspected already at an instant, or its daemon had ended well before: its
    /// silence is of its own.
    func wasGone(_ index: Int, at instant: Instant) -> Bool {
        let state = peers[index].state
        if let words = peers[index].lastWords.arrived {
            let patience = peers.ask(index) { $0.interval + $0.margin }
            if words + patience < instant { return true }
        }
        return state == .left || (state == .suspected && peers[index].stateSince <= instant)
    }

    /// The instant as of which silence is judged: what arrived by then has been read.
    func judgementTime(at now: Instant) -> Instant { now - health.reading.bound }
}
