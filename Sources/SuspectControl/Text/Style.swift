internal import StatusAPI

/// The colours of a terminal, or none.
struct Style {
    /// A way to draw text; the raw value is the terminal's code.
    enum Ink: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case bold = "1"
        case dim = "2"
    }

    /// Whether colours are drawn at all.
    let isColoured: Bool

    /// The text in an ink, if there are colours.
    func paint(_ text: String, _ ink: Ink?) -> String {
        guard isColoured, let ink, !text.isEmpty else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }
}

extension Style.Ink {
    /// The colour that shows how much attention something needs.
    init(_ severity: Severity) {
        self =
            switch severity {
            case .good: .green
            case .warning: .yellow
            case .bad: .red
            case .inactive: .dim
            }
    }
}

extension ReportedState {
    /// The colour of a state.
    var ink: Style.Ink { Style.Ink(severity) }

    /// The position of a state when the worst comes first.
    var rank: Int {
        switch self {
        case .suspected: 0
        case .other: 1
        case .pending: 2
        case .unknown: 3
        case .trusted: 4
        case .left: 5
        }
    }
}

extension ReportedEventKind {
    /// The colour of an event: that of what it leads to.
    var ink: Style.Ink? { severity.map { Style.Ink($0) } }
}

extension ReportedServiceState {
    /// The colour of a service's state.
    var ink: Style.Ink {
        switch self {
        case .up: .green
        case .starting, .reloading, .stopping, .restarting, .other: .yellow
        case .down, .failed, .hung: .red
        case .stopped, .unknown: .dim
        }
    }
}

extension EventReport {
    /// The colour of an event: that of what it leads to.
    var ink: Style.Ink? { state?.ink ?? event.ink }
}
