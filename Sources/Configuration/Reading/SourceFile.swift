internal import Glibc

/// The text of one configuration file.
struct SourceFile {
    /// The path it was opened by.
    let path: String

    /// Its content, valid UTF-8 without NUL.
    let text: String

    /// Longer files are refused: 4096 peers with every key overridden need less.
    static let maximumSize = 1 << 20

    /// Reads `path`, or records why it cannot be used.
    static func read(_ path: String, _ diagnostics: inout Diagnostics) -> Self? {
        diagnostics.files.append(path)
        let place = Location(file: path)
        do throws(ReadFailure) {
            return Self(path: path, text: try decode(readBytes(path)))
        } catch {
            let place = error.line.map { Location(file: path, line: $0) } ?? place
            diagnostics.error(nil, at: place, error.problem, error.remedy)
            return nil
        }
    }

    private struct ReadFailure: Error {
        var problem: String
        var remedy: String
        var line: Int?

        static func system(_ code: CInt) -> Self {
            let remedy =
                switch code {
                case ENOENT, ENOTDIR: "create the file, or name another one"
                case EACCES, EPERM: "let the user who starts this read it (chown or chmod)"
                default: "check the file system"
                }
            return Self(problem: "cannot be read: \(systemErrorText(code))", remedy: remedy)
        }
    }

    private static func readBytes(_ path: String) throws(ReadFailure) -> [UInt8] {
        // Not blocking: a FIFO instead of the file must not hang a daemon that reloads.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ReadFailure(problem: "is not a regular file", remedy: "name a file in TOML format")
        }
        return try readAll(descriptor)
    }

    private static func readAll(_ descriptor: CInt) throws(ReadFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maximumSize {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw .system(errno)
            }
        }
        throw ReadFailure(
            problem: "is larger than 1 MiB", remedy: "remove what does not belong in a configuration")
    }

    private static func decode(_ bytes: [UInt8]) throws(ReadFailure) -> String {
        if let offset = bytes.firstIndex(of: 0) {
            throw ReadFailure(
                problem: "contains a NUL byte", remedy: "save the file as plain UTF-8 text",
                line: bytes[..<offset].count { $0 == 0x0A } + 1)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ReadFailure(
                problem: "is not valid UTF-8", remedy: "save the file as UTF-8",
                line: lineOfInvalidUTF8(bytes))
        }
        return text
    }

    /// Lines are independent in UTF-8: the first line that does not decode alone is the bad one.
    private static func lineOfInvalidUTF8(_ bytes: [UInt8]) -> Int? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }
}

/// The text of an errno.
func systemErrorText(_ code: CInt) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}
