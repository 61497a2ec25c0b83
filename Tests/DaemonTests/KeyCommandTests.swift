import Glibc
import LinuxIO
import TestSupport
import Testing

/// `suspectctl key new`, as people run it.
@Suite("a new key")
struct KeyCommandTests {
    private func run(_ script: String, in folder: TestFolder) throws -> (status: Int32?, text: String) {
        let (status, text) = try Subprocess.run(
            "/bin/sh", ["-c", "cd \(folder.path); control=\(Programs.control); \(script)"])
        return (status, text)
    }

    @Test("is for its owner alone, whatever the umask", arguments: ["0", "022", "0777"])
    func mode(umask: String) throws {
        let folder = try TestFolder()
        let (status, text) = try run("umask \(umask); $control key new key && stat -c %a key", in: folder)
        #expect(status == 0 && text.hasSuffix("600\n"), "\(text)")
        #expect(try SecretFile.read("\(folder.path)/key", limit: 4_096).withSpan { $0.count } > 79)
        let advice =
            SystemUser.groupID(named: "suspectd") == nil
            ? "there is no group suspectd here, which the package makes" : "chgrp suspectd key"
        #expect(geteuid() == 0 && !advice.contains("no group") || text.contains(advice), "\(text)")
    }

    @Test(
        "is for a group too where one is named, in a folder that is made for it",
        .enabled(if: geteuid() == 0, "needs root"))
    func group() throws {
        let script = "$control key new --group daemon keys/key && stat -c '%a %G' keys keys/key"
        let (status, text) = try run(script, in: TestFolder())
        #expect(status == 0 && text.hasSuffix("750 daemon\n640 daemon\n"), "\(text)")
        #expect(!text.contains("chgrp"), "\(text)")
        let stranger = try run("$control key new --group no-such-group key 2>&1", in: TestFolder())
        #expect(stranger.status == 1 && stranger.text.contains("getent group"), "\(stranger.text)")
    }

    @Test("is never written over a file that exists, which may be in use")
    func existing() throws {
        let (status, text) = try run("echo old > key; $control key new key 2>&1; cat key", in: TestFolder())
        #expect(status == 0 && text.contains("name another") && text.hasSuffix("\nold\n"), "\(text)")
    }

    @Test("leaves nothing behind where it cannot be written")
    func fullDisk() throws {
        let folder = try TestFolder()
        let script = "trap '' XFSZ; ulimit -f 0; $control key new key 2>&1; echo $?; ls key 2>&1"
        let (_, text) = try run(script, in: folder)
        #expect(text.contains("cannot create the key: write key: ") && text.contains("\n1\n"), "\(text)")
        #expect(text.contains("No such file"), "\(text)")
    }

    @Test("to a full standard output is an error")
    func fullOutput() throws {
        let (status, text) = try run("$control key new 2>&1 > /dev/full", in: TestFolder())
        #expect(status == 1 && text.contains("No space left"), "\(text)")
    }
}
