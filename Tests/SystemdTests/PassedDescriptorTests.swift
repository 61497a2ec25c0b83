import Glibc
import Testing

@testable import Systemd

/// Each test runs in a process of its own: the variables and the descriptors are its own too.
@Suite("descriptors that the service manager passes")
struct PassedDescriptorTests {
    @Test("have the names and numbers that the variables say, once")
    func names() async {
        await #expect(processExitsWith: .success) {
            // Whatever the test's process has there, 3 and 4 are ours now.
            #expect(dup2(0, 3) == 3 && dup2(0, 4) == 4)
            setenv("LISTEN_PID", "\(getpid())", 1)
            setenv("LISTEN_FDS", "2", 1)
            setenv("LISTEN_FDNAMES", "heartbeat:varlink", 1)
            let expected = [
                PassedDescriptor(name: "heartbeat", raw: 3), PassedDescriptor(name: "varlink", raw: 4),
            ]
            #expect(PassedDescriptor.takeAll() == expected)
            #expect(PassedDescriptor.takeAll() == [])
            #expect(getenv("LISTEN_FDS") == nil)
            #expect(fcntl(3, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test("are none when the variables are absent, or meant for another process")
    func foreign() async {
        await #expect(processExitsWith: .success) {
            unsetenv("LISTEN_PID")
            #expect(PassedDescriptor.takeAll() == [])
            setenv("LISTEN_PID", "1", 1)
            setenv("LISTEN_FDS", "1", 1)
            #expect(PassedDescriptor.takeAll() == [])
        }
    }
}
