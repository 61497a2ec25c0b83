/// A vector clock: for every host, the latest of its events that may have influenced this one.
///
/// Fidge (1988) and Mattern (1989): each host counts its own events; every message carries the sender's counts; a
/// receiver takes the larger of each. Then an event *e* happened before *f* exactly when *f*'s clock has reached *e*
/// at *e*'s host. Entries are pairs of incarnation and counter, compared lexicographically, so a restarted
/// host starts again at 1 without seeming to go back.
///
/// Three rules keep the clock honest. The owner's own entry is never taken from a message. Counters end at
/// `maximumCounter`, and an addition that would pass it is reported, never trapped: a trap would be a remote kill
/// switch. Entries are kept in ascending order of host, which makes merging one pass and encoding deterministic.
///
///     var clock = VectorClock(owner: a, epoch: epoch)
///     clock.tick()                                    // something happened; clock.dot is its name
///     // To send: tick, then send clock.dot and clock.entries. To receive, in this order:
///     clock.merge(message.dot)
///     clock.merge(message.entries) { _ in }
///     clock.tick()                                    // the receipt is an event, too
///     earlier.order(to: clock)                        // .before, .after, .concurrent or .unknown
///
/// A clock that ever took in only a part of another is a lower bound of the truth: what it includes did happen
/// before, but what it does not include may have. It knows that of itself (`isExact`).
public struct VectorClock: Sendable {
    /// The largest counter, 2^53 − 1: what JSON readers and floating-point tools still count exactly.
    public static let maximumCounter: UInt64 = (1 << 53) - 1
    /// The most hosts a clock holds; entries of further hosts are not taken in.
    public static let maximumEntries = 4096

    /// The host whose clock this is.
    public let owner: HostID
    /// The owner's present incarnation.
    public private(set) var epoch: Epoch
    /// The number of the owner's latest event in this incarnation; 0 before the first.
    public private(set) var counter: UInt64 = 0
    /// The latest known event of every other host, in strictly ascending order of host.
    public internal(set) var entries: [Dot] = []
    /// For each of `entries`, the number of the owner's event that was the first to know it.
    ///
    /// A host that has the clock as it was at the owner's event *b* lacks exactly the entries with a larger number than *b*.
    public internal(set) var changedAt: [UInt64] = []
    /// The changes of `entries`, in the order of their events; every latest one is among them (`isLatest`).
    public internal(set) var changes: [Change] = []
    /// For each of `entries`, whether that event had a clock with gaps.
    public internal(set) var isLowerBound: [Bool] = []
    /// How many of them had.
    public internal(set) var lowerBoundCount = 0
    /// Whether something that a message could have carried was not taken in, and was not made good since.
    public internal(set) var hasGaps = false
    /// The latest known event of each host that was removed, in the order of their removal.
    var removed: [Tombstone] = []

    /// Makes the clock of an incarnation.
    ///
    /// - Parameters:
    ///   - owner: the host whose clock it is.
    ///   - epoch: its incarnation.
    ///   - counter: how many events that incarnation has had; none unless given, and `maximumCounter` at most.
    public init(owner: HostID, epoch: Epoch, counter: UInt64 = 0) {
        self.owner = owner
        self.epoch = epoch
        self.counter = min(counter, Self.maximumCounter)
    }

    /// The owner's latest event.
    public var dot: Dot { Dot(host: owner, epoch: epoch, counter: counter) }

    /// Counts one event of the owner.
    ///
    /// - Returns: `false`, and nothing is counted, when the counter has reached `maximumCounter`. At 2,000 events a
    ///   second that takes 143,000 years; the remedy is a new epoch.
    @discardableResult
    public mutating func tick() -> Bool {
        guard counter < Self.maximumCounter else { return false }
        counter += 1
        return true
    }

    /// The latest known event of `host`, or `nil` when none is known.
    public func latest(of host: HostID) -> Dot? {
        if host == owner { return counter > 0 ? dot : nil }
        return index(of: host).map { entries[$0] }
    }

    /// Whether `event` happened before the present, or is the present: its host's entry has reached it.
    public func includes(_ event: Dot) -> Bool {
        guard let known = latest(of: event.host) else { return false }
        return !known.precedes(event)
    }

    /// Begins another incarnation of the owner, which keeps what the one before knew; its first event is
    /// still to be counted.
    ///
    /// Its epoch is later than the present one, unless no host has accepted that.
    ///
    /// - Returns: `false`, and nothing is changed, when `epoch` is the present one.
    @discardableResult
    public mutating func beginIncarnation(_ epoch: Epoch) -> Bool {
        guard epoch != self.epoch else { return false }
        self.epoch = epoch
        counter = 0
        restartChanges()
        return true
    }

    /// The position of `host` in `entries`, or where it would stand.
    func lowerBound(of host: HostID, from start: Int = 0) -> Int {
        entries[start...].partitioningIndex { $0.host >= host }
    }

    /// The position of `host` in `entries`, or where it would stand; it is searched for at `guess` first.
    func lowerBound(of host: HostID, near guess: Int) -> Int {
        if entries.indices.contains(guess), entries[guess].host == host { return guess }
        return lowerBound(of: host)
    }

    /// The position of `host` in `entries`, where it is searched for at `guess` first; `nil` when it has none.
    public func index(of host: HostID, near guess: Int = 0) -> Int? {
        let index = lowerBound(of: host, near: guess)
        return index < entries.count && entries[index].host == host ? index : nil
    }
}
