import Glibc
import TestSupport
import Testing

@testable import LinuxIO

/// The log that may fill its bound, and a disk that may be full.
struct RotatingFileTests {
    private let directory: TestFolder

    init() throws { directory = try TestFolder() }

    private func names(in path: String? = nil, keep: Int) -> RotationNames {
        RotationNames(
            directory: path ?? directory.path, current: "log",
            next: { names in "log.\((names.compactMap { Int($0.dropFirst(4)) }.max() ?? 0) + 1)" },
            surplus: { names in
                names.filter { $0.hasPrefix("log.") }.sorted {
                    Int($0.dropFirst(4)) ?? 0 < Int($1.dropFirst(4)) ?? 0
                }
                .dropLast(keep)
            })
    }

    private func text(_ name: String) throws -> String? {
        try DurableFile.read("\(directory.path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// Takes away what the tests made.
    private func clean() {
        for name in ["log"] + (1...20).map({ "log.\($0)" }) { remove("\(directory.path)/\(name)") }
    }

    @Test("records are kept whole, a full file is renamed, and the oldest go")
    func rotation() throws {
        defer { clean() }
        var file = RotatingFile(names(keep: 2), maximumSize: 10)
        for number in 1...9 {
            let report = file.append(Array("\(number)234\n".utf8))
            #expect(report == nil)
        }
        #expect(file.rotations == 4)
        #expect(file.size == 5)
        #expect(try text("log") == "9234\n")
        #expect(try text("log.4") == "7234\n8234\n")
        #expect(try text("log.3") == "5234\n6234\n")
        #expect(try text("log.2") == nil)
        #expect(try text("log.1") == nil)
    }

    @Test("a file that is removed, replaced or cut is begun anew, and its records are counted")
    func removal() throws {
        defer { clean() }
        var file = RotatingFile(names(keep: 2), maximumSize: 100)
        let path = "\(directory.path)/log"
        #expect(file.takeRemoval() == nil)
        _ = file.append([97], count: 3)
        #expect(file.takeRemoval() == nil)
        try #require(unlink(path) == 0)
        #expect(file.takeRemoval() == 3)
        _ = file.append([98], count: 2)
        #expect(try text("log") == "b" && file.takeRemoval() == nil)
        try DurableFile.write([99], to: path)
        #expect(file.takeRemoval() == 2)
        _ = file.append([100])
        #expect(try text("log") == "cd")
        try #require(truncate(path, 0) == 0)
        #expect(file.takeRemoval() == 1 && file.lost == 0)
    }

    @Test("a lock whose file is removed is noticed")
    func lostLock() throws {
        let path = "\(directory.path)/lock"
        defer { unlink(path) }
        let lock = try FileLock(path)
        let isThere = lock.isAt(path)
        try #require(unlink(path) == 0)
        let isRemoved = !lock.isAt(path)
        let second = try FileLock(path)
        let (isReplaced, isSecondThere) = (!lock.isAt(path), second.isAt(path))
        #expect(isThere && isRemoved && isReplaced && isSecondThere)
    }

    @Test("a record larger than the bound is written all the same, alone")
    func largeRecord() throws {
        defer { clean() }
        var file = RotatingFile(names(keep: 5), maximumSize: 4)
        for record in ["aaaaaaaa", "b", "c"] { _ = file.append(Array(record.utf8)) }
        #expect(try text("log.1") == "aaaaaaaa")
        #expect(try text("log") == "bc")
    }

    @Test("a file that is there already is continued, and counts")
    func continued() throws {
        defer { clean() }
        do {
            var file = RotatingFile(names(keep: 5), maximumSize: 6)
            _ = file.append(Array("abcd".utf8))
        }
        var file = RotatingFile(names(keep: 5), maximumSize: 6)
        _ = file.append(Array("efgh".utf8))
        #expect(try text("log.1") == "abcd")
        #expect(try text("log") == "efgh")
    }

    @Test(
        "without a directory records are lost and counted, reported once, and written again when there is one"
    )
    func recovery() throws {
        let path = "\(directory.path)/file"
        var file = RotatingFile(names(in: path, keep: 1), maximumSize: 100)
        guard case .failing(let error) = file.append([1]) else {
            Issue.record("a missing directory is no failure")
            return
        }
        #expect(error.errno == .noSuchFileOrDirectory)
        #expect(error.description.contains("open \(path)/log"))
        let second = file.append([2], count: 3)
        #expect(second == nil)
        #expect(file.lost == 4)
        try #require(mkdir(path, 0o700) == 0)
        defer {
            unlink("\(path)/log")
            rmdir(path)
        }
        let third = file.append([3])
        #expect(third == .recovered(lost: 4))
        let fourth = file.append([4])
        #expect(fourth == nil)
        #expect(file.lost == 4)
        #expect(try DurableFile.read("\(path)/log") == [3, 4])
    }

    @Test("on a full disk records are lost whole, and nothing stops")
    func fullDisk() throws {
        // Every write to /dev/full fails as on a disk without space.
        var file = RotatingFile(
            RotationNames(directory: "/dev", current: "full", next: { _ in "none" }, surplus: { _ in [] }),
            maximumSize: 1_000)
        guard case .failing(let error) = file.append([1, 2, 3]) else {
            Issue.record("a full disk is no failure")
            return
        }
        #expect(error.errno == .noSpace)
        for _ in 0..<10 {
            let report = file.append([1, 2, 3])
            #expect(report == nil)
        }
        #expect(file.lost == 11)
        #expect(file.size == 0)
    }

    @Test("what was written in part is taken back")
    func partialWrite() async {
        // In a process of its own, for which no file may grow beyond 6 bytes: the kernel writes that much of a record.
        await #expect(processExitsWith: .success) {
            let directory = try TestFolder()
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 6, rlim_max: 6)
            try #require(setrlimit(__rlimit_resource_t(1), &limit) == 0)
            let names = RotationNames(
                directory: directory.path, current: "file", next: { _ in "out" }, surplus: { _ in [] })
            var file = RotatingFile(names, maximumSize: 100)
            _ = file.append(Array("abcd".utf8))
            _ = file.append(Array("efgh".utf8))
            let (lost, size) = (file.lost, file.size)
            let contents = try DurableFile.read(directory.file("file"))
            _ = consume directory
            exit(lost == 1 && size == 4 && contents == Array("abcd".utf8) ? 0 : 1)
        }
    }

