import Glibc
import Testing

@testable import Systemd

@Suite("performing what the event loop says")
struct OutputWriterTests {
    @Test("each message reaches its destination")
    func destinations() async {
        await #expect(processExitsWith: .success) {
            let manager = try FakeServiceManager()
            let pipe = try Pipe()
            var writer = plainWriter(pipe.writer)
            writer.perform(.notify(.watchdog))
            writer.perform(.journal(JournalEntry(.notice, "db2 is trusted again", id: .trust)))
            #expect(manager.receive() == "WATCHDOG=1")
            #expect(pipe.text() == "suspectd: db2 is trusted again\n")
            #expect(writer.lostNotifications == 0 && writer.lostEntries == 0)
        }
    }

    @Test("a manager that is gone is noted once, not at every sign of life")
    func managerGone() async {
        await #expect(processExitsWith: .success) {
            setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
            let pipe = try Pipe()
            var writer = plainWriter(pipe.writer)
            for _ in 0..<5 { writer.perform(.notify(.watchdog)) }
            #expect(writer.lostNotifications == 5)
            let lines = pipe.text().split(separator: "\n")
            #expect(lines.count == 1)
            #expect(lines.first?.hasPrefix("suspectd: warning: sd_notify WATCHDOG=1") == true)

            let manager = try FakeServiceManager()
            writer.perform(.notify(.watchdog))
            #expect(manager.receive() == "WATCHDOG=1")
            setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
            writer.perform(.notify(.watchdog))
            #expect(pipe.text().split(separator: "\n").count == 1)
        }
    }

    @Test("notes below the level are passed over; the note that says so never is")
    func logLevel() throws {
        let pipe = try Pipe()
        var writer = plainWriter(pipe.writer)
        writer.perform(.journal(JournalEntry(.debug, "a ping")))
        writer.perform(.journal(JournalEntry(.information, "one")))
        writer.perform(.logLevel(4, note: JournalEntry(.notice, "two")))
        writer.perform(.journal(JournalEntry(.notice, "a peer is trusted")))
        writer.perform(.journal(JournalEntry(.warning, "three")))
        writer.perform(.logLevel(7, note: JournalEntry(.notice, "four")))
        writer.perform(.journal(JournalEntry(.debug, "five")))
        #expect(
            pipe.text() == "suspectd: one\nsuspectd: two\nsuspectd: warning: three\nsuspectd: four\n"
                + "suspectd: debug: five\n")
        #expect(writer.lostEntries == 0)
    }

    @Test("a note that nothing takes is counted")
    func lost() {
        var writer = plainWriter(-1)
        writer.perform(.journal(JournalEntry(.notice, "x")))
        #expect(writer.lostEntries == 1)
    }
}

/// A writer whose notes go to `standardError` as plain lines.
private func plainWriter(_ standardError: CInt) -> OutputWriter {
    OutputWriter(
        notifier: Notifier(),
        journal: Journal(
            identifier: "suspectd", standardError: standardError, journalStream: nil, submit: { _ in 0 }))
}
