import Glibc
import LinuxIO
import TestSupport
import Testing

@Suite("Members of cgroups")
struct CgroupMembersTests {
    /// A folder that looks like a mount of cgroups: a service with processes 7 and 8, and 9 in a cgroup below it.
    private func mount() throws -> TestFolder {
        let root = try TestFolder()
        for (name, processes) in [("a.service", "7\n8\n"), ("a.service/below", "9\n"), ("b.service", "77\n")]
        {
            let cgroup = try root.makeFolder(name)
            try PlainFile.write(Array(processes.utf8), to: cgroup + "/cgroup.procs")
        }
        return root
    }

    @Test(
        "are the processes in it and in those below it, and no others",
        arguments: [
            (UInt32(7), "/a.service", true), (8, "/a.service", true), (9, "/a.service", true),
            (77, "/a.service", false), (7, "/b.service", false), (9, "/a.service/below", true),
            (0, "/a.service", false), (7, "/none.service", false), (7, "", false), (7, "/", false),
            (77, "/a.service/../b.service", false),
        ])
    func members(process: UInt32, path: String, isMember: Bool) throws {
        let root = try mount()
        #expect(CgroupMembers.contains(process, in: path, below: root.path) == isMember)
    }
}
