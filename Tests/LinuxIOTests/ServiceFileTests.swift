import Glibc
import TestSupport
import Testing

@testable import LinuxIO

/// The descriptors through which the kernel reports of services.
@Suite("processes and cgroups of services")
struct ServiceFileTests {
    @Test("a descriptor of a process becomes readable when the process ends")
    func process() throws {
        let child = try ChildProcess("/bin/sleep", ["60"], output: .discard)
        let descriptor = try ProcessDescriptor(of: UInt32(child.identifier))
        #expect(!descriptor.hasEnded)
        child.kill()
        var entry = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 10_000) == 1)
        #expect(descriptor.hasEnded)
    }

    @Test("a process that was reaped has no descriptor: ESRCH")
    func reaped() throws {
        var child = try ChildProcess("/bin/true", output: .discard)
        let identifier = UInt32(child.identifier)
        _ = try child.wait(timeout: 10_000_000_000)
        #expect {
            _ = try ProcessDescriptor(of: identifier)
        } throws: {
            ($0 as? SystemCallError)?.errno == .noSuchProcess
        }
    }

    @Test("the numbers of a cgroup's file are read by their names, and again after a change")
    func cgroup() throws {
        let folder = try TestFolder()
        let events = folder.file("cgroup.events")
        try write("populated 1\nfrozen 0\nodd line here\nword x\n", to: events)
        let file = try CgroupFile("cgroup.events", of: folder.path, below: "")
        #expect(file.values() == ["populated": 1, "frozen": 0])
        try write("populated 1\nfrozen 1\n", to: events)
        #expect(file.values()?["frozen"] == 1)
        #expect {
            _ = try CgroupFile("memory.events", of: folder.path, below: "")
        } throws: {
            ($0 as? SystemCallError)?.errno == .noSuchFileOrDirectory
        }
    }

    private func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }
}
