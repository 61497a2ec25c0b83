/// A vector clock: for every host, the latest of its events that may have influenced this one.
///
/// Fidge (1988) and Mattern (1989): each host counts its own events; every message carries the sender's counts; a
/// receiver takes the larger of each. Then an event *e* happened before *f* exactly when *f*'s clock has reached *e*
/// at *e*'s host. Entries are pairs of life and counter, compared lexicographically, so a restarted host starts again
/// at 1 without seeming to go back.
///
/// Three rules keep the clock honest. The owner's own entry is never taken from a message. Counters end at
/// `maximumCounter`, and an addition that would pass it is reported, never trapped: a trap would be a remote kill
/// switch. Entries are kept in ascending order of host, which makes merging one pass and encoding deterministic.
public struct VectorClock: Sendable {
    /// The largest counter, 2^53 − 1: what JSON readers and floating-point tools still count exactly.
    public static let maximumCounter: UInt64 = (1 << 53) - 1
    /// The most hosts a clock holds; entries of further hosts are not taken in.
    public static let maximumEntries = 4096

    /// The host whose clock this is.
    public let owner: HostID
    /// The owner's present life.
    public let epoch: Epoch
    /// The number of the owner's latest event in this life; 0 before the first.
    public private(set) var counter: UInt64 = 0
    /// The latest known event of every other host, in strictly ascending order of host.
    public private(set) var entries: [Dot] = []

    /// Makes the clock of a life.
    ///
    /// - Parameters:
    ///   - owner: the host whose clock it is.
    ///   - epoch: its life.
    ///   - counter: how many events that life has had; none unless told, and `maximumCounter` at most.
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
        let index = lowerBound(of: host, from: 0)
        guard index < entries.count, entries[index].host == host else { return nil }
        return entries[index]
    }

    /// Whether `event` happened before the present, or is the present: its host's entry has reached it.
    public func includes(_ event: Dot) -> Bool {
        guard let known = latest(of: event.host) else { return false }
        return !known.precedes(event)
    }

    /// Forgets what is known of `host`.
    public mutating func remove(_ host: HostID) {
        let index = lowerBound(of: host, from: 0)
        guard index < entries.count, entries[index].host == host else { return }
        entries.remove(at: index)
    }

    /// The place of `host` in `entries`, or where it would stand.
    private func lowerBound(of host: HostID, from start: Int) -> Int {
        var low = start
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].host < host { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension VectorClock {
    /// Takes over what is later in `received`, entry by entry, and never the owner's own entry.
    ///
    /// - Parameters:
    ///   - received: the entries of a message, in strictly ascending order of host.
    ///   - latest: the latest life that is believed of another host; entries of later ones are passed over.
    ///   - admits: asked about each host that this clock has no entry of yet; others' inventions, and hosts that
    ///     were removed, would otherwise stay for ever and be handed on.
    ///   - rising: called with each entry that was later than the one known.
    /// - Returns: the owner's own entry when `received` claims a later event than the owner has had. No honest
    ///   message can: it means two processes with one identity, a restored snapshot, or a lie.
    @discardableResult
    public mutating func merge(
        _ received: [Dot], upTo latest: Epoch = Epoch(.max), admits: (HostID) -> Bool = { _ in true },
        rising: (Dot) -> Void
    ) -> Dot? {
        var index = 0
        var claimed: Dot?
        for entry in received {
            if entry.host == owner {
                if dot.precedes(entry) { claimed = entry }
                continue
            }
            guard entry.epoch <= latest else { continue }
            index = lowerBoundNear(entry.host, from: index)
            let isKnown = index < entries.count && entries[index].host == entry.host
            guard isKnown || admits(entry.host) else { continue }
            if take(entry, at: index) { rising(entry) }
        }
        return claimed
    }

    /// Takes over one entry if it is later than the one known.
    ///
    /// - Returns: whether it was later.
    @discardableResult
    public mutating func merge(_ entry: Dot) -> Bool {
        guard entry.host != owner else { return false }
        return take(entry, at: lowerBound(of: entry.host, from: 0))
    }

    private mutating func take(_ entry: Dot, at index: Int) -> Bool {
        if index < entries.count, entries[index].host == entry.host {
            guard entries[index].precedes(entry) else { return false }
            entries[index] = entry
            return true
        }
        guard entries.count < Self.maximumEntries else { return false }
        entries.insert(entry, at: index)
        return true
    }

    /// Both sequences are sorted and mostly hold the same hosts, so the next place is nearly always the very next.
    private func lowerBoundNear(_ host: HostID, from start: Int) -> Int {
        if start < entries.count, entries[start].host == host { return start }
        if start + 1 < entries.count, entries[start + 1].host == host { return start + 1 }
        return lowerBound(of: host, from: start)
    }
}
