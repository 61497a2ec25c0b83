internal import CausalClock

/// What the peers have asked about hosts that they do not hear, and what was learnt of those for them.
///
/// Invariant: ascending by the index of the asker, and at most `IndirectProbeRequest.capacity` of each.
struct QuestionBook: Sendable {
    /// The questions.
    private(set) var items: [IndirectProbeRequest] = []

    /// Where the questions of the peer at an index are.
    func range(of asker: Int) -> Range<Int> {
        let first = items.partitioningIndex { $0.asker >= asker }
        return first..<items[first...].partitioningIndex { $0.asker > asker }
    }

    /// Forgets what a peer asked.
    mutating func forget(_ asker: Int) { items.removeSubrange(range(of: asker)) }

    /// Replaces the questions of a peer; what was learnt for those that it asks again is kept.
    mutating func replace(_ asker: Int, with testimonies: [Testimony]) {
        let before = range(of: asker)
        guard !before.isEmpty || !testimonies.isEmpty else { return }
        var asked: [IndirectProbeRequest] = []
        for testimony in testimonies where testimony.asks {
            guard asked.count < IndirectProbeRequest.capacity else { break }
            let host = testimony.subject.host
            let known = items[before].first { $0.subject == host }
            var question =
                known ?? IndirectProbeRequest(asker: asker, subject: host, isOnBehalf: testimony.isOnBehalf)
            question.isOnBehalf = testimony.isOnBehalf
            asked.append(question)
        }
        items.replaceSubrange(before, with: asked)
    }

    /// Notes events of the asker that the host asked about knew, or got directly; 0 for none.
    mutating func learn(known: UInt64, got: UInt64, at index: Int) {
        items[index].known = max(items[index].known, known)
        items[index].got = max(items[index].got, got)
    }

    /// Follows the askers to their new indices, which rise as the old ones did; `nil` for one that is gone.
    mutating func move(_ index: (Int) -> Int?) {
        items = items.compactMap { question in
            guard let asker = index(question.asker) else { return nil }
            var moved = question
            moved.asker = asker
            return moved
        }
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    var violatedInvariant: String? {
        if zip(items, items.dropFirst()).contains(where: { $0.asker > $1.asker }) {
            return "questions out of order"
        }
        let isFull = items.contains { range(of: $0.asker).count > IndirectProbeRequest.capacity }
        return isFull ? "more questions of one peer than are kept" : nil
    }
}
