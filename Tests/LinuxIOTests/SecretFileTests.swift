import Glibc
import TestSupport
import Testing

@testable import LinuxIO

/// Files that hold a secret.
struct SecretFileTests {
    private let directory: TestFolder
    private let path: String

    init() throws {
        directory = try TestFolder()
        path = directory.file("file")
    }

    private func write(_ contents: [UInt8], mode: mode_t = 0o600) throws {
        try PlainFile.write(contents, to: path)
        chmod(path, mode)
    }

    private func contents(limit: Int = 10) throws -> [UInt8] {
        try SecretFile.read(path, limit: limit).withSpan { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test("what the owner and the group may read, and the owner alone write, is read, through a link too")
    func read() throws {
        for mode in [0o400, 0o600, 0o440, 0o640] as [mode_t] {
            try write([1, 2, 3], mode: mode)
            #expect(try contents() == [1, 2, 3])
            remove(path)
        }
        try write([4])
        let link = directory.file("out")
        #expect(symlink(path, link) == 0)
        #expect(try SecretFile.read(link, limit: 10).withSpan { $0[0] } == 4)
    }

    @Test(
        "what others may read or change is refused, with the command that repairs it",
        arguments: [0o644, 0o604, 0o660, 0o620, 0o602, 0o641] as [mode_t])
    func permissions(mode: mode_t) throws {
        try write([1], mode: mode)
        let error = #expect(throws: SystemCallError.self) { try contents() }
        #expect(error?.errno == .permissionDenied)
        #expect(
            error?.description.contains(
                "refused, for others could read or change it; run \"chmod 0640 \(path)\"") == true)
    }

    @Test("an empty file is read as such, and one that is too long is refused")
    func size() throws {
        try write([])
        #expect(try contents() == [])
        try write([UInt8](repeating: 7, count: 10))
        #expect(try contents().count == 10)
        try write([UInt8](repeating: 7, count: 11))
        #expect(throws: SystemCallError.self) { try contents() }
    }

    @Test("a directory and a named pipe are refused immediately: no call waits until a process writes")
    func otherKinds() throws {
        #expect(mkfifo(path, 0o600) == 0)
        let pipe = #expect(throws: SystemCallError.self) { try contents() }
        #expect(pipe?.errno == .invalidArgument)
        remove(path)
        #expect(mkdir(path, 0o700) == 0)
        let folder = #expect(throws: SystemCallError.self) { try contents() }
        #expect(folder?.errno == .isDirectory)
        rmdir(path)
    }

    @Test("a file that exists is left as it is, a link that leads nowhere too")
    func existing() throws {
        try write([1])
        let error = #expect(throws: SystemCallError.self) { try SecretFile.create([2], at: path) }
        #expect(error?.errno == .fileExists)
        #expect(error?.description.contains("name another") == true)
        #expect(try contents() == [1])
        let link = directory.file("out")
        #expect(symlink("\(directory.path)/nowhere", link) == 0)
        #expect(throws: SystemCallError.self) { try SecretFile.create([2], at: link) }
        #expect(!exists("\(directory.path)/nowhere"))
    }
}
