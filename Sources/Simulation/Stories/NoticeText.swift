package import FailureDetection

/// What a host reports, as one line of a story.
package enum NoticeText {
    /// The line for a notice of the host called `observer`.
    package static func line(_ notice: Notice, by observer: String) -> String {
        let peer = notice.peer.map { "\($0)" } ?? "a stranger"
        let said: String =
            switch notice.kind {
            case .suspect: "suspects \(peer)"
            case .trust: "trusts \(peer)"
            case .pending: "pings \(peer), which is overdue"
            case .restart: "sees that \(peer) has restarted"
            case .leave: "sees that \(peer) has left"
            case .isolated: "is isolated"
            case .rejoined: "is back among the others"
            case .asymmetric: "is not heard by \(peer)"
            case .flapping: "finds that \(peer) flaps"
            case .conflict: "sees a conflict of identities, reported by \(peer)"
            case .stall: "was away for \(notice.duration?.milliseconds ?? 0) ms"
            case .confirm: "and others agree on \(peer)"
            default: "reports of \(peer): \(notice.kind.rawValue)"
            }
        let verdict = notice.verdict.map { ": \($0.cause.rawValue), \($0.certainty.rawValue)" } ?? ""
        return "\(observer) \(said)\(verdict)"
    }
}
