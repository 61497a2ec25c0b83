/// One note for the administrator: a line of text with the fields that programs search by.
package struct JournalEntry: Equatable, Sendable {
    /// How urgent it is.
    package var priority: JournalPriority
    /// What happened, to which host, why, and what to do: one sentence that stands alone, without the fields.
    package var message: String
    /// The kind of event, if it is one that has an entry in the message catalogue.
    package var messageID: MessageID?
    /// What `journalctl SUSPECTD_PEER=web-3` finds it by.
    package var fields: [JournalField]

    /// A note; `fields` may be empty.
    package init(
        _ priority: JournalPriority, _ message: String, id messageID: MessageID? = nil,
        fields: [JournalField] = []
    ) {
        self.priority = priority
        self.message = message
        self.messageID = messageID
        self.fields = fields
    }

    /// The same note, saying also how many like it were held back before it; unchanged for 0.
    package func noting(suppressed count: Int) -> JournalEntry {
        guard count > 0 else { return self }
        var entry = self
        entry.message += " (\(count) similar suppressed)"
        entry.fields.append(JournalField(.suppressed, "\(count)"))
        return entry
    }

    /// The `NAME=value` assignments of the journal's native protocol.
    ///
    /// The message stays on one line; the other values go as they are, for the native framing carries any byte.
    func assignments(identifier: String) -> [String] {
        var assignments = [
            "MESSAGE=" + message.escapingControlCharacters(),
            "PRIORITY=\(priority.rawValue)",
            "SYSLOG_IDENTIFIER=\(identifier)",
        ]
        if let messageID { assignments.append("MESSAGE_ID=\(messageID.rawValue)") }
        assignments += fields.map { "\($0.name.rawValue)=\($0.value)" }
        return assignments
    }

    /// The line for a standard error that is no journal: `suspectd: warning: …`.
    func line(identifier: String) -> String {
        let text = message.escapingControlCharacters()
        guard let label = priority.label else { return "\(identifier): \(text)" }
        return "\(identifier): \(label): \(text)"
    }
}
