internal import CausalClock

/// How two stores find what one of them lacks.
extension RecordStore {
    /// The first message of a repair.
    package func beginRepair(of section: RecordSection) -> RepairMessage {
        .compare(section, [node(.root, section)].compactMap { $0 })
    }

    /// What this host sends in answer to a message of a repair.
    ///
    /// - Parameters:
    ///   - message: what the other host has sent.
    ///   - limit: the most bytes of all messages together; what is left over differs at the next repair, too.
    ///   - overhead: what the sending of one message costs beside the message, in bytes.
    ///   - capacity: how long a message may be, in bytes, at least `RepairMessage.leastLength`; only a record that is
    ///     longer is sent all the same.
    /// - Returns: the messages, none at the end of a repair.
    package func answers(
        to message: RepairMessage, limit: Int = RepairMessage.maximumAnswer, overhead: Int = 0,
        capacity: Int = RepairCodec.maximumLength
    ) -> [RepairMessage] {
        var space = limit
        return answers(to: message, upTo: limit - overhead, capacity).filter { answer in
            let cost = RepairCodec.encode(answer).count + overhead
            guard cost <= space else { return false }
            space -= cost
            return true
        }
    }

    /// All answers, but records of no more than about `limit` bytes.
    private func answers(
        to message: RepairMessage, upTo limit: Int, _ capacity: Int
    ) -> [RepairMessage] {
        switch message {
        case .compare(let section, let nodes): return compare(nodes, section, capacity)
        case .summary(let section, let prefix, let hashes):
            if hasMany(in: prefix) {
                return [.compare(section, [node(prefix, section)].compactMap { $0 })]
            }
            let known = Array(hashes.prefix(RepairMessage.maximumHashes))
            return supplement(known, prefix, section, upTo: limit, capacity)
        case .fetch(_, let prefix, _) where hasMany(in: prefix): return []
        case .fetch(let section, let prefix, let hashes):
            let wanted = hashes.prefix(RepairMessage.maximumHashes).sorted()
            let records = records(in: prefix, section).filter { wanted.holds($0.version.hash) }
            return messages(with: records, upTo: limit, capacity)
        case .records: return []
        }
    }

    private func compare(
        _ nodes: [RepairNode], _ section: RecordSection, _ capacity: Int
    ) -> [RepairMessage] {
        var inner: [RepairNode] = []
        var leaves: [RepairMessage] = []
        for node in nodes.prefix(RepairMessage.maximumNodes) {
            for (digit, theirs) in node.children.enumerated() {
                let child = node.prefix.child(digit)
                let authors = authors(in: child)
                guard authors.reduce(0, { $0 ^ $1.sum(section) }) != theirs else { continue }
                if authors.count > 1, let below = self.node(child, section) {
                    inner.append(below)
                } else {
                    leaves.append(summary(of: authors, child, section, capacity))
                }
            }
        }
        let count = RepairMessage.nodes(within: capacity)
        let groups = stride(from: 0, to: inner.count, by: count).map {
            RepairMessage.compare(section, Array(inner[$0...].prefix(count)))
        }
        return groups + leaves
    }

    private func summary(
        of authors: ArraySlice<AuthorRecords>, _ prefix: RepairPrefix, _ section: RecordSection,
        _ capacity: Int
    ) -> RepairMessage {
        let hashes = authors.flatMap { $0.records(section).map(\.version.hash) }
        return .summary(section, prefix, Array(hashes.prefix(RepairMessage.hashes(within: capacity))))
    }

    /// The records that a host lacks which has those with `hashes`, and a question for those that are lacking here.
    private func supplement(
        _ hashes: [UInt64], _ prefix: RepairPrefix, _ section: RecordSection, upTo limit: Int,
        _ capacity: Int
    ) -> [RepairMessage] {
        let own = records(in: prefix, section)
        let (theirs, ours) = (hashes.sorted(), own.map(\.version.hash).sorted())
        let lacking = hashes.filter { !ours.holds($0) }.prefix(RepairMessage.hashes(within: capacity))
        let question = lacking.isEmpty ? [] : [RepairMessage.fetch(section, prefix, Array(lacking))]
        return question + messages(with: own.filter { !theirs.holds($0.version.hash) }, upTo: limit, capacity)
    }

    /// Messages that carry records, each as many as it can; of no more than `limit` bytes.
    private func messages(
        with records: [StoredRecord], upTo limit: Int, _ capacity: Int
    ) -> [RepairMessage] {
        var messages: [RepairMessage] = []
        var (batch, length, total): ([Record], Int, Int) = ([], 0, 0)
        for stored in records {
            total += stored.length
            guard total <= limit else { break }
            let isFull = batch.count == RepairMessage.maximumRecords
            if isFull || length + stored.length > capacity - 1 && !batch.isEmpty {
                messages.append(.records(batch))
                (batch, length) = ([], 0)
            }
            batch.append(stored.record)
            length += stored.length
        }
        return batch.isEmpty ? messages : messages + [.records(batch)]
    }
}

extension RecordStore {
    private func authors(in prefix: RepairPrefix) -> ArraySlice<AuthorRecords> {
        let start = authors.partitioningIndex { $0.place >= prefix.range.lowerBound }
        let end = authors.partitioningIndex { $0.place > prefix.range.upperBound }
        return authors[start..<end]
    }

    /// Whether there are more authors in a part than have to be looked through.
    private func hasMany(in prefix: RepairPrefix) -> Bool {
        prefix.depth < RepairPrefix.maximumDepth
            && authors(in: prefix).count > RepairMessage.maximumAuthors
    }

    private func records(in prefix: RepairPrefix, _ section: RecordSection) -> [StoredRecord] {
        authors(in: prefix).flatMap { $0.records(section) }
    }

    /// A node of the tree; `nil` below the last half-byte.
    private func node(_ prefix: RepairPrefix, _ section: RecordSection) -> RepairNode? {
        guard prefix.depth < RepairPrefix.maximumDepth else { return nil }
        let children = (0..<16).map { digit in
            authors(in: prefix.child(digit)).reduce(0) { $0 ^ $1.sum(section) }
        }
        return RepairNode(prefix: prefix, children: children)
    }
}
