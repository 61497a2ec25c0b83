internal import CausalClock

/// Keeps each peer's position: among the deadlines, among the silent, and among those whose silence is blamed on
/// this node.
extension Monitor {
    /// Sets the first checks of the peers' targets 10 ms apart: many searches in one turn would be a stall of our
    /// own.
    ///
    /// Those that fall due later stay where they are.
    mutating func spreadTuning(from now: Instant) {
        for index in peers.indices where peers[index].tuner.map({ $0.due <= now }) ?? false {
            peers[index].postponeTuning(to: now + .milliseconds(10) * Int64(index))
        }
    }

    /// Puts a peer in its position among the deadlines and among the silent.
    mutating func schedule(_ index: Int) {
        let late = health.reading.bound
        deadlines.set(peers.ask(index) { $0.nextDeadline(late: late) }, of: index)
        if isolation.since != nil { isolation.note(names[index], isBlamed: supportsIsolation(index)) }
        let isSilent = peers.ask(index) { $0.isSilent }
        if isSilent != peers[index].watch.isOpen { followSilence(of: index, isSilent) }
    }

    /// The state of the peer at an index has changed: its silence begins, or is over.
    private mutating func followSilence(of index: Int, _ isSilent: Bool) {
        let place = silent.partitioningIndex { $0 >= names[index] }
        if isSilent {
            peers[index].watch.begin(next: clock.counter + 1, at: peers[index].stateSince)
            silent.insert(names[index], at: place)
        } else {
            peers[index].watch.end()
            silent.remove(at: place)
        }
    }

    /// Lists the silent peers anew: a reload changes the list, and no silence.
    mutating func relistSilent() {
        silent.removeAll(keepingCapacity: true)
        for index in peers.indices where peers[index].watch.isOpen { silent.append(names[index]) }
    }

    /// Puts every peer in its position.
    mutating func scheduleAll() {
        for index in peers.indices { schedule(index) }
    }

    /// Keeps the longest patience; one that is learnt, or that follows our pings, counts as longer than any other.
    mutating func notePatience(with index: Int, at now: Instant) {
        let (patience, interval) = peers.ask(index) { ($0.timetablePatience, $0.interval) }
        slowestPatience.note(
            patience ?? .seconds(86_400), at: now, memory: max(PathDelays.memory, interval * 16))
    }
}
