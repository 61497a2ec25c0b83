import Glibc
import Synchronization
import TestSupport
import Testing

@testable import LinuxIO

/// The lock on a folder, also where others may write into it.
@Suite("the lock of a folder")
struct FileLockTests {
    private let directory: TestFolder
    private let path: String
    private let victim: String

    init() throws {
        directory = try TestFolder()
        path = directory.file("out")
        victim = directory.file("file")
    }

    private func hold(_ lock: consuming FileLock, while body: () -> Void) {
        body()
    }

    @Test("belongs to one at a time, and is free again when that goes")
    func exclusive() throws {
        hold(try FileLock(path)) {
            let error = #expect(throws: SystemCallError.self) { _ = try FileLock(path) }
            #expect(error?.remedy?.contains("give every daemon a state_directory of its own") == true)
        }
        _ = try FileLock(path)
    }

    @Test(
        "is not taken through a link: what that names is neither made nor locked", arguments: [false, true])
    func link(isThere: Bool) throws {
        if isThere { try DurableFile.write([1], to: victim) }
        symlink(victim, path)
        let error = #expect(throws: SystemCallError.self) { _ = try FileLock(path) }
        #expect(error?.errno == .tooManySymbolicLinks)
        #expect(error?.remedy?.contains("it is no plain file; remove it") == true)
        #expect(exists(victim) == isThere)
        // No process holds it.
        if isThere { _ = try FileLock(victim) }
    }

    @Test("an attacker who puts a link there again and again has no other file made")
    func raced() throws {
        let attacker = try Attacker(on: path, linkingTo: victim)
        try attacker.race(5_000) { _ = try? FileLock(path) }
        #expect(attacker.count > Attacker.enough && !exists(victim))
    }
}

/// An attacker who may write into a folder, and puts a symbolic link where a file is about to be made.
final class Attacker: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let links = Atomic<Int>(0)
    private let done: WakeupDescriptor

    /// How many links there were.
    var count: Int { links.load(ordering: .relaxed) }

    init(on path: String, linkingTo victim: String) throws {
        done = try WakeupDescriptor()
        _ = try BackgroundThread(name: "attacker") { [self] in
            while !isOver.load(ordering: .relaxed) {
                unlink(path)
                if symlink(victim, path) == 0 { links.add(1, ordering: .relaxed) }
                unlink(path)
            }
            done.signal()
        }
    }

    /// How many links are an attack, and no accident.
    static let enough = 100

    /// Does something at least so often while the attack continues, and on a busy machine until there were enough
    /// links; then ends the attack.
    func race(_ times: Int, _ body: () -> Void) throws {
        var done = 0
        while done < times || (count <= Self.enough && done < 1_000 * times) {
            body()
            done += 1
        }
        try stop()
    }

    /// Waits until the last link is gone.
    private func stop() throws {
        isOver.store(true, ordering: .relaxed)
        var waiting = pollfd(fd: done.raw, events: Int16(POLLIN), revents: 0)
        try #require(poll(&waiting, 1, 10_000) == 1)
    }
}
