/// In which order the entries changed.
///
/// A host that has the clock as it was at some event of the owner lacks the entries that changed after it. With a
/// thousand hosts these are to be found without a check of all the others, for each of ten thousand messages a
/// second.
extension VectorClock {
    /// That an entry changed.
    public struct Change: Sendable, BitwiseCopyable, Hashable {
        /// The owner's event that was the first to know it.
        public var event: UInt64
        /// The entry's position.
        public var index: Int
    }

    /// Whether the entry has not changed again since.
    @inlinable
    public func isLatest(_ change: Change) -> Bool { changedAt[change.index] == change.event }

    /// Where in `changes` those after an event of the owner begin.
    public func firstChange(after event: UInt64) -> Int {
        changes.partitioningIndex { $0.event > event }
    }

    /// Replaces an entry by a later one of its host.
    ///
    /// Merging comes before the tick of the event that it belongs to.
    mutating func replaceEntry(at place: Int, by entry: Dot) {
        entries[place].epoch = entry.epoch
        entries[place].counter = entry.counter
        guard changedAt[place] != counter &+ 1 else { return }
        changedAt[place] = counter &+ 1
        noteChange(of: place)
    }

    mutating func insertEntry(_ entry: Dot, at place: Int) {
        entries.insert(entry, at: place)
        changedAt.insert(counter &+ 1, at: place)
        isLowerBound.insert(false, at: place)
        for index in changes.indices where changes[index].index >= place { changes[index].index += 1 }
        noteChange(of: place)
    }

    mutating func removeEntry(at place: Int) -> Dot {
        setLowerBound(false, at: place)
        isLowerBound.remove(at: place)
        changedAt.remove(at: place)
        changes.removeAll { $0.index == place }
        for index in changes.indices where changes[index].index > place { changes[index].index -= 1 }
        return entries.remove(at: place)
    }

    /// In a new incarnation of the owner its first event is the first to know anything.
    mutating func restartChanges() {
        changes.removeAll(keepingCapacity: true)
        for place in changedAt.indices {
            changedAt[place] = 1
            changes.append(Change(event: 1, index: place))
        }
    }

    /// What has changed again since is dropped when it makes up a fifth of the list: readers pass over
    /// it.
    private mutating func noteChange(of place: Int) {
        if changes.count >= entries.count + entries.count / 4 + 16 {
            let changedAt = changedAt
            changes.removeAll { changedAt[$0.index] != $0.event }
        }
        changes.append(Change(event: changedAt[place], index: place))
    }
}
