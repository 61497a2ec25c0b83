import Glibc
import Testing

@testable import Replay

/// A folder of traces with the figures that an independent implementation found for them.
///
/// It is no part of the project, because the traces are others' work. Where the environment names none, the tests
/// that compare with it are skipped, and say so; the analytic tests need nothing.
enum Reference {
    static let folder = getenv("SUSPECTD_REFERENCE").map { String(cString: $0) }

    /// The trace of a name.
    static func trace(_ name: String) throws -> Trace {
        try TraceReader.read("\(folder ?? "")/traces/\(name).csv.gz")
    }

    /// The rows of a table, without its header.
    static func rows(_ name: String) throws -> [[String]] {
        let path = "\(folder ?? "")/\(name)"
        let stream = try #require(fopen(path, "r"), "\(path) cannot be opened")
        defer { fclose(stream) }
        var rows: [[String]] = []
        var line = [CChar](repeating: 0, count: 1_024)
        while fgets(&line, Int32(line.count), stream) != nil {
            let bytes = line.prefix { $0 != 0 && $0 != 10 && $0 != 13 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            rows.append(text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) })
        }
        return Array(rows.dropFirst())
    }
}
