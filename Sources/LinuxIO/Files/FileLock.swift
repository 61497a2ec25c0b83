internal import CLinux
internal import Glibc

/// A folder that belongs to one process for as long as this value exists; the kernel frees it when the process ends.
///
/// The corresponding C function is `flock`.
package struct FileLock: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Locks the file at `path`, which is made if there is none, and stays.
    ///
    /// - Throws: `SystemCallError`, with EAGAIN when another process has the lock.
    package init(_ path: String) throws(SystemCallError) {
        // O_NOFOLLOW: in a folder that others may write, no process can have us make or lock another file.
        var raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if raw < 0, Errno.current.isFullOrReadOnlyDisk {
            // A lock needs no writing: an old file does, or the folder itself.
            raw = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            if raw < 0 { raw = open(directoryName(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        guard raw >= 0 else {
            let errno = Errno.current
            throw errno.isOfNoPlainFile
                ? SystemCallError(
                    "open", on: path, errno: errno,
                    remedy: "it is no plain file; remove it, and let only the daemon's user write this folder"
                )
                : SystemCallError("open", on: path, errno: errno)
        }
        let descriptor = FileDescriptor(owning: raw)
        guard flock(raw, LOCK_EX | LOCK_NB) == 0 else {
            throw SystemCallError(
                "flock", on: path, errno: .current,
                remedy: "another process uses this folder; give every daemon a state_directory of its own")
        }
        self.descriptor = descriptor
    }

    /// Whether what is locked is still the file at `path`, or its folder; also where that cannot be known.
    package func isAt(_ path: String) -> Bool {
        let own = FileIdentity.of(descriptor: descriptor.raw)
        return !own.differs(from: .present(at: path)) || own == .present(at: directoryName(of: path))
    }
}
