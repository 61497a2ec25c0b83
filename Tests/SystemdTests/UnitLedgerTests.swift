import Testing

@testable import Systemd

@Suite("what is known of units")
struct UnitLedgerTests {
    @Test("an answer is reported after the messages that were sent before it, and before those after it")
    func order() {
        var ledger = UnitLedger()
        var read = UnitFacts()
        read.mainPID = 7
        ledger.add(read, of: "/unit/a", serial: 20)
        ledger.add(read, of: "/unit/b", serial: 30)
        #expect(ledger.takeSnapshots(before: 19).isEmpty)
        #expect(ledger.takeSnapshots(before: 25).map(\.path) == ["/unit/a"])
        #expect(ledger.takeSnapshots(before: .max).map(\.path) == ["/unit/b"])
        #expect(ledger.takeSnapshots(before: .max).isEmpty, "each is reported once")
    }

    @Test("answers of a former service manager are forgotten with it")
    func formerManager() {
        var ledger = UnitLedger()
        ledger.add(UnitFacts(), of: "/unit/a", serial: 20)
        ledger.dropSnapshots()
        #expect(ledger.takeSnapshots(before: .max).isEmpty)
    }

    @Test(
        "an error that the manager answers with concerns one unit; one that comes in place of an answer, all",
        arguments: [
            ("System.Error.ELOOP", true), ("org.freedesktop.DBus.Error.InvalidArgs", true),
            ("org.freedesktop.DBus.Error.UnknownObject", true), ("org.freedesktop.systemd1.LoadFailed", true),
            ("org.freedesktop.DBus.Error.AccessDenied", true), ("System.Error.EISDIR", true),
            ("org.freedesktop.DBus.Error.NoReply", false), ("org.freedesktop.DBus.Error.Timeout", false),
            ("org.freedesktop.DBus.Error.ServiceUnknown", false), ("System.Error.ECONNRESET", false),
            ("org.freedesktop.DBus.Error.Spawn.ChildExited", false), ("", false),
        ])
    func answers(name: String, isAnswer: Bool) { #expect(UnitBusError.isAnswer(name) == isAnswer) }

    @Test("an error is reported with the words of the manager, and a lost connection with what helps")
    func words() {
        let refusal = UnitBusError(
            call: "GetUnitFileState", code: 40, answer: "Too many links", isRefusal: true)
        #expect(refusal.description == "GetUnitFileState: Too many links")
        let loss = UnitBusError(call: "open the system bus", code: 2)
        #expect(loss.description.contains("install and start dbus"))
    }
}
