import Glibc
import Testing

@testable import LinuxIO

/// What a failed call says, and that an interrupted one is made again.
struct SystemCallErrorTests {
    @Test("an error says what failed, on what, why, and what to do")
    func description() {
        let error = SystemCallError("open", on: "/var/lib/suspectd/epoch", errno: .noSpace)
        let remedy = "free some space; see 'df -h' and, for inodes, 'df -i'"
        #expect(error.description == "open /var/lib/suspectd/epoch: No space left on device; \(remedy)")
    }

    @Test("an error without object or remedy stays short")
    func shortDescription() {
        #expect(
            SystemCallError("epoll_wait", errno: .invalidArgument).description
                == "epoll_wait: Invalid argument")
        #expect(Errno(rawValue: 4000).description == "error 4000")
    }

    @Test(
        "every cause an operator can cure has a remedy",
        arguments: [
            Errno.addressInUse, .addressNotAvailable, .addressFamilyNotSupported, .permissionDenied,
            .notPermitted,
            .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noSpace, .quotaExceeded, .readOnlyFileSystem,
            .noSuchFileOrDirectory, .notDirectory, .noMemory, .noBufferSpace, .networkUnreachable,
            .connectionRefused, .nameTooLong,
        ])
    func remedies(errno: Errno) {
        #expect(SystemCallError("open", errno: errno).remedy?.isEmpty == false)
    }

    @Test("a privileged port and a forbidden file have different remedies")
    func permissionRemedies() {
        let (bind, open) = (
            usualRemedy(for: .permissionDenied, call: "bind"),
            usualRemedy(for: .permissionDenied, call: "open")
        )
        #expect(bind?.contains("CAP_NET_BIND_SERVICE") == true)
        #expect(bind != open)
    }

    @Test("an interrupted call is made again, a failed one is not")
    func interruption() throws {
        var calls = 0
        let value: CInt = try systemCall("test") {
            calls += 1
            Glibc.errno = EINTR
            return calls < 3 ? -1 : 42
        }
        #expect(value == 42)
        #expect(calls == 3)
        calls = 0
        #expect(throws: SystemCallError("test", on: "x", errno: .noMemory)) {
            try systemCall("test", on: "x") { () -> CInt in
                calls += 1
                Glibc.errno = ENOMEM
                return -1
            }
        }
        #expect(calls == 1)
    }
}
