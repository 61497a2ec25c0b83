import CZlib
import Glibc
import TestSupport
import Testing

@testable import Replay

/// A file that is there for the time of a test.
final class TraceFile {
    private let folder: TestFolder
    let path: String

    /// A file that holds `bytes`, as they are or compressed.
    init(_ bytes: [UInt8], isCompressed: Bool = false, name: String = "trace.csv") throws {
        folder = try TestFolder()
        path = folder.file(name)
        let file = try #require(gzopen(path, isCompressed ? "wb" : "wbT"))
        defer { gzclose(file) }
        if !bytes.isEmpty { try #require(gzwrite(file, bytes, UInt32(bytes.count)) == Int32(bytes.count)) }
    }

    convenience init(_ text: String, isCompressed: Bool = false, name: String = "trace.csv") throws {
        try self.init(Array(text.utf8), isCompressed: isCompressed, name: name)
    }

    /// The bytes as they are on the disk.
    var contents: [UInt8] {
        guard let stream = fopen(path, "r") else { return [] }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, stream)
        return Array(bytes.prefix(count))
    }
}

extension TraceReader {
    /// Reads a trace whose file holds `text`.
    static func read(text: String, interval: Double? = nil) throws -> Trace {
        let file = try TraceFile(text)
        return try withExtendedLifetime(file) { try read(file.path, interval: interval) }
    }
}
