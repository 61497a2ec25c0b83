public import CausalClock

/// How two events stand to each other, as far as one host knows, and what shows it.
public struct KnownOrder: Sendable, Hashable {
    /// The order; `nil` when this host cannot know.
    public var order: CausalOrder?
    /// The events whose clocks show it.
    public var basis: [Dot] = []
}

/// The latest events of this host that were no messages, with their clocks.
///
/// Together with what the peers have sent us they answer, as far as they go, which of two events came first; the
/// causal logs of all hosts answer it for any two.
struct RecentEvents: Sendable {
    /// An event and what it knew.
    struct Known: Sendable {
        var dot: Dot
        /// The latest event of every other host that could have influenced it, in any order.
        var entries: [Dot]
        /// Whether that is all.
        var isExact: Bool
        /// A host whose entry is exact in any case.
        var exactHost: HostID?

        /// Whether `event` could have influenced this one, or is this one.
        func includes(_ event: Dot) -> Bool {
            if event.host == dot.host { return !dot.precedes(event) }
            return entries.first { $0.host == event.host }.map { !$0.precedes(event) } ?? false
        }

        /// Whether `event` cannot have influenced this one.
        func excludes(_ event: Dot) -> Bool {
            (isExact || event.host == exactHost) && !includes(event)
        }
    }

    /// The most events that are kept.
    static let capacity = 256
    /// The most clock entries that are kept in all: 2.5 MB.
    static let entryCapacity = 32_768

    private(set) var events: [Known] = []
    private var entries = 0

    /// Adds the latest event; the oldest give way.
    mutating func append(_ event: Known) {
        events.append(event)
        entries += event.entries.count
        var surplus = 0
        while events.count - surplus > Self.capacity || entries > Self.entryCapacity,
            surplus < events.count
        {
            entries -= events[surplus].entries.count
            surplus += 1
        }
        events.removeFirst(surplus)
    }
}

extension Monitor {
    /// How two events of any hosts stand to each other.
    ///
    /// What is returned is proved by vector clocks; what they cannot prove here is `nil`.
    public func order(of left: Dot, to right: Dot) -> KnownOrder {
        if left == right { return KnownOrder(order: .same) }
        // One host's events follow each other, and so do its incarnations.
        if left.host == right.host { return KnownOrder(order: left.precedes(right) ? .before : .after) }
        let forwards = precedes(left, right)
        if let forwards, forwards.isTrue { return KnownOrder(order: .before, basis: [forwards.by]) }
        let backwards = precedes(right, left)
        if let backwards, backwards.isTrue { return KnownOrder(order: .after, basis: [backwards.by]) }
        guard let forwards, let backwards else { return KnownOrder() }
        return KnownOrder(order: .concurrent, basis: [forwards.by, backwards.by])
    }

    /// Whether `cause` could have influenced `effect`, an event of another host, and whose clock shows it.
    private func precedes(_ cause: Dot, _ effect: Dot) -> (isTrue: Bool, by: Dot)? {
        let known = events(of: effect.host)
        // What an event up to the effect knew, the effect knew; and what one from the effect on did not know, the
        // effect did not.
        if let below = known.first(where: { !effect.precedes($0.dot) && $0.includes(cause) }) {
            return (true, below.dot)
        }
        let above = known.first { !$0.dot.precedes(effect) && $0.excludes(cause) }
        return above.map { (false, $0.dot) }
    }

    /// The events of a host whose clocks are known here, at least in part.
    private func events(of host: HostID) -> [RecentEvents.Known] {
        if host == clock.owner { return recent.events + [present] }
        // A suspect's event that proved a suspicion false knew the suspicion, and all that came before it.
        let proofs = ledger.records.compactMap { record -> RecentEvents.Known? in
            guard case .provedFalse(let proof) = record.outcome, proof.host == host else { return nil }
            return knowing(record.dot, at: proof)
        }
        guard let index = index(of: host), let reported = peers[index].history.lastReport else {
            return proofs
        }
        var latest = knowing(reported.known, at: reported.dot)
        latest.exactHost = reported.isExact ? clock.owner : nil
        return proofs + [latest]
    }

    /// An event that knew an event of ours, and with it what that one knew.
    private func knowing(_ own: Dot, at event: Dot) -> RecentEvents.Known {
        let before = recent.events.last { !own.precedes($0.dot) }?.entries ?? []
        let others = before.filter { $0.host != event.host }
        return RecentEvents.Known(dot: event, entries: others + [own], isExact: false)
    }

    /// Whether our clock has all that could have influenced us; otherwise it is a lower bound.
    public var isClockExact: Bool { clock.isExact }

    var present: RecentEvents.Known {
        RecentEvents.Known(dot: clock.dot, entries: clock.entries, isExact: isClockExact)
    }
}
