/// What became of the entries of a message.
public struct MergeResult: Sendable, Hashable {
    /// The owner's own entry, when the message claims a later event than the owner has had.
    ///
    /// No honest message can: it means two processes with one identity, a restored snapshot, or a lie.
    public internal(set) var ownClaim: Dot?
    /// Whether all that the sender knew is known now.
    public internal(set) var isComplete: Bool
    /// Whether an entry was passed over.
    public internal(set) var hasPassedOver = false
    /// Whether a host with gaps in its clock began a new incarnation, so that it can fill them no more.
    public internal(set) var hasLostIncarnation = false
}

extension VectorClock {
    /// Takes over what is later in `received`, entry by entry, and never the owner's own entry.
    ///
    /// - Parameters:
    ///   - received: the entries of a message, in strictly ascending order of host.
    ///   - latest: the latest incarnation that is believed of another host; entries of later ones are passed over.
    ///   - isComplete: whether the message carries all that its sender knew and that this clock may lack.
    ///   - lowerBounds: the hosts among `received` whose event had a clock with gaps, in the same order.
    ///   - admits: asked about each host that this clock has no entry of yet; others' inventions, and hosts that
    ///     were removed, would otherwise stay indefinitely and be handed on.
    ///   - rising: called with each entry that was later than the one known.
    /// - Returns: what became of them. If anything was passed over the clock has gaps from now on.
    @discardableResult
    public mutating func merge(
        _ received: [Dot], upTo latest: Epoch = Epoch(.max), isComplete: Bool = true,
        lowerBounds: [HostID] = [], admits: (HostID) -> Bool = { _ in true }, rising: (Dot) -> Void
    ) -> MergeResult {
        var index = 0
        var bound = 0
        var result = MergeResult(isComplete: isComplete)
        for entry in received {
            let isNamed = bound < lowerBounds.count && lowerBounds[bound] == entry.host
            if isNamed { bound += 1 }
            if entry.host == owner {
                if dot.precedes(entry) { result.ownClaim = entry }
                continue
            }
            index = lowerBoundNear(entry.host, from: index)
            let isKnown = index < entries.count && entries[index].host == entry.host
            let isAdmitted = isKnown || (admits(entry.host) && !isTombstoned(entry))
            guard entry.epoch <= latest, isAdmitted else {
                result.hasPassedOver = true
                continue
            }
            if take(entry, at: index, isKnown: isKnown, isBound: isNamed || !isComplete, &result) {
                rising(entry)
            }
        }
        if result.hasPassedOver { result.isComplete = false }
        if !result.isComplete { hasGaps = true }
        return result
    }

    /// Takes over the event that was the sending of a message, which its sender itself reported.
    ///
    /// - Parameters:
    ///   - entry: the event; one of the owner itself is passed over.
    ///   - guess: where in `entries` the sender is searched for first.
    ///   - hasGaps: whether the sender's clock had gaps.
    /// - Returns: whether it was later than the one known.
    @discardableResult
    public mutating func merge(_ entry: Dot, near guess: Int = 0, hasGaps: Bool = false) -> Bool {
        guard entry.host != owner else { return false }
        var result = MergeResult(isComplete: true)
        restoreFromTombstone(entry.host)
        let index = lowerBound(of: entry.host, near: guess)
        let isKnown = index < entries.count && entries[index].host == entry.host
        let isNews = take(entry, at: index, isKnown: isKnown, isBound: hasGaps, &result)
        if result.hasLostIncarnation || result.hasPassedOver { self.hasGaps = true }
        return isNews
    }

    /// - Returns: whether the entry is later than what was known.
    private mutating func take(
        _ entry: Dot, at index: Int, isKnown: Bool, isBound: Bool, _ result: inout MergeResult
    ) -> Bool {
        isKnown
            ? replace(by: entry, at: index, isBound: isBound, &result)
            : insert(entry, at: index, isBound: isBound, &result)
    }

    private mutating func insert(_ entry: Dot, at index: Int, isBound: Bool, _ result: inout MergeResult)
        -> Bool
    {
        guard entries.count < Self.maximumEntries else {
            result.hasPassedOver = true
            return false
        }
        insertEntry(entry, at: index)
        setLowerBound(isBound, at: index)
        return true
    }

    private mutating func replace(
        by entry: Dot, at index: Int, isBound: Bool, _ result: inout MergeResult
    ) -> Bool {
        let (epoch, counter) = (entries[index].epoch, entries[index].counter)
        guard (epoch, counter) < (entry.epoch, entry.counter) else {
            // The same event from a better source: what one reported in part another may report in full.
            if epoch == entry.epoch, counter == entry.counter, !isBound { setLowerBound(false, at: index) }
            return false
        }
        if epoch < entry.epoch, isLowerBound[index] { result.hasLostIncarnation = true }
        replaceEntry(at: index, by: entry)
        setLowerBound(isBound, at: index)
        return true
    }

    /// Both sequences are sorted and mostly hold the same hosts, so the next position is nearly always the very next.
    private func lowerBoundNear(_ host: HostID, from start: Int) -> Int {
        for place in start..<min(start + 3, entries.count) where entries[place].host == host { return place }
        return lowerBound(of: host, from: start)
    }
}
