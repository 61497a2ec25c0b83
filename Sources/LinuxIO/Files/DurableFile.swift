internal import Glibc

/// A small file that is replaced as a whole and survives a power cut: the old contents or the new, never a mix.
package enum DurableFile {
    /// Replaces the contents, and returns when the disk has them.
    ///
    /// They are written to `PATH.new` in the same directory, flushed, and renamed over the old; then
    /// the directory is flushed, without which the rename itself could be lost. What a crash leaves
    /// of `PATH.new` is overwritten next time. One writer at a time.
    /// - Parameters:
    ///   - contents: the whole file.
    ///   - path: where; its directory must exist. The file can be read by its owner alone (0600).
    /// - Throws: `SystemCallError`, such as ENOSPC, EROFS, EACCES, or ENOENT for a missing directory;
    ///   the old contents are untouched, except when flushing the directory failed.
    package static func write(_ contents: [UInt8], to path: String) throws(SystemCallError) {
        let fresh = path + ".new"
        do {
            try writeFlushed(contents, to: fresh)
            try systemCall("rename", on: path) { rename(fresh, path) }
        } catch {
            unlink(fresh)
            throw error
        }
        try flushDirectory(of: path)
    }

    /// Writes over the beginning of a file that is there, when a full disk has no space for a new one.
    ///
    /// Contents that are no longer than one block of the disk (512 bytes) are written whole or not at all.
    /// - Parameters:
    ///   - path: where; the file must be there.
    ///   - contents: the whole file; a longer one is cut to them.
    /// - Throws: `SystemCallError`.
    package static func overwrite(_ path: String, with contents: [UInt8]) throws(SystemCallError) {
        let file = try FileDescriptor("open", on: path) {
            open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        }
        try writeAll(contents, to: file, path: path)
        try systemCall("ftruncate", on: path) { ftruncate(file.raw, off_t(contents.count)) }
        try systemCall("fsync", on: path) { fsync(file.raw) }
        try file.close()
    }

    /// Reads the whole file.
    /// - Parameters:
    ///   - path: where.
    ///   - limit: the largest size in bytes; a larger file is no state of ours.
    /// - Throws: `SystemCallError`, such as EACCES, EISDIR, or EFBIG beyond the limit.
    /// - Returns: the contents; nil when there is no such file.
    package static func read(_ path: String, limit: Int = 16 << 20) throws(SystemCallError) -> [UInt8]? {
        let raw: CInt
        // Without O_NONBLOCK a named pipe would hold us up until a process writes to it.
        switch uninterrupted({ open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }) {
        case .success(let number): raw = number
        case .failure(.noSuchFileOrDirectory): return nil
        case .failure(let errno): throw SystemCallError("open", on: path, errno: errno)
        }
        return try readAll(FileDescriptor(owning: raw), path: path, limit: limit)
    }
}

/// Reads to the end, `limit` bytes at most.
func readAll(
    _ file: consuming FileDescriptor, path: String, limit: Int
) throws(SystemCallError) -> [UInt8] {
    var contents: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 16 << 10)
    while true {
        let count = try systemCall("read", on: path) { Glibc.read(file.raw, &block, block.count) }
        if count == 0 { return contents }
        contents += block[..<count]
        guard contents.count <= limit else {
            throw SystemCallError(
                "read", on: path, errno: .fileTooLarge,
                remedy: "more than \(limit) bytes; is this the right file?")
        }
    }
}

private func writeFlushed(_ contents: [UInt8], to path: String) throws(SystemCallError) {
    // O_NOFOLLOW: in a directory that others may write, no process can point us at another file.
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let file = try FileDescriptor("open", on: path) { open(path, flags, 0o600) }
    try systemCall("fchmod", on: path) { fchmod(file.raw, 0o600) }
    var written = 0
    while written < contents.count {
        written += try systemCall("write", on: path) {
            contents[written...].withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
        }
    }
    try systemCall("fsync", on: path) { fsync(file.raw) }
    try file.close()
}

/// Makes sure that the name of a new file survives a power cut.
func flushDirectory(of path: String) throws(SystemCallError) {
    let directory = directoryName(of: path)
    let descriptor = try FileDescriptor("open", on: directory) {
        open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    try systemCall("fsync", on: directory) { fsync(descriptor.raw) }
}

/// The directory part of a path: "/" for "/file", "." for "file".
func directoryName(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
