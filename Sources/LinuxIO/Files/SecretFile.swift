internal import Glibc

/// A small file that nobody but its owner, and the group that was let in, may read.
package enum SecretFile {
    /// Reads the whole file.
    ///
    /// - Parameters:
    ///   - path: where.
    ///   - limit: the largest size in bytes.
    /// - Throws: `SystemCallError`: EACCES with the remedy when others than the owner and the group may read it, or
    ///   others than the owner may write it; ENOENT, EFBIG and the like.
    /// - Returns: the contents.
    package static func read(_ path: String, limit: Int) throws(SystemCallError) -> [UInt8] {
        let file = try FileDescriptor("open", on: path) { open(path, O_RDONLY | O_CLOEXEC) }
        var status = stat()
        try systemCall("fstat", on: path) { fstat(file.raw, &status) }
        guard status.st_mode & 0o027 == 0 else {
            throw SystemCallError(
                "open", on: path, errno: .permissionDenied,
                remedy: "others could read or change it; run \"chmod 0640 \(path)\"")
        }
        return try readAll(file, path: path, limit: limit)
    }

    /// Creates a file with mode 0600; one that exists is left as it is.
    ///
    /// - Throws: `SystemCallError`: EEXIST, EACCES, ENOENT for a missing directory, ENOSPC.
    package static func create(_ contents: [UInt8], at path: String) throws(SystemCallError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let file = try FileDescriptor("open", on: path) { open(path, flags, 0o600) }
        try writeAll(contents, to: file, path: path)
        try systemCall("fsync", on: path) { fsync(file.raw) }
        try file.close()
    }
}
