/// Does a clock include *everything* that may have influenced its owner?
///
/// An owner's clock has *gaps* while it has taken in a part only of some sender's clock, and no later message of that
/// sender has reported the rest. Whether it had gaps travels with every event of the owner: with the message that
/// is the event, and in others' clocks with their entry of the owner (`lowerBounds`).
///
/// A clock without gaps whose entries are all of events without gaps is exact. For let *e* be the latest event of the
/// past of *f* that *f*'s clock does not include. On the way from *e* to *f* some event *r* took in a message without
/// its news of *e*. *r* is later than *e*, so *f* does include *r*, and with it an event of *r*'s host without gaps,
/// by which the host had learnt of *e* after all. From there on to *f* the same holds again; a way has a finite
/// number of events, so the last of them carried *f*.
extension VectorClock {
    /// Whether the clock includes all that happened before; if not, all that it includes did.
    public var isExact: Bool { !hasGaps && lowerBoundCount == 0 }

    /// The hosts whose latest known event had a clock with gaps, ascending.
    public var lowerBounds: [HostID] { entries.indices.filter { isLowerBound[$0] }.map { entries[$0].host } }

    /// Notes that something may have influenced the owner that the clock did not take in.
    public mutating func noteGap() { hasGaps = true }

    /// Notes whether the event of the entry at an index had a clock with gaps.
    mutating func setLowerBound(_ isBound: Bool, at place: Int) {
        guard isLowerBound[place] != isBound else { return }
        isLowerBound[place] = isBound
        lowerBoundCount += isBound ? 1 : -1
    }

    /// Notes that all that was passed over is known now.
    public mutating func closeGaps() { hasGaps = false }
}

/// Hosts that were removed.
///
/// A maximum never forgets: without a mark for the removed, a host that has not heard of the removal would bring
/// the host back with its next message. The mark is the host's latest known event; what others report of that
/// incarnation, or of an earlier one, is passed over. If the host itself is heard again its entry continues where
/// it was, so that no clock ever goes back.
extension VectorClock {
    /// The most removed hosts that are remembered; beyond it the one whose incarnation is the oldest is forgotten.
    public static let maximumRemoved = 1_024

    /// Forgets what is known of `host`, until it is heard directly or others mention a later incarnation of it.
    public mutating func remove(_ host: HostID) {
        guard let index = index(of: host) else { return }
        let isLowerBound = isLowerBound[index]
        recordTombstone(Tombstone(entry: removeEntry(at: index), isLowerBound: isLowerBound))
    }

    /// Takes back that `host` was removed: its entry is as it was, and what others report of it counts again.
    ///
    /// They do not repeat what this clock had: of a host that ended meanwhile nothing would ever be known.
    public mutating func restore(_ host: HostID) { restoreFromTombstone(host) }

    private mutating func recordTombstone(_ tombstone: Tombstone) {
        removed.removeAll { $0.entry.host == tombstone.entry.host }
        if removed.count >= Self.maximumRemoved,
            let oldest = removed.indices.min(by: { removed[$0].entry.epoch < removed[$1].entry.epoch })
        {
            removed.remove(at: oldest)
        }
        removed.append(tombstone)
    }

    /// Whether `entry` is of an incarnation that had begun when its host was removed.
    func isTombstoned(_ entry: Dot) -> Bool {
        removed.contains { $0.entry.host == entry.host && entry.epoch <= $0.entry.epoch }
    }

    /// Continues with the entry of a host that was removed and is heard again.
    mutating func restoreFromTombstone(_ host: HostID) {
        guard let place = removed.firstIndex(where: { $0.entry.host == host }) else { return }
        let tombstone = removed.remove(at: place)
        let index = lowerBound(of: host)
        guard entries.count < Self.maximumEntries, index == entries.count || entries[index].host != host
        else {
            return
        }
        insertEntry(tombstone.entry, at: index)
        setLowerBound(tombstone.isLowerBound, at: index)
    }
}

/// What is kept of a host that was removed.
struct Tombstone: Sendable, BitwiseCopyable {
    /// Its latest known event.
    var entry: Dot
    /// Whether that event had a clock with gaps.
    var isLowerBound: Bool
}
