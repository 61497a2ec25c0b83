internal import FailureDetection
internal import StatusAPI
internal import Systemd

/// How one kind of notice is reported; `Notice.Kind.report` is the table.
struct NoticeReport {
    /// The event that subscribers and the history get.
    let event: ReportedEventKind
    /// The priority of the journal entry.
    let priority: JournalPriority
    /// The id of the journal entry, by which the catalogue explains it.
    let messageID: MessageID

    fileprivate init(_ event: ReportedEventKind, _ priority: JournalPriority, _ messageID: MessageID) {
        (self.event, self.priority, self.messageID) = (event, priority, messageID)
    }
}

extension Notice.Kind {
    /// How this kind is reported.
    var report: NoticeReport {
        switch self {
        case .suspect: NoticeReport(.suspect, .warning, .suspect)
        case .trust: NoticeReport(.trust, .notice, .trust)
        case .pending: NoticeReport(.pending, .debug, .pending)
        case .confirm: NoticeReport(.confirm, .warning, .confirm)
        case .restart: NoticeReport(.restart, .notice, .restart)
        case .leave: NoticeReport(.leave, .notice, .leave)
        case .isolated: NoticeReport(.isolated, .warning, .isolated)
        case .rejoined: NoticeReport(.rejoined, .notice, .rejoined)
        case .asymmetric: NoticeReport(.asymmetric, .warning, .asymmetric)
        case .flapping: NoticeReport(.flapping, .warning, .flapping)
        case .conflict: NoticeReport(.conflict, .error, .conflict)
        case .stall: NoticeReport(.stall, .notice, .stall)
        case .target: NoticeReport(.config, .warning, .configuration)
        }
    }
}
