import Glibc
import TestSupport
import Testing

/// Programs that the tests ask.
enum Program {
    /// The translator of the manual pages, where it is installed.
    static let scdoc = installed("/usr/bin/scdoc")
    /// The reader of the journal, where it is installed.
    static let journalctl = installed("/usr/bin/journalctl")

    /// One of our own programs, which the build puts beside the test bundle.
    static func beside(_ name: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/" + name
    }

    private static func installed(_ path: String) -> String? { access(path, X_OK) == 0 ? path : nil }
}

/// A folder that goes with the test.
final class TemporaryFolder {
    /// Where it is.
    let path: String

    init() throws {
        path = "/tmp/suspectd-documentation-\(getpid())-\(UInt64.random(in: 0...(.max)))"
        try #require(mkdir(path, 0o700) == 0)
    }

    deinit { _ = try? Subprocess.run("/bin/rm", ["-r", path]) }

    /// Writes a file, in a folder that is made if need be, and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        let folder = file.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        #expect(try Subprocess.run("/bin/mkdir", ["-p", folder]).status == 0)
        let handle = try #require(fopen(file, "w"))
        defer { fclose(handle) }
        #expect(fwrite(text, 1, text.utf8.count, handle) == text.utf8.count)
        return file
    }
}
