internal import CausalClock

/// Which entries a PARTIAL clock carries: the addressee's own and those of silent hosts, by which broken links are told
/// from crashes; then, in up to half of the room, those that changed last; then, in up to a quarter, all in turn; then
/// those that changed first after the baseline, so that the addressee may catch up.
struct ClockSelection: Sendable {
    /// For each entry, whether it is chosen.
    private(set) var isChosen: [Bool] = []
    /// How many are.
    private(set) var count = 0
    /// The event of the clock's owner up to which all changes after the baseline are chosen.
    private(set) var through: UInt64 = 0
    private var room = 0

    /// Chooses.
    ///
    /// - Parameters:
    ///   - clock: whose entries they are.
    ///   - addressee: to whom they go.
    ///   - silent: the hosts that are overdue or suspected, in the order of their importance.
    ///   - baseline: the event up to which the addressee has all changes.
    ///   - room: the bytes there are.
    ///   - rotation: where the turn of all begins; moved on.
    mutating func choose(
        from clock: VectorClock, for addressee: HostID, silent: [HostID], since baseline: UInt64, room: Int,
        rotation: inout Int
    ) {
        isChosen.removeAll(keepingCapacity: true)
        for _ in clock.entries { isChosen.append(false) }
        count = 0
        self.room = room
        if let place = clock.place(of: addressee) { _ = choose(place, of: clock) }
        for host in silent {
            if let place = clock.place(of: host) { _ = choose(place, of: clock) }
        }
        let youngest = Self.age(that: self.room / 2, holds: clock)
        for place in clock.entries.indices where Self.age(place, of: clock) < youngest {
            _ = choose(place, of: clock)
        }
        chooseInTurn(clock, leaving: self.room / 2, from: &rotation)
        catchUp(clock, since: baseline)
        // What is left is too little to catch up with more; others' turn comes the sooner.
        chooseInTurn(clock, leaving: 0, from: &rotation)
    }

    /// Chooses as many as fit of those that changed first after the baseline.
    private mutating func catchUp(_ clock: VectorClock, since baseline: UInt64) {
        var (low, high) = (baseline, max(baseline, clock.counter))
        while low < high {
            let middle = low + (high - low + 1) / 2
            if missing(in: clock, since: baseline, through: middle) <= room {
                low = middle
            } else {
                high = middle - 1
            }
        }
        through = low
        for place in clock.entries.indices where isMissing(place, in: clock, since: baseline, through: low) {
            _ = choose(place, of: clock)
        }
    }

    /// The bytes that all changes after the baseline, up to another event, still need.
    private func missing(in clock: VectorClock, since baseline: UInt64, through: UInt64) -> Int {
        var sum = 0
        for place in clock.entries.indices
        where isMissing(place, in: clock, since: baseline, through: through) {
            sum += MessageEncoder.length(of: clock.entries[place])
        }
        return sum
    }

    private func isMissing(
        _ place: Int, in clock: VectorClock, since baseline: UInt64, through: UInt64
    ) -> Bool {
        !isChosen[place] && clock.changedAt[place] > baseline && clock.changedAt[place] <= through
    }

    private mutating func chooseInTurn(_ clock: VectorClock, leaving rest: Int, from rotation: inout Int) {
        let total = clock.entries.count
        if rotation >= total { rotation = 0 }
        for _ in 0..<total {
            guard isChosen[rotation] || (room > rest && choose(rotation, of: clock)) else { return }
            rotation = rotation + 1 < total ? rotation + 1 : 0
        }
    }

    private mutating func choose(_ place: Int, of clock: VectorClock) -> Bool {
        let length = MessageEncoder.length(of: clock.entries[place])
        guard !isChosen[place], length <= room else { return isChosen[place] }
        isChosen[place] = true
        count += 1
        room -= length
        return true
    }

    /// How long ago an entry changed: the number of bits of the number of our events since.
    private static func age(_ place: Int, of clock: VectorClock) -> Int {
        let changed = clock.changedAt[place]
        return UInt64.bitWidth - (clock.counter - min(changed, clock.counter)).leadingZeroBitCount
    }

    /// The age below which all entries together have a place in `room` bytes.
    private static func age(that room: Int, holds clock: VectorClock) -> Int {
        var lengths = InlineArray<65, Int>(repeating: 0)
        for place in clock.entries.indices {
            lengths[age(place, of: clock)] += MessageEncoder.length(of: clock.entries[place])
        }
        var sum = 0
        for age in lengths.indices {
            sum += lengths[age]
            if sum > room { return age }
        }
        return lengths.count
    }
}
