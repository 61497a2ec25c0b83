import Glibc
import Synchronization
import Testing

@testable import Systemd

/// What was submitted to a journal that stands for journald.
private final class Submissions: Sendable {
    private let entries = Mutex<[[String]]>([])
    private let result: CInt

    /// A journal whose every answer is `result`: 0, or an error number negated.
    init(answering result: CInt) { self.result = result }

    /// The assignments of every entry so far.
    var all: [[String]] { entries.withLock { $0 } }

    /// Takes one entry.
    @Sendable func take(_ assignments: [String]) -> CInt {
        entries.withLock { $0.append(assignments) }
        return result
    }
}

@Suite("where a note goes")
struct JournalTests {
    private static let note = JournalEntry(.warning, "db2 is suspected")

    private static func journal(_ pipe: borrowing Pipe, stream: String?, _ journald: Submissions) -> Journal {
        Journal(
            identifier: "suspectd", standardError: pipe.writer, journalStream: stream, submit: journald.take)
    }

    @Test("to the journal, and nowhere else, when standard error leads there")
    func native() throws {
        let pipe = try Pipe()
        let journald = Submissions(answering: 0)
        try Self.journal(pipe, stream: pipe.journalStream, journald).write(Self.note)
        #expect(journald.all == [["MESSAGE=db2 is suspected", "PRIORITY=4", "SYSLOG_IDENTIFIER=suspectd"]])
        #expect(pipe.text() == "")
    }

    @Test(
        "to standard error, without a prefix, when that is something else",
        arguments: [nil, "", "8:1", "8", "8:1:2", "a:b", "-1:3"])
    func plain(stream: String?) throws {
        let pipe = try Pipe()
        let journald = Submissions(answering: 0)
        try Self.journal(pipe, stream: stream, journald).write(Self.note)
        #expect(journald.all.isEmpty)
        #expect(pipe.text() == "suspectd: warning: db2 is suspected\n")
    }

    @Test("to the journal's stream, with its priority, when the journal refuses the entry")
    func refused() throws {
        let pipe = try Pipe()
        let journald = Submissions(answering: -EMSGSIZE)
        try Self.journal(pipe, stream: pipe.journalStream, journald).write(Self.note)
        #expect(journald.all.count == 1)
        #expect(pipe.text() == "<4>suspectd: warning: db2 is suspected\n")
    }

    @Test("a note that nothing takes is an error that says so")
    func lost() throws {
        let journal = Journal(
            identifier: "suspectd", standardError: -1, journalStream: nil,
            submit: Submissions(answering: 0).take)
        let error = try #require(throws: JournalError.self) { try journal.write(Self.note) }
        #expect(error.errorNumber == EBADF)
        #expect(error.description.contains("keep descriptor 2 open"))
    }
}
