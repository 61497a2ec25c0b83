internal import CausalClock
internal import FailureDetection

/// Which entries of a clock a message carries.
///
/// The work follows the number of entries that are chosen, not that of the hosts there are: a daemon with a thousand
/// peers sends ten thousand messages a second.
struct ClockSelection: Sendable {
    /// The positions of the entries chosen, ascending.
    private(set) var places: [Int] = []
    /// The event of the clock's owner up to which all changes after the baseline are chosen.
    private(set) var through: UInt64 = 0
    private var isChosen: [Bool] = []
    private var space = 0

    /// Chooses for a DELTA: the addressee's own entry and all that changed after the baseline.
    ///
    /// - Parameters:
    ///   - clock: whose entries they are.
    ///   - addressee: the position of the entry of the host to which they go; `nil` when it has none.
    ///   - baseline: the event up to which the addressee has all changes.
    ///   - space: the bytes there are.
    /// - Returns: whether there is space for them.
    mutating func chooseChanges(
        of clock: VectorClock, for addressee: Int?, since baseline: UInt64, space: Int
    ) -> Bool {
        begin(clock, space: space)
        let first = clock.firstChange(after: baseline)
        // Each entry has one latest change, so all others in the list are stale; at least these are not.
        let least = clock.entries.count - first
        guard least * MessageEncoder.shortestEntry <= space else { return false }
        // It is always included: the addressee may have been started with an epoch that is too low.
        if let addressee, !choose(addressee, of: clock) { return false }
        return catchUp(clock, since: baseline)
    }

    /// Chooses for a PARTIAL clock: the addressee's own entry and those of silent hosts, by which broken links are
    /// distinguished from crashes; then, in up to half of the space, those that changed last; then, in up to a quarter,
    /// all in turn; then those that changed first after the baseline, so that the addressee may catch up.
    ///
    /// - Parameters:
    ///   - clock: whose entries they are.
    ///   - addressee: the position of the entry of the host to which they go; `nil` when it has none.
    ///   - silent: the hosts that are overdue or suspected, in the order of their importance.
    ///   - baseline: the event up to which the addressee has all changes.
    ///   - space: the bytes there are.
    ///   - rotation: where the turn of all begins; moved on.
    mutating func choose(
        from clock: VectorClock, for addressee: Int?, silent: [HostID], since baseline: UInt64, space: Int,
        rotation: inout Int
    ) {
        begin(clock, space: space)
        if let addressee { _ = choose(addressee, of: clock) }
        for host in silent {
            // Thousands may be silent, and thousands of messages mention it: nothing is read beyond the space.
            if let place = clock.index(of: host), !choose(place, of: clock) { break }
        }
        chooseLatest(clock, leaving: self.space / 2)
        chooseInTurn(clock, leaving: self.space / 2, from: &rotation)
        _ = catchUp(clock, since: baseline)
        // What is left is too little to catch up with more; others' turn comes the sooner.
        chooseInTurn(clock, leaving: 0, from: &rotation)
    }

    private mutating func begin(_ clock: VectorClock, space: Int) {
        for place in places { isChosen[place] = false }
        places.removeAll(keepingCapacity: true)
        while isChosen.count < clock.entries.count { isChosen.append(false) }
        self.space = space
    }

    /// Chooses those that changed last.
    private mutating func chooseLatest(_ clock: VectorClock, leaving rest: Int) {
        var index = clock.changes.count
        while index > 0, space > rest {
            index -= 1
            let change = clock.changes[index]
            guard !clock.isLatest(change) || choose(change.index, of: clock, leaving: rest) else { return }
        }
    }

    /// Chooses as many as fit of those that changed first after the baseline.
    ///
    /// - Returns: whether all did.
    private mutating func catchUp(_ clock: VectorClock, since baseline: UInt64) -> Bool {
        through = max(baseline, clock.counter)
        for index in clock.firstChange(after: baseline)..<clock.changes.count {
            let change = clock.changes[index]
            guard clock.isLatest(change), !choose(change.index, of: clock) else { continue }
            through = change.event - 1
            return false
        }
        return true
    }

    private mutating func chooseInTurn(_ clock: VectorClock, leaving rest: Int, from rotation: inout Int) {
        let total = clock.entries.count
        if rotation >= total { rotation = 0 }
        for _ in 0..<total {
            guard isChosen[rotation] || (space > rest && choose(rotation, of: clock)) else { return }
            rotation = rotation + 1 < total ? rotation + 1 : 0
        }
    }

    /// - Returns: whether the entry is chosen now.
    private mutating func choose(_ place: Int, of clock: VectorClock, leaving rest: Int = 0) -> Bool {
        let length = MessageEncoder.length(of: clock.entries[place])
        guard !isChosen[place], length <= space - rest else { return isChosen[place] }
        isChosen[place] = true
        space -= length
        var index = places.count
        while index > 0, places[index - 1] > place { index -= 1 }
        places.insert(place, at: index)
        return true
    }
}
