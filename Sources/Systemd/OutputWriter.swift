/// What the event loop says to the world outside the network, by way of the writer thread.
package enum OutputMessage: Equatable, Sendable {
    /// For the service manager.
    case notify(Notification)
    /// For the administrator.
    case journal(JournalEntry)
    /// From now on only notes of this priority, as syslog(3) counts, and more urgent ones are written.
    ///
    /// The note that says so is written whatever the level: a journal that has fallen silent has to say why.
    case logLevel(Int, note: JournalEntry)
}

/// Performs output messages one by one, in the thread that calls it.
///
/// Both destinations can block, which the event loop must never do. The thread and its bounded queue belong to the
/// caller; this value only knows what performing means, and keeps count of what was lost.
package struct OutputWriter: Sendable {
    private let notifier: Notifier
    private let journal: Journal
    private var managerAnswers = true
    private var logLevel = JournalPriority.usualLevel

    /// Notifications that could not be sent although there is a service manager.
    package private(set) var lostNotifications: UInt64 = 0
    /// Notes that neither the journal nor standard error took.
    package private(set) var lostEntries: UInt64 = 0

    /// A writer to the two destinations.
    package init(notifier: Notifier, journal: Journal) {
        self.notifier = notifier
        self.journal = journal
    }

    /// Performs one message, and may block doing so.
    ///
    /// A failure is counted and, where that is still possible, noted once.
    package mutating func perform(_ message: OutputMessage) {
        switch message {
        case .notify(let notification): notify(notification)
        case .journal(let entry): if entry.priority.rawValue <= logLevel { write(entry) }
        case .logLevel(let level, let note):
            logLevel = level
            write(note)
        }
    }

    private mutating func notify(_ notification: Notification) {
        do {
            try notifier.send(notification)
            managerAnswers = true
        } catch {
            lostNotifications += 1
            // Only the first of a row: the watchdog's ping would repeat it indefinitely.
            if managerAnswers { write(JournalEntry(.warning, "\(error)")) }
            managerAnswers = false
        }
    }

    private mutating func write(_ entry: JournalEntry) {
        do {
            try journal.write(entry)
        } catch {
            // There is no one left to report to.
            lostEntries += 1
        }
    }
}
