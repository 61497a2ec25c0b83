public import CausalClock

/// What one host says of another: that it suspects it, why, and by which of its events.
///
/// Opinions ride on heartbeats and pings: each carries the whole list of those whom its sender suspects at that
/// moment, so a list without a subject withdraws what was said of it before, and a lost datagram is made good by the
/// next.
public struct Opinion: Sendable, BitwiseCopyable, Hashable {
    /// Who is suspected.
    public var subject: HostID
    /// The latest incarnation of the subject that the sender knows of; 0 when it knows of none.
    public var epoch: Epoch
    /// Why.
    public var verdict: Verdict
    /// Whether it is the sender's own timeout that ran out, and no rumour taken over from another.
    public var isOwnTimeout: Bool
    /// Whether the sender had heard of another's suspicion of the subject before its own.
    public var isAfterAnother: Bool
    /// The sender's event in which it began to suspect, in the incarnation in which it says so.
    public var counter: UInt64

    /// Gathers an opinion.
    public init(
        subject: HostID, epoch: Epoch, verdict: Verdict, isOwnTimeout: Bool, isAfterAnother: Bool,
        counter: UInt64
    ) {
        self.subject = subject
        self.epoch = epoch
        self.verdict = verdict
        self.isOwnTimeout = isOwnTimeout
        self.isAfterAnother = isAfterAnother
        self.counter = counter
    }
}

/// How much a message says of its sender's opinions.
public enum OpinionScope: Sendable, BitwiseCopyable {
    /// Nothing.
    case none
    /// Some of them: who is missing may be suspected all the same.
    case part
    /// All of them: who is missing is not suspected.
    case all
}

/// An opinion as it was received: another observer that suspects a peer.
public struct Witness: Sendable, BitwiseCopyable, Hashable {
    /// The observer's event in which it began to suspect.
    public var dot: Dot
    /// The incarnation of the peer that it speaks of; 0 when it knew of none.
    public var subjectEpoch: Epoch
    /// Why it suspects.
    public var verdict: Verdict
    /// Whether it was the observer's own timeout.
    public var isOwnTimeout: Bool
    /// Whether the observer had heard of another's suspicion before.
    public var isAfterAnother: Bool
    /// When its suspicion was first heard of here.
    public var heard: Instant

    init(_ opinion: Opinion, of dot: Dot, heard: Instant) {
        self.dot = Dot(host: dot.host, epoch: dot.epoch, counter: opinion.counter)
        subjectEpoch = opinion.epoch
        verdict = opinion.verdict
        isOwnTimeout = opinion.isOwnTimeout
        isAfterAnother = opinion.isAfterAnother
        self.heard = heard
    }

    /// Whether the suspicion may only repeat another's: its past holds another one, and no timeout of its own.
    ///
    /// Two suspicions of which neither lies in the other's past are concurrent in the vector clock, so no message
    /// can have carried one into the other; and an own timeout is an observation, whatever was heard before it.
    public var isEcho: Bool { isAfterAnother && !isOwnTimeout }
}

/// A suspicion of our own, as others are told it.
struct OwnSuspicion: Sendable, BitwiseCopyable {
    /// Our event in which it began.
    var counter: UInt64
    /// Whether we had heard of another's suspicion before.
    var isAfterAnother: Bool
    /// The incarnation whose silence it is, 0 for none: a later one begins without votes.
    var epoch: Epoch
    /// When it was noticed that there is a later one.
    private var succeeded: Instant?

    init(counter: UInt64, isAfterAnother: Bool, epoch: Epoch) {
        (self.counter, self.isAfterAnother, self.epoch) = (counter, isAfterAnother, epoch)
    }

    /// Extends the suspicion to the `latest` incarnation, once that has been known, and not heard, for `patience`.
    ///
    /// - Returns: whether it was extended now.
    mutating func extend(to latest: Epoch, after patience: TimeSpan, at now: Instant) -> Bool {
        guard epoch < latest else { return false }
        let since = succeeded ?? now
        succeeded = since
        guard now - since >= patience else { return false }
        (epoch, succeeded) = (latest, nil)
        return true
    }
}

/// Who suspects one peer, one entry an observer, in order of name.
///
/// The room grows with a new suspicion and is kept; the same opinion said again changes nothing.
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
