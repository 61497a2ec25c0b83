internal import Glibc

/// Which processes are in a cgroup.
package enum CgroupMembers {
    /// How deep, and in how many cgroups, a process is looked for at most: a service may make as many as it likes.
    private static let (depth, limit) = (8, 512)
    /// The longest list of processes that is read, in bytes.
    private static let listLimit = 1 << 20

    /// Whether a process is in the cgroup at `path`, below where cgroups are mounted, or in one below it.
    ///
    /// - Parameters:
    ///   - process: its number.
    ///   - path: the cgroup as the service manager names it, beginning with `/`.
    ///   - mount: where cgroups are mounted.
    /// - Returns: whether it is; `false` as well when that cannot be read.
    package static func contains(
        _ process: UInt32, in path: String, below mount: String = "/sys/fs/cgroup"
    ) -> Bool {
        guard process > 0, path.hasPrefix("/"), path.utf8.count > 1, !path.contains("/..") else {
            return false
        }
        var waiting = [(folder: mount + path, depth: 0)]
        var visited = 0
        while let next = waiting.popLast(), visited < limit {
            visited += 1
            if lists(process, "\(next.folder)/cgroup.procs") { return true }
            guard next.depth < depth else { continue }
            waiting += folders(in: next.folder).map { ("\(next.folder)/\($0)", next.depth + 1) }
        }
        return false
    }

    private static func lists(_ process: UInt32, _ file: String) -> Bool {
        guard let descriptor = try? FileDescriptor("open", on: file, { open(file, O_RDONLY | O_CLOEXEC) })
        else { return false }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while text.count < listLimit {
            let count = read(descriptor.raw, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return text.split(separator: UInt8(ascii: "\n")).contains {
            UInt32(String(decoding: $0, as: UTF8.self)) == process
        }
    }

    private static func folders(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream), names.count < limit {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
