public import CausalClock

/// An opinion as it was received: another observer that suspects a peer.
public struct Witness: Sendable, BitwiseCopyable, Hashable {
    /// The observer's event in which it began to suspect.
    public var dot: Dot
    /// The incarnation of the peer that it refers to; 0 when it knew of none.
    public var subjectEpoch: Epoch
    /// Why it suspects.
    public var verdict: Verdict
    /// Whether the observer had heard of another's suspicion before.
    public var isAfterAnother: Bool
    /// When its suspicion was first heard of here.
    public var heard: Instant

    init(_ opinion: Opinion, of dot: Dot, heard: Instant) {
        self.dot = Dot(host: dot.host, epoch: dot.epoch, counter: opinion.counter)
        subjectEpoch = opinion.epoch
        verdict = opinion.verdict
        isAfterAnother = opinion.isAfterAnother
        self.heard = heard
    }

    /// Whether it may be about an incarnation of the peer; 0 is none that is known.
    ///
    /// Of a host that never heard the peer, and learnt of none of its incarnations, the silence is that of each of them; and
    /// a host that knows of none has no reason to say that another means an earlier one. A liar that says so gains nothing:
    /// it could name the incarnation that it means, and has one voice either way.
    func concerns(_ incarnation: Epoch) -> Bool {
        let none = Epoch(0)
        return subjectEpoch == incarnation || subjectEpoch == none || incarnation == none
    }
}

/// Which hosts suspect one peer, one entry per observer, in order of name.
///
/// Capacity grows on demand and is retained; the same opinion said again changes nothing.
struct WitnessList: Sendable {
    enum Change: Sendable {
        case new
        case revised
        case none
    }

    private(set) var items: [Witness] = []

    /// Notes what an observer says now; when it was first heard is kept as long as it is the same suspicion.
    mutating func note(_ witness: Witness) -> Change {
        let place = items.firstIndex { $0.dot.host >= witness.dot.host } ?? items.count
        guard place < items.count, items[place].dot.host == witness.dot.host else {
            items.insert(witness, at: place)
            return .new
        }
        var revised = witness
        if items[place].dot == witness.dot { revised.heard = items[place].heard }
        guard items[place] != revised else { return .none }
        items[place] = revised
        return .revised
    }

    /// Forgets what an observer said.
    ///
    /// - Returns: whether it had said anything.
    mutating func remove(_ host: HostID) -> Bool {
        guard let place = items.firstIndex(where: { $0.dot.host == host }) else { return false }
        items.remove(at: place)
        return true
    }
}
