internal import CausalClock

/// The isolation of this node: since when it blames a silence on itself, and whose.
///
/// Invariant, after every event and every reload: `since` is `nil` exactly when `cohort` is empty. So an isolation ends
/// with the last peer that supports it, however that peer goes: heard again, left, or removed by a reload.
struct IsolationTracker: Sendable {
    /// Since when; `nil` while this node is not isolated.
    private(set) var since: Instant?
    /// The blamed silence is that of the peers last heard by this instant; `.never` where it is that of all peers.
    private(set) var heardUpTo = Instant.never
    /// The suspected peers whose silence is blamed on this node, ascending.
    private(set) var cohort: [HostID] = []
    /// The end that a reload brought, until the next event emits it.
    private(set) var unreportedEnd: (at: Instant, duration: TimeSpan)?

    /// Whether it has lost its last supporter and must end with the present event.
    var isUnsupported: Bool { since != nil && cohort.isEmpty }

    /// Begins, or resumes, an isolation; its supporters are noted next.
    mutating func begin(at instant: Instant, heardUpTo latest: Instant) {
        (since, heardUpTo) = (instant, latest)
        recount()
    }

    /// Counts the peers that fell silent up to `latest` in.
    mutating func widen(upTo latest: Instant) { heardUpTo = max(heardUpTo, latest) }

    /// Notes whether a peer supports the isolation.
    mutating func note(_ peer: HostID, isBlamed: Bool) {
        let place = cohort.partitioningIndex { $0 >= peer }
        let isMember = place < cohort.count && cohort[place] == peer
        guard isMember != isBlamed else { return }
        if isBlamed { cohort.insert(peer, at: place) } else { cohort.remove(at: place) }
    }

    /// Forgets the supporters; each that is still watched is noted again next.
    mutating func recount() { cohort.removeAll(keepingCapacity: true) }

    /// Ends it.
    ///
    /// - Returns: how long it lasted; `nil` when there was none.
    mutating func end(at now: Instant) -> TimeSpan? {
        guard let since else { return nil }
        self.since = nil
        heardUpTo = .never
        recount()
        return now - since
    }

    /// Keeps the news of an end for the next event.
    mutating func postponeReport(ofEndAt now: Instant, after duration: TimeSpan) {
        unreportedEnd = (now, duration)
    }

    /// Takes the news of an end that was not emitted yet.
    mutating func takeUnreportedEnd() -> TimeSpan? {
        defer { unreportedEnd = nil }
        return unreportedEnd?.duration
    }
}
