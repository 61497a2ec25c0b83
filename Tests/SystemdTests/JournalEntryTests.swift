import Testing

@testable import Systemd

@Suite("a note for the journal")
struct JournalEntryTests {
    private static let suspicion = JournalEntry(
        .warning, "db2 is suspected: silent for 1.2 s", id: .suspect,
        fields: [JournalField(.peer, "db2"), JournalField(.cause, "crash")])

    @Test("carries the standard fields and our own")
    func assignments() {
        #expect(
            Self.suspicion.assignments(identifier: "suspectd") == [
                "MESSAGE=db2 is suspected: silent for 1.2 s", "PRIORITY=4", "SYSLOG_IDENTIFIER=suspectd",
                "MESSAGE_ID=5050ef95d63b4b7fbff75c1eb9c3e6e0", "SUSPECTD_PEER=db2", "SUSPECTD_CAUSE=crash",
            ])
    }

    @Test("its message stays on one line; a field may hold anything")
    func controlCharacters() {
        let entry = JournalEntry(
            .notice, "peer \u{1b}[2Jx\nfake", fields: [JournalField(.reason, "a\nMESSAGE=b")])
        let assignments = entry.assignments(identifier: "suspectd")
        #expect(assignments.first == "MESSAGE=peer \\u{1B}[2Jx\\nfake")
        #expect(assignments.last == "SUSPECTD_REASON=a\nMESSAGE=b")
        #expect(entry.line(identifier: "suspectd") == "suspectd: peer \\u{1B}[2Jx\\nfake")
    }

    @Test("says how many similar ones were held back, and nothing when there were none")
    func suppressed() {
        #expect(Self.suspicion.noting(suppressed: 0) == Self.suspicion)
        let noted = Self.suspicion.noting(suppressed: 41)
        #expect(noted.message == "db2 is suspected: silent for 1.2 s (41 similar suppressed)")
        #expect(noted.fields.last == JournalField(.suppressed, "41"))
    }

    @Test(
        "a plain line names its urgency only where that says something",
        arguments: [
            (.critical, "suspectd: error: x"), (.error, "suspectd: error: x"),
            (.warning, "suspectd: warning: x"), (.notice, "suspectd: x"),
            (.information, "suspectd: x"), (.debug, "suspectd: debug: x"),
        ] as [(JournalPriority, String)])
    func label(priority: JournalPriority, line: String) {
        #expect(JournalEntry(priority, "x").line(identifier: "suspectd") == line)
    }

    @Test("the more urgent of two notes has the smaller priority")
    func order() {
        #expect(JournalPriority.allCases.sorted() == JournalPriority.allCases)
        #expect(JournalPriority.error < .warning)
    }

    @Test("every kind of event has a number of its own, in the form of sd-id128(3)")
    func messageIDs() {
        let numbers = MessageID.allCases.map(\.rawValue)
        for number in numbers {
            #expect(number.count == 32 && number.allSatisfy { "0123456789abcdef".contains($0) })
            #expect(numbers.count { $0 == number } == 1)
        }
    }

    @Test("every field's name is one that the journal accepts")
    func fieldNames() {
        for name in JournalField.Name.allCases.map(\.rawValue) {
            #expect(name.allSatisfy { $0 == "_" || ("A"..."Z").contains($0) })
            #expect(!name.hasPrefix("_") && name.count <= 64)
        }
    }
}
