import Glibc
import Testing

@testable import Systemd

/// Each test that needs an environment runs in a process of its own, so that no other test sees it.
@Suite("the way to the service manager")
struct NotifierTests {
    @Test("without a service manager a message goes nowhere, and that is no error")
    func absent() async {
        await #expect(processExitsWith: .success) {
            unsetenv("NOTIFY_SOCKET")
            try #expect(Notifier().send(.watchdog) == .noServiceManager)
        }
    }

    @Test("one message is one datagram")
    func delivered() async {
        await #expect(processExitsWith: .success) {
            let manager = try FakeServiceManager()
            try #expect(Notifier().send(.ready(status: "Watching 2 peers")) == .delivered)
            try #expect(Notifier().send(.reloading(monotonicMicroseconds: 7, status: "r")) == .delivered)
            #expect(manager.receive() == "READY=1\nSTATUS=Watching 2 peers")
            #expect(manager.receive() == "RELOADING=1\nMONOTONIC_USEC=7\nSTATUS=r")
            #expect(manager.receive() == nil)
        }
    }

    @Test("a manager that is gone is an error that names the socket and the remedy")
    func gone() async {
        await #expect(processExitsWith: .success) {
            setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
            let error = try #require(throws: NotifyError.self) { try Notifier().send(.watchdog) }
            #expect(error.errorNumber == ENOENT)
            #expect(error.description.contains("WATCHDOG=1"))
            #expect(error.description.contains("/nonexistent/notify"))
            #expect(error.description.contains("unset NOTIFY_SOCKET"))
        }
    }

    @Test("the watchdog is fed at half its period")
    func watchdog() async {
        await #expect(processExitsWith: .success) {
            setenv("WATCHDOG_USEC", "15000000", 1)
            setenv("WATCHDOG_PID", "\(getpid())", 1)
            #expect(Watchdog.interval() == .milliseconds(7500))
        }
    }

    @Test("a watchdog that is absent, another process's, or no number is none")
    func noWatchdog() async {
        await #expect(processExitsWith: .success) {
            unsetenv("WATCHDOG_USEC")
            unsetenv("WATCHDOG_PID")
            #expect(Watchdog.interval() == nil)
            setenv("WATCHDOG_USEC", "15000000", 1)
            setenv("WATCHDOG_PID", "1", 1)
            #expect(Watchdog.interval() == nil)
            setenv("WATCHDOG_PID", "\(getpid())", 1)
            setenv("WATCHDOG_USEC", "soon", 1)
            #expect(Watchdog.interval() == nil)
        }
    }
}
