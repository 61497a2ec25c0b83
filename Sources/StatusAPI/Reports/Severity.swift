/// How much attention a state or an event needs: what views express by a colour.
package enum Severity: Sendable {
    /// All is well, or well again.
    case good
    /// It may need attention.
    case warning
    /// Something has failed.
    case bad
    /// Nothing is expected or known of it.
    case inactive
}

extension ReportedState {
    /// How much attention a peer in this state needs.
    package var severity: Severity {
        switch self {
        case .trusted: .good
        case .pending, .other: .warning
        case .suspected: .bad
        case .unknown, .left: .inactive
        }
    }
}

extension ReportedEventKind {
    /// How much attention an event needs, by what it leads to; `nil` for what is neither good nor bad.
    package var severity: Severity? {
        switch self {
        case .suspect, .confirm, .isolated, .conflict: .bad
        case .pending, .asymmetric, .flapping, .stall: .warning
        case .trust, .rejoined: .good
        case .start, .stop, .restart, .leave, .config, .removed, .service, .other: nil
        }
    }
}
