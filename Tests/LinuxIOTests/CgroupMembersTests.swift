import Glibc
import LinuxIO
import Testing

@Suite("Members of cgroups")
struct CgroupMembersTests {
    /// A folder that looks like a mount of cgroups: a service with processes 7 and 8, and 9 in a cgroup below it.
    private func mount() throws -> String {
        var template = Array("/tmp/suspectd-cgroup-XXXXXX".utf8CString)
        let root = try #require(mkdtemp(&template).map { String(cString: $0) })
        for folder in ["/a.service", "/a.service/below", "/b.service"] { mkdir(root + folder, 0o755) }
        try PlainFile.write(Array("7\n8\n".utf8), to: root + "/a.service/cgroup.procs")
        try PlainFile.write(Array("9\n".utf8), to: root + "/a.service/below/cgroup.procs")
        try PlainFile.write(Array("77\n".utf8), to: root + "/b.service/cgroup.procs")
        return root
    }

    private func remove(_ root: String) {
        for file in ["/a.service/below", "/a.service", "/b.service"] {
            unlink("\(root)\(file)/cgroup.procs")
            rmdir(root + file)
        }
        rmdir(root)
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
        defer { remove(root) }
        #expect(CgroupMembers.contains(process, in: path, below: root) == isMember)
    }
}
