internal import Glibc

/// A small file that only its owner, and the group that was let in, may read.
package enum SecretFile {
    /// Reads the whole file.
    ///
    /// - Parameters:
    ///   - path: where; symbolic links are followed.
    ///   - limit: the largest size in bytes.
    /// - Throws: `SystemCallError`: EACCES with the remedy when others than the owner and the group may read it, or
    ///   others than the owner may write it; EISDIR, EINVAL for a pipe or a device; ENOENT, EFBIG and the like.
    /// - Returns: the contents.
    package static func read(_ path: String, limit: Int) throws(SystemCallError) -> SecretBytes {
        // Without O_NONBLOCK a named pipe would hold us up until a process writes to it.
        let file = try FileDescriptor("open", on: path) { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        var status = stat()
        try systemCall("fstat", on: path) { fstat(file.raw, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            throw SystemCallError(
                "open", on: path, errno: isDirectory ? .isDirectory : .invalidArgument,
                reason: isDirectory ? nil : "refused, for it is a pipe or a device",
                remedy: "it is not a regular file; name one")
        }
        guard status.st_mode & 0o027 == 0 else {
            throw SystemCallError(
                "open", on: path, errno: .permissionDenied,
                reason: "refused, for others could read or change it",
                remedy: "run \"chmod 0640 \(path)\"")
        }
        return try SecretBytes(readingFrom: file, path: path, limit: limit)
    }

    /// Creates a file with mode 0600, whatever the umask; one that exists is left as it is.
    ///
    /// With a group it has mode 0640 and belongs to that group. What fails leaves no file.
    /// - Throws: `SystemCallError`: EEXIST, EACCES, ENOENT for a missing directory, ENOSPC.
    package static func create(
        _ contents: [UInt8], at path: String, group: UInt32? = nil
    ) throws(SystemCallError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor: CInt
        switch uninterrupted({ open(path, flags, 0o600) }) {
        case .success(let raw): descriptor = raw
        case .failure(.fileExists):
            throw SystemCallError(
                "open", on: path, errno: .fileExists,
                remedy: "it may hold a secret in use; name another, or move it away first")
        case .failure(let errno): throw SystemCallError("open", on: path, errno: errno)
        }
        do throws(SystemCallError) {
            try fill(FileDescriptor(owning: descriptor), with: contents, group: group, path: path)
            try flushDirectory(of: path)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Makes the folder of a file where it is missing, for its owner and a group alone.
    ///
    /// - Throws: `SystemCallError`: ENOENT where the folder above is missing too, EACCES and the like.
    package static func createFolder(of path: String, group: UInt32?) throws(SystemCallError) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        guard mkdir(folder, 0o700) == 0 else {
            guard errno != EEXIST else { return }
            throw SystemCallError("mkdir", on: folder, errno: .current)
        }
        guard let group else { return }
        try systemCall("chown", on: folder) { chown(folder, uid_t.max, group) }
        try systemCall("chmod", on: folder) { chmod(folder, 0o750) }
    }

    private static func fill(
        _ file: consuming FileDescriptor, with contents: [UInt8], group: UInt32?, path: String
    ) throws(SystemCallError) {
        try systemCall("fchmod", on: path) { fchmod(file.raw, 0o600) }
        if let group {
            try systemCall("fchown", on: path) { fchown(file.raw, uid_t.max, group) }
            try systemCall("fchmod", on: path) { fchmod(file.raw, 0o640) }
        }
        try writeAll(contents, to: file, path: path)
        try systemCall("fsync", on: path) { fsync(file.raw) }
        try file.close()
    }
}

/// Bytes that are overwritten when they are dropped, and of which no copy was made.
package struct SecretBytes: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    private let count: Int

    fileprivate init(
        readingFrom file: borrowing FileDescriptor, path: String, limit: Int
    ) throws(SystemCallError) {
        // One byte more shows that a file is longer.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: limit + 1, alignment: 1)
        var filled = 0
        do throws(SystemCallError) {
            while filled < memory.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
                let count = try systemCall("read", on: path) {
                    Glibc.read(file.raw, rest.baseAddress, rest.count)
                }
                if count == 0 { break }
                filled += count
            }
            guard filled <= limit else {
                throw SystemCallError(
                    "read", on: path, errno: .fileTooLarge,
                    remedy: "more than \(limit) bytes; is this the right file?")
            }
        } catch {
            Self.wipe(memory)
            throw error
        }
        self.memory = memory
        count = filled
    }

    deinit { Self.wipe(memory) }

    private static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
        if let start = memory.baseAddress { explicit_bzero(start, memory.count) }
        memory.deallocate()
    }

    /// Lends the bytes.
    package borrowing func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: memory[..<count]).bindMemory(to: UInt8.self).span)
    }
}
