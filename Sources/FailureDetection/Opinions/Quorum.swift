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
