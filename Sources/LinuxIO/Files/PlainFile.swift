internal import Glibc

/// Files that people name on a command line: read block by block, however large, and written as a whole.
package enum PlainFile {
    private static let blockSize = 256 << 10

    /// Reads a file from its beginning to its end.
    /// - Parameters:
    ///   - path: where; `-` is the standard input.
    ///   - body: called with each block, and the share of the file that has been read by then, 0 to 1; where the size
    ///     is not known beforehand, as of a pipe, the share stays 0.
    /// - Throws: `SystemCallError`, such as ENOENT, EACCES or EISDIR.
    package static func forEachBlock(
        of path: String, _ body: (_ block: ArraySlice<UInt8>, _ share: Double) -> Void
    ) throws(SystemCallError) {
        let name = path == "-" ? "/dev/stdin" : path
        let file = try FileDescriptor(owning: open(existing: name))
        var status = stat()
        try systemCall("fstat", on: path) { fstat(file.raw, &status) }
        var block = [UInt8](repeating: 0, count: blockSize)
        var done = 0
        while true {
            let count = try systemCall("read", on: path) { Glibc.read(file.raw, &block, block.count) }
            if count == 0 { return }
            done += count
            body(block[..<count], status.st_size > 0 ? min(1, Double(done) / Double(status.st_size)) : 0)
        }
    }

    /// Writes a file anew; the umask decides on reading.
    /// - Parameters:
    ///   - contents: the whole file.
    ///   - path: where; its directory must exist.
    /// - Throws: `SystemCallError`; the file may then hold the beginning.
    package static func write(_ contents: [UInt8], to path: String) throws(SystemCallError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let file = try FileDescriptor("open", on: path) { Glibc.open(path, flags, 0o666) }
        try writeAll(contents, to: file, path: path)
        try file.close()
    }

    private static func open(existing path: String) throws(SystemCallError) -> CInt {
        switch uninterrupted({ Glibc.open(path, O_RDONLY | O_CLOEXEC) }) {
        case .success(let number): return number
        case .failure(.noSuchFileOrDirectory):
            throw SystemCallError(
                "open", on: path, errno: .noSuchFileOrDirectory, remedy: "is its name right?")
        case .failure(let errno): throw SystemCallError("open", on: path, errno: errno)
        }
    }
}

/// Writes all of `contents`, in as many calls as it takes.
func writeAll(
    _ contents: [UInt8], to file: borrowing FileDescriptor, path: @autoclosure () -> String
) throws(SystemCallError) {
    var written = 0
    while written < contents.count {
        written += try systemCall("write", on: path()) {
            contents[written...].withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
        }
    }
}
