internal import CLinux
internal import Glibc

/// A folder that belongs to one process for as long as this value lives; the kernel frees it when the process ends.
///
/// The corresponding C function is `flock`.
package struct FileLock: ~Copyable {
    private let descriptor: FileDescriptor

    /// Locks the file at `path`, which is made if there is none, and stays.
    ///
    /// - Throws: `SystemCallError`, with EAGAIN when another process has the lock.
    package init(_ path: String) throws(SystemCallError) {
        let raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw SystemCallError("open", on: path, errno: .current) }
        let descriptor = FileDescriptor(owning: raw)
        guard flock(raw, LOCK_EX | LOCK_NB) == 0 else {
            throw SystemCallError(
                "flock", on: path, errno: .current,
                remedy: "another process uses this folder; give every daemon a state_directory of its own")
        }
        self.descriptor = descriptor
    }
}
