internal import Glibc
internal import LinuxIO

/// What a daemon wrote to its standard error during this demo.
struct LogFile {
    /// Where it is.
    let path: String

    /// Starts an empty one: what an earlier demo left would mislead.
    init(path: String) {
        self.path = path
        unlink(path)
    }

    /// The last lines, at most so many; none when nothing was written.
    func last(_ count: Int) -> [String] {
        let bytes = ((try? DurableFile.read(path)) ?? nil) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.suffix(count).map { Self.withoutPriority($0) }
    }

    /// A line as people read it: `<5>text` says how urgent it is for the journal.
    private static func withoutPriority(_ line: Substring) -> String {
        guard line.first == "<", line.dropFirst(2).first == ">" else { return String(line) }
        return String(line.dropFirst(3))
    }
}
