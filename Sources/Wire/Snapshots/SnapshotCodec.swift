internal import ByteCoding
internal import CausalClock
package import FailureDetection

/// A snapshot of a failure detector as bytes, and back.
///
///     "SDMS" · version (2) · 0 (2) · CRC-32C (4) · length of all (8) · generation (8) · layout (8) · the snapshot
///
/// Numbers have a fixed width, least significant byte first; instants and lengths of time are signed nanoseconds. What
/// may be absent has a byte before it, 1 or 0.
package enum SnapshotCodec {
    /// Why bytes are no snapshot that can be continued.
    package enum Fault: Error, Sendable, Hashable {
        /// Of another version of this format.
        case version(UInt16)
        /// Cut off, damaged, or no snapshot at all.
        case damaged
    }

    /// A snapshot with what distinguishes it from others.
    package struct Record: Sendable, Hashable {
        /// Grows with each that is written.
        package var generation: UInt64
        /// Says which peers `MonitorSnapshot.advance` may take numbers of.
        package var layout: UInt64
        /// The snapshot.
        package var snapshot: MonitorSnapshot

        /// Puts them together.
        package init(generation: UInt64, layout: UInt64, snapshot: MonitorSnapshot) {
            self.generation = generation
            self.layout = layout
            self.snapshot = snapshot
        }
    }

    static let version: UInt16 = 4
    static let checksumOffset = 8
    static let lengthOffset = 12
    static let magic: [UInt8] = [0x53, 0x44, 0x4D, 0x53]

    /// The bytes of a record.
    package static func encode(_ record: Record) -> [UInt8] {
        var writer = ByteWriter(capacity: 256 + 512 * record.snapshot.peers.count)
        for byte in magic { writer.byte(byte) }
        writer.fixed(UInt64(version), width: 2)
        writer.fixed(0, width: 14)
        writer.fixed(record.generation, width: 8)
        writer.fixed(record.layout, width: 8)
        writer.snapshot(record.snapshot)
        writer.replace(at: lengthOffset, with: UInt64(writer.count), width: 8)
        let checksum = Checksum.crc32c(writer.bytes.span, zeroingFourAt: checksumOffset)
        writer.replace(at: checksumOffset, with: UInt64(checksum), width: 4)
        return writer.bytes
    }

    /// How many bytes at the beginning give the length of all.
    package static let headerLength = 20

    /// The length of the record that begins with these bytes; `nil` when none does.
    package static func length(_ header: [UInt8]) -> Int? {
        guard header.count >= headerLength, Array(header[..<magic.count]) == magic else { return nil }
        var reader = ByteReader(at: lengthOffset)
        return Int(exactly: reader.fixed(8, header.span))
    }

    /// Reads a record; bytes after its end are passed over.
    ///
    /// - Throws: `Fault`; never traps, whatever the bytes are.
    package static func decode(_ bytes: [UInt8]) throws(Fault) -> Record {
        var reader = ByteReader(at: 0)
        for byte in magic where reader.byte(bytes.span) != byte { throw .damaged }
        let found = UInt16(truncatingIfNeeded: reader.fixed(2, bytes.span))
        guard !reader.failed, found == version else { throw reader.failed ? .damaged : .version(found) }
        _ = reader.fixed(2, bytes.span)
        let checksum = reader.fixed(4, bytes.span)
        let length = reader.fixed(8, bytes.span)
        guard !reader.failed, length <= UInt64(bytes.count), length >= UInt64(reader.offset) else {
            throw .damaged
        }
        let whole = bytes.span.extracting(0..<Int(length))
        guard UInt64(Checksum.crc32c(whole, zeroingFourAt: checksumOffset)) == checksum else {
            throw .damaged
        }
        let (generation, layout) = (reader.fixed(8, whole), reader.fixed(8, whole))
        let snapshot = try reader.snapshot(whole)
        guard !reader.failed, reader.offset == whole.count else { throw .damaged }
        return Record(generation: generation, layout: layout, snapshot: snapshot)
    }
}
