/// How many observers must suspect a peer before the suspicion is confirmed.
///
/// The members are all configured ones: ourselves, the peer that is judged, and the others, heard or not. So two
/// sides of a partition can never both hold a majority.
public enum Quorum: Sendable, BitwiseCopyable, Hashable {
    /// More than half of the members: 2 of 3, 3 of 4, 3 of 5.
    case majority
    /// All members but the one that is judged.
    case all
    /// This many, ourselves among them.
    case count(Int)

    /// How many observers are needed among `members`; `nil` when there are not so many, so that nothing is ever
    /// confirmed.
    ///
    /// In a cluster of two the only observer would confirm itself; its word stays a suspicion.
    public func needed(ofMembers members: Int) -> Int? {
        let observers = members - 1
        let needed =
            switch self {
            case .majority: members / 2 + 1
            case .all: observers
            case .count(let count): max(count, 1)
            }
        return observers >= 2 && needed <= observers ? needed : nil
    }
}

/// How far observers agree that a peer has failed.
public struct Agreement: Sendable, BitwiseCopyable, Hashable {
    /// Observers that suspect it independently, ourselves included.
    public var observers: Int
    /// How many make a quorum; `nil` when there are too few members for one.
    public var needed: Int?
    /// Whether this node is one of them: nothing is confirmed that it does not suspect itself.
    public var includesOwn = true

    /// Counts this node's own suspicion.
    mutating func includeOwn() { (observers, includesOwn) = (observers + 1, true) }

    /// Whether the observers are a quorum.
    public var isQuorum: Bool { includesOwn && needed.map { observers >= $0 } ?? false }
}
