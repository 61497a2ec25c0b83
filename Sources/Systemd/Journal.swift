internal import CSystemd
internal import Glibc

/// Where the daemon's notes go: structured into the journal, or as plain lines to standard error.
///
/// A call can block while the journal is busy; the daemon makes it on its writer thread only.
package struct Journal: Sendable {
    private let identifier: String
    private let standardError: CInt
    private let leadsToJournal: Bool
    private let submit: @Sendable ([String]) -> CInt

    /// A journal for this process, which calls itself `identifier` (`SYSLOG_IDENTIFIER=`).
    ///
    /// Notes go to the journal by its native protocol exactly when standard error leads there.
    package init(identifier: String) {
        self.init(
            identifier: identifier, standardError: STDERR_FILENO,
            journalStream: getenv("JOURNAL_STREAM").map { String(cString: $0) }, submit: submitNatively)
    }

    /// For tests: another descriptor as standard error, and another way to submit an entry's assignments.
    ///
    /// `submit` returns 0, or the error number negated, as `sd_journal_sendv(3)` does.
    init(
        identifier: String, standardError: CInt, journalStream: String?,
        submit: @escaping @Sendable ([String]) -> CInt
    ) {
        self.identifier = identifier
        self.standardError = standardError
        self.leadsToJournal = JournalStream.isJournal(standardError, journalStream: journalStream)
        self.submit = submit
    }

    /// Writes one note; throws when it is lost.
    ///
    /// Standard error gets a `<N>` prefix for the priority only as the second way into the journal, which reads
    /// and removes it. Anywhere else it would be noise.
    package func write(_ entry: JournalEntry) throws(JournalError) {
        let line = entry.line(identifier: identifier) + "\n"
        guard leadsToJournal else { return try put(line) }
        guard submit(entry.assignments(identifier: identifier)) < 0 else { return }
        try put("<\(entry.priority.rawValue)>" + line)
    }

    private func put(_ line: String) throws(JournalError) {
        let bytes = Array(line.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { rest in
                Glibc.write(standardError, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw JournalError(errorNumber: errno)
            }
        }
    }
}

/// A note that was lost: neither the journal nor standard error took it.
package struct JournalError: Error, Equatable, CustomStringConvertible {
    /// The system's error number (`errno`) of the write to standard error.
    package let errorNumber: CInt

    /// What failed, why, and what to do.
    package var description: String {
        "write to standard error: \(errorText(errorNumber)); keep descriptor 2 open where the daemon is started"
    }
}

/// Hands the assignments to journald; `sd_journal_send` itself is variadic, and C variadics are not imported.
@Sendable private func submitNatively(_ assignments: [String]) -> CInt {
    var bytes = assignments.flatMap { Array($0.utf8) }
    return bytes.withUnsafeMutableBytes { buffer in
        var offset = 0
        let vectors = assignments.map { assignment in
            let length = assignment.utf8.count
            defer { offset += length }
            return iovec(iov_base: buffer.baseAddress?.advanced(by: offset), iov_len: length)
        }
        return sd_journal_sendv(vectors, CInt(vectors.count))
    }
}
