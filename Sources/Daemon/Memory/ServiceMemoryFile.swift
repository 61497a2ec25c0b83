internal import FailureDetection
internal import LinuxIO
internal import Records
internal import Services
internal import StatusAPI
internal import Wire

/// What is known of this host's services, in the memory file: its length, its CRC-32C, and the services as JSON.
///
/// It is written over itself: a process that is killed meanwhile leaves none, and its successor begins to count anew.
enum ServiceMemoryFile {
    private static let headerLength = 8
    private static let limit = 1 << 16

    private struct Entry: Codable {
        var name: String
        var high: UInt64
        var low: UInt64
        var generation: UInt64
        var restarts: UInt64
        var wasActive: Bool
        var state: UInt8?
        var since: Int64?
        var unit: String?
        var given: Int64?
        var isOverdue: Bool?
    }

    /// The text of what is known; empty without services.
    static func encode(_ services: LocalServices) -> [UInt8] {
        let memory = services.book.memory
        guard !memory.isEmpty else { return [] }
        let entries = memory.map { name, memory in
            Entry(
                name: name.description, high: memory.invocation.high, low: memory.invocation.low,
                generation: memory.generation, restarts: memory.restarts, wasActive: memory.wasActive,
                state: memory.state.rawValue, since: memory.since.nanoseconds,
                unit: services.units[name], given: memory.given?.nanoseconds, isOverdue: memory.isOverdue)
        }
        return (try? JSONText.bytes(of: entries)) ?? []
    }

    /// What a text says; nothing if it is none of ours.
    static func decode(_ text: [UInt8]) -> [(name: ServiceName, unit: String, memory: ServiceMemory)] {
        guard !text.isEmpty, let entries = try? JSONText.decode([Entry].self, from: text) else { return [] }
        return entries.prefix(RecordStore.maximumServices).compactMap { entry in
            guard let name = ServiceName(entry.name) else { return nil }
            var memory = ServiceMemory(
                invocation: InvocationID(high: entry.high, low: entry.low), generation: entry.generation,
                restarts: entry.restarts, wasActive: entry.wasActive)
            memory.state = entry.state.flatMap { ServiceState(rawValue: $0) } ?? .unknown
            memory.since = Instant(nanoseconds: entry.since ?? 0)
            memory.given = entry.given.map { TimeSpan(nanoseconds: $0) }
            memory.isOverdue = entry.isOverdue ?? false
            return (name, entry.unit ?? "", memory)
        }
    }

    static func write(_ text: [UInt8], to file: borrowing MemoryFile) throws(SystemCallError) {
        let header = bytes(UInt32(text.count)) + bytes(Checksum.crc32c(text))
        try file.write(header + text, at: MemoryRegion.services)
    }

    static func read(from file: borrowing MemoryFile) throws(SystemCallError) -> [UInt8] {
        let header = try file.read(headerLength, at: MemoryRegion.services)
        guard header.count == headerLength else { return [] }
        let length = Int(number(header[..<4]))
        guard length > 0, length <= limit else { return [] }
        let text = try file.read(length, at: MemoryRegion.services + headerLength)
        return Checksum.crc32c(text) == number(header[4...]) ? text : []
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