    @Test("a file that cannot be renamed grows, and that is reported at each further eighth")
    func cannotRotate() throws {
        defer { clean() }
        let names = RotationNames(
            directory: directory.path, current: "log", next: { _ in "none/none" }, surplus: { _ in [] })
        var file = RotatingFile(names, maximumSize: 16)
        var reports: [RotatingFile.Report] = []
        for _ in 0..<6 {
            if let report = file.append(Array("12345678".utf8)) { reports.append(report) }
        }
        #expect(reports.count == 4)
        #expect(file.lost == 0)
        #expect(try text("log")?.utf8.count == 48)
        guard case .cannotRotate(let error) = reports.first else {
            Issue.record("\(reports)")
            return
        }
        #expect(error.call == "rename")
    }
}

/// Files named on a command line.
struct PlainFileTests {
    private let directory: TestFolder

    init() throws { directory = try TestFolder() }

    @Test("a file is read in blocks to its end, and the share rises to 1")
    func blocks() throws {
        let path = directory.file("file")
        let contents = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 * 31) }
        try PlainFile.write(contents, to: path)
        var found: [UInt8] = []
        var shares: [Double] = []
        try PlainFile.forEachBlock(of: path) { block, share in
            found += block
            shares.append(share)
        }
        #expect(found == contents)
        #expect(shares.count > 1 && shares == shares.sorted() && shares.last == 1)
        try PlainFile.write([1], to: path)
        #expect(try DurableFile.read(path) == [1])
    }

    @Test("a file that is not there, and a directory, are errors with their names")
    func failures() {
        let missing = #expect(throws: SystemCallError.self) {
            try PlainFile.forEachBlock(of: "/no/such/file") { _, _ in }
        }
        #expect(missing?.description == "open /no/such/file: No such file or directory; is its name right?")
        let folder = #expect(throws: SystemCallError.self) {
            try PlainFile.forEachBlock(of: "/tmp") { _, _ in }
        }
        #expect(folder?.errno == .isDirectory)
    }
}
