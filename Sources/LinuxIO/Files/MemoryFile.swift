internal import CLinux
internal import Glibc

/// A file that is only memory (memfd), and exists for as long as a process holds a descriptor of it.
///
/// What it holds outlives the process that wrote it, even one that is killed, when the service manager holds a
/// descriptor too. A write of bytes within one page is done by then or not at all.
package struct MemoryFile: ~Copyable {
    private let descriptor: FileDescriptor

    /// The number, for the service manager's descriptor store.
    package var raw: CInt { descriptor.raw }

    /// Makes an empty file; `name` is shown in /proc.
    /// - Throws: `SystemCallError`, usually for want of descriptors.
    package init(name: String) throws(SystemCallError) {
        descriptor = try FileDescriptor("memfd_create", on: name) { clinux_memory_file(name) }
    }

    /// Takes over a memory file that another process made, such as our own predecessor.
    /// - Throws: `SystemCallError`; EINVAL when it is no plain file. The descriptor is closed then.
    package init(adopting descriptor: consuming FileDescriptor) throws(SystemCallError) {
        guard DescriptorKind(of: descriptor.raw) == .file else {
            throw SystemCallError(
                "adopt", on: "descriptor \(descriptor.raw)", errno: .invalidArgument,
                remedy: "this is no memory file; remove what puts it into the descriptor store")
        }
        self.descriptor = descriptor
    }

    /// Replaces the bytes from `offset` on.
    /// - Throws: `SystemCallError`, such as ENOSPC when memory is short.
    package func write(_ bytes: [UInt8], at offset: Int) throws(SystemCallError) {
        var written = 0
        while written < bytes.count {
            let (raw, start) = (descriptor.raw, written)
            written += try systemCall("pwrite", on: "memory file") {
                bytes[start...].withUnsafeBytes {
                    pwrite(raw, $0.baseAddress, $0.count, off_t(offset + start))
                }
            }
        }
    }

    /// Reads up to `count` bytes from `offset` on; fewer where the file ends.
    /// - Throws: `SystemCallError`.
    package func read(_ count: Int, at offset: Int) throws(SystemCallError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let (raw, start) = (descriptor.raw, filled)
            let length = try systemCall("pread", on: "memory file") {
                bytes[start...].withUnsafeMutableBytes {
                    pread(raw, $0.baseAddress, $0.count, off_t(offset + start))
                }
            }
            if length == 0 { break }
            filled += length
        }
        return Array(bytes[..<filled])
    }

    /// Its length in bytes.
    /// - Throws: `SystemCallError`.
    package func size() throws(SystemCallError) -> Int {
        var status = stat()
        try systemCall("fstat", on: "memory file") { fstat(descriptor.raw, &status) }
        return Int(status.st_size)
    }
}
