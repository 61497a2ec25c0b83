import Glibc
import Testing

/// A pipe that stands for standard error.
struct Pipe: ~Copyable {
    /// The end that is read.
    let reader: CInt
    /// The end that is written.
    let writer: CInt

    /// Makes the pipe; reading never waits.
    init() throws {
        let ends = try Self.ends()
        reader = ends.reader
        writer = ends.writer
    }

    private static func ends() throws -> (reader: CInt, writer: CInt) {
        var ends: (CInt, CInt) = (-1, -1)
        let made = withUnsafeMutableBytes(of: &ends) {
            pipe($0.bindMemory(to: CInt.self).baseAddress)
        }
        try #require(made == 0)
        try #require(fcntl(ends.0, F_SETFL, O_NONBLOCK) == 0)
        return ends
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// What `$JOURNAL_STREAM` holds when this pipe leads to the journal.
    var journalStream: String {
        var status = stat()
        fstat(writer, &status)
        return "\(status.st_dev):\(status.st_ino)"
    }

    /// All that was written so far.
    func text() -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(reader, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
