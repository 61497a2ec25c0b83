import Testing

@testable import Systemd

@Suite("the text of a notification")
struct NotificationTests {
    @Test(
        "each message has the assignments that sd_notify(3) defines",
        arguments: [
            (.ready(status: "Watching 3 peers"), "READY=1\nSTATUS=Watching 3 peers"),
            (.status("Watching 3 peers"), "STATUS=Watching 3 peers"),
            (.watchdog, "WATCHDOG=1"),
            (.stopping(status: "Shutting down"), "STOPPING=1\nSTATUS=Shutting down"),
            (.failed(errorNumber: 98, status: "Port in use"), "ERRNO=98\nSTATUS=Port in use"),
        ] as [(Notification, String)])
    func assignments(notification: Notification, text: String) {
        #expect(notification.text == text)
    }

    @Test("a reload names its instant in the same datagram")
    func reload() {
        let reload = Notification.reloading(monotonicMicroseconds: 12_345, status: "Reloading configuration")
        #expect(reload.text == "RELOADING=1\nMONOTONIC_USEC=12345\nSTATUS=Reloading configuration")
    }

    @Test("the instant of a reload comes from a clock that does not go back")
    func reloadNow() throws {
        let first = try #require(Self.microseconds(.reloadingNow(status: "")))
        let second = try #require(Self.microseconds(.reloadingNow(status: "")))
        #expect(first > 0)
        #expect(second >= first)
    }

    @Test("a line break in a status cannot forge an assignment")
    func forgery() {
        let forged = Notification.status("peer web\nREADY=1\u{85}\u{2028}x")
        #expect(forged.text == "STATUS=peer web\\nREADY=1\\u{0085}\\u{2028}x")
    }

    @Test("a status is cut at its limit, and never inside a character")
    func limit() {
        let long = Notification.status("x" + String(repeating: "é", count: 4096))
        let status = long.text.dropFirst("STATUS=".count)
        #expect(status.utf8.count == Notification.maximumStatusBytes - 1)
        #expect(status.dropFirst().allSatisfy { $0 == "é" })
    }

    private static func microseconds(_ notification: Notification) -> UInt64? {
        guard case .reloading(let microseconds, _) = notification else { return nil }
        return microseconds
    }
}
