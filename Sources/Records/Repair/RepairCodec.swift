internal import ByteCoding

/// How the messages of a repair, and digests, stand in a datagram.
///
///     u8     form            1 compare, 2 summary, 3 fetch, 4 records
///
/// compare:
///
///     u8     section         0 members, 1 facts
///     u8     n               nodes, 1 to 5
///     n ×    prefix, 16 × u64 child
///
/// summary and fetch:
///
///     u8     section
///     prefix
///     u8     n               hashes, at most 100
///     n ×    u64 hash
///
/// records: as many as there are up to the end, 1 to 32, as `RecordLayout` describes them. A prefix is u8 depth, 0 to
/// 16, and u64 bits; numbers are least significant byte first. One message has one encoding.
package enum RepairCodec {
    /// The longest message, in bytes: 1 of the form, and what each form can have.
    package static let maximumLength = 1 + max(2 + 5 * 137, 1 + 9 + 1 + 8 * 100, RecordLayout.maximumLength)

    private static let (compare, summary, fetch, records): (UInt8, UInt8, UInt8, UInt8) = (1, 2, 3, 4)

    /// The bytes of a message.
    package static func encode(_ message: RepairMessage) -> [UInt8] {
        var writer = ByteWriter(capacity: maximumLength)
        switch message {
        case .compare(let section, let nodes):
            writer.byte(compare)
            writer.byte(section.rawValue)
            writer.byte(UInt8(min(nodes.count, RepairMessage.maximumNodes)))
            for node in nodes.prefix(RepairMessage.maximumNodes) {
                writer.write(node.prefix)
                for child in node.children { writer.fixed(child, width: 8) }
            }
        case .summary(let section, let prefix, let hashes): writer.write(summary, section, prefix, hashes)
        case .fetch(let section, let prefix, let hashes): writer.write(fetch, section, prefix, hashes)
        case .records(let batch):
            var encoder = RecordEncoder()
            writer.byte(records)
            for record in batch { writer.append(encoder.encode(record)) }
        }
        return writer.bytes
    }

    /// Reads the message that takes all of the bytes.
    ///
    /// - Parameter bytes: from anywhere; it never traps.
    /// - Returns: the message; `nil` when there is none such.
    package static func decode(_ bytes: Span<UInt8>) -> RepairMessage? {
        var reader = ByteReader(at: 0)
        let form = reader.byte(bytes)
        if form == records { return decodeRecords(bytes, from: reader.offset) }
        guard let section = RecordSection(rawValue: reader.byte(bytes)) else { return nil }
        let message: RepairMessage?
        switch form {
        case compare: message = reader.nodes(bytes).map { .compare(section, $0) }
        case summary: message = reader.hashes(bytes).map { .summary(section, $0.prefix, $0.hashes) }
        case fetch: message = reader.hashes(bytes).map { .fetch(section, $0.prefix, $0.hashes) }
        default: message = nil
        }
        return reader.failed || reader.offset != bytes.count ? nil : message
    }

    private static func decodeRecords(_ bytes: Span<UInt8>, from offset: Int) -> RepairMessage? {
        var decoder = RecordDecoder(at: offset)
        var records: [Record] = []
        while decoder.offset < bytes.count {
            guard records.count < RepairMessage.maximumRecords, let record = decoder.next(bytes) else {
                return nil
            }
            records.append(record)
        }
        return records.isEmpty ? nil : .records(records)
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ prefix: RepairPrefix) {
        byte(UInt8(prefix.depth))
        fixed(prefix.bits, width: 8)
    }

    fileprivate mutating func write(
        _ form: UInt8, _ section: RecordSection, _ prefix: RepairPrefix, _ hashes: [UInt64]
    ) {
        byte(form)
        byte(section.rawValue)
        write(prefix)
        byte(UInt8(min(hashes.count, RepairMessage.maximumHashes)))
        for hash in hashes.prefix(RepairMessage.maximumHashes) { fixed(hash, width: 8) }
    }
}

extension ByteReader {
    fileprivate mutating func prefix(_ bytes: Span<UInt8>) -> RepairPrefix? {
        let depth = Int(byte(bytes))
        return RepairPrefix(bits: fixed(8, bytes), depth: depth)
    }

    fileprivate mutating func nodes(_ bytes: Span<UInt8>) -> [RepairNode]? {
        let count = byte(bytes)
        guard (1...RepairMessage.maximumNodes).contains(Int(count)) else { return nil }
        var nodes: [RepairNode] = []
        for _ in 0..<count {
            guard let prefix = prefix(bytes) else { return nil }
            let children = (0..<16).map { _ in fixed(8, bytes) }
            guard let node = RepairNode(prefix: prefix, children: children) else { return nil }
            nodes.append(node)
        }
        return nodes
    }

    fileprivate mutating func hashes(_ bytes: Span<UInt8>) -> (prefix: RepairPrefix, hashes: [UInt64])? {
        guard let prefix = prefix(bytes) else { return nil }
        let count = byte(bytes)
        guard Int(count) <= RepairMessage.maximumHashes else { return nil }
        return (prefix, (0..<count).map { _ in fixed(8, bytes) })
    }
}
