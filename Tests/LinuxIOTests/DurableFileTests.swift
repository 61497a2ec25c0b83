import Glibc
import Synchronization
import TestSupport
import Testing

@testable import LinuxIO

/// The file that must survive.
struct DurableFileTests {
    private let directory: TestFolder
    private let path: String

    init() throws {
        directory = try TestFolder()
        path = directory.file("file")
    }

    @Test("what is written is read, by its owner alone")
    func roundTrip() throws {
        let contents = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try DurableFile.write(contents, to: path)
        #expect(try DurableFile.read(path) == contents)
        try DurableFile.write([], to: path)
        #expect(try DurableFile.read(path) == [])
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(!exists(path + ".new"))
    }

    @Test("a file that does not exist is nil")
    func missing() throws {
        #expect(try DurableFile.read(path) == nil)
    }

    @Test("a reader sees the old contents or the new, never a mix")
    func atomicity() throws {
        try DurableFile.write([UInt8](repeating: 0, count: 50_000), to: path)
        let log = ReaderLog()
        let path = path
        let reader = try BackgroundThread(name: "reader") {
            repeat { log.note(try? DurableFile.read(path)) } while !log.isDone
        }
        for number in 0..<50 as Range<UInt8> {
            try DurableFile.write([UInt8](repeating: number, count: 50_000), to: path)
        }
        log.finish()
        reader.join()
        #expect(log.whole > 0)
        #expect(log.mixed == 0)
    }

    @Test("what a crash left of a write is overwritten")
    func leftover() throws {
        try DurableFile.write([UInt8](repeating: 9, count: 1000), to: path + ".new")
        try DurableFile.write([1, 2], to: path)
        #expect(try DurableFile.read(path) == [1, 2])
    }

    @Test("a write that fails leaves the old contents")
    func failedWrite() throws {
        try DurableFile.write([1], to: path)
        #expect(mkdir(path + ".new", 0o700) == 0)
        let error = #expect(throws: SystemCallError.self) { try DurableFile.write([2], to: path) }
        #expect(error?.errno == .isDirectory)
        #expect(try DurableFile.read(path) == [1])
    }

    @Test("a directory that does not exist is an error with its remedy")
    func missingDirectory() {
        let error = #expect(throws: SystemCallError.self) {
            try DurableFile.write([1], to: path + "/none/file")
        }
        let text = "open \(path)/none/file.new: No such file or directory; "
        #expect(error?.description == text + "the directory does not exist; create it, or name another")
    }

    @Test("a file that does not exist in a directory that does is called a file")
    func missingFile() {
        let error = #expect(throws: SystemCallError.self) {
            _ = try SecretFile.read(path + "-none", limit: 9)
        }
        #expect(error?.remedy == "the file does not exist; create it, or name another")
        let inNoDirectory = #expect(throws: SystemCallError.self) {
            _ = try SecretFile.read(path + "/none/key", limit: 9)
        }
        #expect(inNoDirectory?.remedy?.hasPrefix("the directory does not exist") ?? false)
    }

    @Test("a file beyond the limit is an error and not a gigabyte of memory")
    func limit() throws {
        try DurableFile.write([1, 2, 3], to: path)
        #expect(try DurableFile.read(path, limit: 3) == [1, 2, 3])
        let error = #expect(throws: SystemCallError.self) { try DurableFile.read(path, limit: 2) }
        #expect(error?.errno == .fileTooLarge)
    }
}

/// What a reader saw.
private final class ReaderLog: Sendable {
    private let done = Atomic(false)
    private let wholeCount = Atomic(0)
    private let mixedCount = Atomic(0)

    var isDone: Bool { done.load(ordering: .relaxed) }
    var whole: Int { wholeCount.load(ordering: .relaxed) }
    var mixed: Int { mixedCount.load(ordering: .relaxed) }

    func finish() { done.store(true, ordering: .relaxed) }

    /// Takes note of one reading; nil counts as mixed, for the file is always there.
    func note(_ contents: [UInt8]?) {
        let contents = contents ?? []
        if contents.count == 50_000, Set(contents).count == 1 {
            wholeCount.add(1, ordering: .relaxed)
        } else {
            mixedCount.add(1, ordering: .relaxed)
        }
    }
}
