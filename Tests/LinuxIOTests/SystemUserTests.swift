import Glibc
import Testing

@testable import LinuxIO

/// What another user may read, by permissions.
@Suite("a user of the system")
struct SystemUserTests {
    @Test(
        "may read what its own, its group's or everybody's rights say, through folders that it may enter",
        arguments: [
            (0o750, 0o640, true), (0o750, 0o600, false), (0o700, 0o640, false), (0o755, 0o604, false),
        ] as [(mode_t, mode_t, Bool)])
    func rights(folder: mode_t, file: mode_t, isReadable: Bool) {
        let path = "/tmp/suspectd-user-\(getpid())-\(UInt64.random(in: 0...(.max)))"
        #expect(mkdir(path, 0o700) == 0)
        defer {
            unlink("\(path)/key")
            rmdir(path)
        }
        close(open("\(path)/key", O_CREAT | O_WRONLY, 0o600))
        #expect(chmod(path, folder) == 0 && chmod("\(path)/key", file) == 0)
        let user = SystemUser(id: geteuid() + 4_711, groups: [getegid()])
        #expect((user.obstacle(toReading: "\(path)/key") == nil) == isReadable)
        #expect(SystemUser(id: 0, groups: []).obstacle(toReading: "\(path)/key") == nil)
    }

    @Test("root exists, and no user by a name that cannot be one")
    func names() {
        #expect(SystemUser(named: "root")?.id == 0)
        #expect(SystemUser(named: "no such user") == nil && SystemUser.groupID(named: "root") == 0)
    }
}
