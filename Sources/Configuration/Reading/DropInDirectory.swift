internal import Glibc

/// The folder `conf.d` beside the main file, whose `*.toml` files add to it.
enum DropInDirectory {
    /// The paths of the drop-in files in name order; none when there is no such folder.
    static func files(besides path: String, _ diagnostics: inout Diagnostics) -> [String] {
        let folder = directory(of: path) + "conf.d"
        guard let handle = opendir(folder) else {
            report(errno, folder, &diagnostics)
            return []
        }
        defer { closedir(handle) }
        let names = names(in: handle).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names where isOverlooked(name) {
            diagnostics.warning(
                nil, at: Location(file: "\(folder)/\(name)"),
                "is not read: of this folder only files are read of which the name ends in .toml",
                "rename it to \(name.prefix { $0 != "." }).toml, or remove it")
        }
        return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.map { folder + "/" + $0 }
    }

    private static let suffix = ".toml"

    /// Whether a file that is not read was probably meant to be; the copies that editors and package managers leave are not.
    private static func isOverlooked(_ name: String) -> Bool {
        guard !name.hasPrefix("."), !name.hasSuffix(suffix) else { return false }
        return ["toml", "tml", "conf", "cfg", "ini"].contains { name.lowercased().hasSuffix(".\($0)") }
    }

    private static func report(_ code: Int32, _ folder: String, _ diagnostics: inout Diagnostics) {
        var status = stat()
        switch code {
        case ENOENT where lstat(folder, &status) != 0: return
        case ENOENT, ENOTDIR:
            diagnostics.warning(
                nil, at: Location(file: folder), "is no folder, so no file is read from it",
                "make it a folder of files *.toml, or remove it")
        default:
            diagnostics.error(
                nil, at: Location(file: folder), "cannot be read: \(systemErrorText(code))",
                "let the user who starts this read the folder, or remove it")
        }
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
