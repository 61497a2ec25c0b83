internal import Glibc

/// The folder `conf.d` beside the main file, whose `*.toml` files add to it.
enum DropInDirectory {
    /// The paths of the drop-in files in name order; none when there is no such folder.
    static func files(besides path: String, _ diagnostics: inout Diagnostics) -> [String] {
        let folder = directory(of: path) + "conf.d"
        guard let handle = opendir(folder) else {
            if errno != ENOENT && errno != ENOTDIR {
                diagnostics.error(
                    nil, at: Location(file: folder), "cannot be read: \(systemErrorText(errno))",
                    "let the user who starts this read the folder, or remove it")
            }
            return []
        }
        defer { closedir(handle) }
        return names(in: handle).filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { folder + "/" + $0 }
    }

    /// The folder of `path` with its trailing slash; empty for a bare name.
    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[...slash])
    }

    private static func names(in handle: OpaquePointer) -> [String] {
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }
}
