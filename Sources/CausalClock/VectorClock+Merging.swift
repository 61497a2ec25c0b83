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
    /// Whether a host with gaps in its clock began a new life, so that it can fill them no more.
    public internal(set) var hasLostLife = false
}

extension VectorClock {
    /// Takes over what is later in `received`, entry by entry, and never the owner's own entry.
    ///
    /// - Parameters:
    ///   - received: the entries of a message, in strictly ascending order of host.
    ///   - latest: the latest life that is believed of another host; entries of later ones are passed over.
    ///   - isComplete: whether the message tells all that its sender knew and that this clock may lack.
    ///   - lowerBounds: the hosts among `received` whose event had a clock with gaps.
    ///   - admits: asked about each host that this clock has no entry of yet; others' inventions, and hosts that
    ///     were removed, would otherwise stay for ever and be handed on.
    ///   - rising: called with each entry that was later than the one known.
    /// - Returns: what became of them. If anything was passed over the clock has gaps from now on.
    @discardableResult
    public mutating func merge(
        _ received: [Dot], upTo latest: Epoch = Epoch(.max), isComplete: Bool = true,
        lowerBounds: [HostID] = [], admits: (HostID) -> Bool = { _ in true }, rising: (Dot) -> Void
    ) -> MergeResult {
        var index = 0
        var result = MergeResult(isComplete: isComplete)
        for entry in received {
            if entry.host == owner {
                if dot.precedes(entry) { result.ownClaim = entry }
                continue
            }
            index = lowerBoundNear(entry.host, from: index)
            let isKnown = index < entries.count && entries[index].host == entry.host
            let isAdmitted = isKnown || (admits(entry.host) && !isBuried(entry))
            guard entry.epoch <= latest, isAdmitted else {
                result.hasPassedOver = true
                continue
            }
            let isBound = !isComplete || lowerBounds.contains(entry.host)
            if take(entry, at: index, isBound: isBound, &result) { rising(entry) }
        }
        if result.hasPassedOver { result.isComplete = false }
        if !result.isComplete { hasGaps = true }
        return result
    }

    /// Takes over the event that was the sending of a message, which its sender itself told.
    ///
    /// - Parameters:
    ///   - entry: the event; one of the owner itself is passed over.
    ///   - guess: where in `entries` the sender is looked for first.
    ///   - hasGaps: whether the sender's clock had gaps.
    /// - Returns: whether it was later than the one known.
    @discardableResult
    public mutating func merge(_ entry: Dot, near guess: Int = 0, hasGaps: Bool = false) -> Bool {
        guard entry.host != owner else { return false }
        var result = MergeResult(isComplete: true)
        exhume(entry.host)
        let isNews = take(entry, at: lowerBound(of: entry.host, near: guess), isBound: hasGaps, &result)
        if result.hasLostLife || result.hasPassedOver { self.hasGaps = true }
        return isNews
    }

    private mutating func take(_ entry: Dot, at index: Int, isBound: Bool, _ result: inout MergeResult)
        -> Bool
    {
        guard index < entries.count, entries[index].host == entry.host else {
            guard entries.count < Self.maximumEntries else {
                result.hasPassedOver = true
                return false
            }
            insertEntry(entry, at: index)
            setBound(isBound, of: entry.host)
            return true
        }
        let known = entries[index]
        // The same event from a better source: what one told in part another may tell in full.
        if known == entry, !isBound { setBound(false, of: entry.host) }
        guard known.precedes(entry) else { return false }
        if known.epoch < entry.epoch, lowerBounds.contains(entry.host) { result.hasLostLife = true }
        replaceEntry(at: index, by: entry)
        setBound(isBound, of: entry.host)
        return true
    }

    private mutating func setBound(_ isBound: Bool, of host: HostID) {
        // Nearly always there is none, and none is to be added.
        guard isBound || !lowerBounds.isEmpty else { return }
        let place = lowerBounds.partitioningIndex { $0 >= host }
        let isListed = place < lowerBounds.count && lowerBounds[place] == host
        if isBound, !isListed { lowerBounds.insert(host, at: place) }
        if !isBound, isListed { lowerBounds.remove(at: place) }
    }

    /// Both sequences are sorted and mostly hold the same hosts, so the next place is nearly always the very next.
    private func lowerBoundNear(_ host: HostID, from start: Int) -> Int {
        if start < entries.count, entries[start].host == host { return start }
        if start + 1 < entries.count, entries[start + 1].host == host { return start + 1 }
        return lowerBound(of: host, from: start)
    }
}
