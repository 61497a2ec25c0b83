internal import Glibc
internal import LinuxIO

/// A folder of a test's own below `/tmp`, which goes with it and all that is in it.
package final class TestFolder {
    /// Where it is.
    package let path: String

    /// Makes it.
    ///
    /// - Throws: `SystemCallError`.
    package init() throws {
        var template = Array("/tmp/suspectd-test-XXXXXX\0".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SystemCallError("mkdtemp", errno: Errno(rawValue: errno))
        }
        path = String(decoding: template.dropLast(2).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { removeTree(path) }

    /// The path of a file in it, which need not exist.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a folder in it and returns its path.
    ///
    /// - Throws: `SystemCallError`.
    package func makeFolder(_ name: String) throws -> String {
        let folder = file(name)
        guard mkdir(folder, 0o755) == 0 else {
            throw SystemCallError("mkdir", on: folder, errno: Errno(rawValue: errno))
        }
        return folder
    }
}

private func removeTree(_ path: String) {
    if let directory = opendir(path) {
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            let child = "\(path)/\(name)"
            guard name != ".", name != "..", lstat(child, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { removeTree(child) } else { unlink(child) }
        }
        closedir(directory)
    }
    rmdir(path)
}
