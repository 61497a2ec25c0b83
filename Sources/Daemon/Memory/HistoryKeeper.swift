internal import LinuxIO
internal import StatusAPI
internal import Wire

/// The event history in the memory file: one record an event, appended; begun anew in the other of two positions
/// when it has grown long.
///
///     length (4) · CRC-32C of the rest (4) · generation (8) · the event as JSON
struct HistoryKeeper {
    /// The length at which the position is changed, in bytes.
    private static let limit = 4 << 20
    private static let headerLength = 16
    private static let largestEvent = 1 << 20

    private var generation: UInt64 = 0
    private var end = 0

    /// Adds an event; `all` is the whole history with it, for when it is begun anew.
    mutating func append(_ event: EventReport, to file: borrowing MemoryFile, all: () -> [EventReport])
        throws(SystemCallError)
    {
        guard end < Self.limit else {
            // The first record is written last: until it is there, the other position is the newer one.
            generation += 1
            let records = all().map { record(of: $0) }
            end = (records.first?.count ?? 0)
            for bytes in records.dropFirst() { try write(bytes, to: file) }
            return try file.write(records.first ?? [], at: MemoryRegion.history(generation))
        }
        try write(record(of: event), to: file)
    }

    private mutating func write(_ bytes: [UInt8], to file: borrowing MemoryFile) throws(SystemCallError) {
        try file.write(bytes, at: MemoryRegion.history(generation) + end)
        end += bytes.count
    }

    private func record(of event: EventReport) -> [UInt8] {
        let text = (try? JSONText.bytes(of: event)) ?? []
        let body = Self.bytes(of: generation, 8) + text
        return Self.bytes(of: UInt64(text.count), 4) + Self.bytes(of: UInt64(Checksum.crc32c(body)), 4) + body
    }

    /// Finds what an earlier process left, oldest first; what is added follows it.
    ///
    /// The events stay text: reading them can wait until the first heartbeats are out.
    mutating func recall(from file: borrowing MemoryFile) throws(SystemCallError) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for place in [UInt64(0), 1] {
            let (first, texts, length) = try read(MemoryRegion.history(place), of: file)
            guard let first, first & 1 == place, found.isEmpty || first > generation else { continue }
            (generation, found, end) = (first, texts, length)
        }
        return found
    }

    private func read(_ start: Int, of file: borrowing MemoryFile) throws(SystemCallError) -> (
        generation: UInt64?, texts: [[UInt8]], length: Int
    ) {
        let bytes = try file.read(Self.limit + Self.largestEvent, at: start)
        var (texts, offset): ([[UInt8]], Int) = ([], 0)
        var generation: UInt64?
        while offset + Self.headerLength <= bytes.count {
            let length = Int(Self.number(bytes[offset..<offset + 4]))
            let next = offset + Self.headerLength + length
            guard length > 0, next <= bytes.count else { break }
            let body = Array(bytes[offset + 8..<next])
            let found = Self.number(body[..<8])
            guard UInt64(Checksum.crc32c(body)) == Self.number(bytes[offset + 4..<offset + 8]),
                found == generation ?? found
            else { break }
            generation = found
            texts.append(Array(body[8...]))
            offset = next
        }
        return (generation, texts, offset)
    }

    private static func bytes(of value: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
