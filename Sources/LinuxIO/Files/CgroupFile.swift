internal import Glibc

/// A file of a cgroup that the kernel marks when it changes: `cgroup.events` or `memory.events`.
///
/// It is removed with its cgroup, also when a service is only started again: open it anew for each activation.
package final class CgroupFile: Sendable {
    private let descriptor: FileDescriptor

    /// Opens a file of the cgroup at `path`, below where cgroups are mounted.
    /// - Throws: `SystemCallError`, ENOENT when there is no such cgroup, or its controller is off.
    package init(
        _ name: String, of path: String, below mount: String = "/sys/fs/cgroup"
    ) throws(SystemCallError) {
        let file = "\(mount)\(path)/\(name)"
        descriptor = try FileDescriptor("open", on: file) { open(file, O_RDONLY | O_CLOEXEC) }
    }

    /// The number of the descriptor; the kernel marks a change with `POLLPRI`, until the file is read.
    package var raw: CInt { descriptor.raw }

    /// The numbers in it by their names; `nil` when the cgroup is gone.
    package func values() -> [String: UInt64]? {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = pread(descriptor.raw, &buffer, buffer.count, 0)
        guard count >= 0 else { return nil }
        let lines = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n")
        return lines.reduce(into: [:]) { values, line in
            let words = line.split(separator: " ")
            if words.count == 2, let value = UInt64(words[1]) { values[String(words[0])] = value }
        }
    }
}
