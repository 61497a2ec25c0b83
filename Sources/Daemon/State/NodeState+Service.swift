internal import LinuxIO
internal import StatusAPI
internal import Systemd

/// The node as any other service: what the interface `io.systemd.service` asks.
extension NodeState {
    var environment: [String] { ProcessEnvironment.all }

    /// Whether the pings of overdue peers are written to the journal.
    ///
    /// On a lossy link there are many, so only an operator who searches for a fault gets them.
    var logsPings: Bool { logLevel == .debug }

    /// What makes a level that was asked for known to the thread that writes the journal, once.
    mutating func takeNewLogLevel() -> OutputMessage? {
        guard logLevel != writtenLogLevel else { return nil }
        writtenLogLevel = logLevel
        let note =
            "from now on notes of priority \(logLevel.name) and more urgent ones are written, until the next start"
        return .logLevel(logLevel.rawValue, note: JournalEntry(.notice, note, id: .configuration))
    }
}
