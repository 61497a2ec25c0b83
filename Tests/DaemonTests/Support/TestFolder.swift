import Glibc
import LinuxIO
import Testing

/// A folder of a test's own, which goes with it.
final class TestFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/suspectd-test-XXXXXX\0".utf8CString)
        let made = mkdtemp(&template) != nil
        try #require(made)
        path = String(decoding: template.dropLast(2).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { removeTree(path) }

    /// Makes a folder in it and returns its path.
    func makeFolder(_ name: String) throws -> String {
        let folder = "\(path)/\(name)"
        try #require(mkdir(folder, 0o755) == 0)
        return folder
    }
}

/// Writes a small file.
func writeFile(_ text: String, to path: String) throws {
    try DurableFile.write(Array(text.utf8), to: path)
}

/// The text of a file; empty when there is none.
func textOfFile(_ path: String) -> String {
    String(decoding: ((try? DurableFile.read(path)) ?? nil) ?? [], as: UTF8.self)
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
