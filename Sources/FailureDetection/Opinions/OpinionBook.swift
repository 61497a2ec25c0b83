/// Which peers this node suspects at present, as it reports to the others.
///
/// Invariant: `revision` changes with the list, and only with it, and the list is empty while this node is isolated; that its
/// subjects are suspected is checked with the peers.
struct OpinionBook: Sendable {
    /// The opinions, ascending by subject.
    private(set) var items: [Opinion] = []
    /// Changes with them.
    private(set) var revision: UInt64 = 0
    /// Whether anything has changed on which opinions, or their count, depend.
    var isOutdated = false

    /// Whether they are outdated; they are taken for settled from now on.
    mutating func takeOutdated() -> Bool {
        defer { isOutdated = false }
        return isOutdated
    }

    /// Takes what is thought now, ascending by subject.
    mutating func replace(with opinions: [Opinion]) {
        guard opinions != items else { return }
        revision &+= 1
        items = opinions
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    var violatedInvariant: String? {
        zip(items, items.dropFirst()).allSatisfy { $0.subject < $1.subject } ? nil : "opinions out of order"
    }
}
