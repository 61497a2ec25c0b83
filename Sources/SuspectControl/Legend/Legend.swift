internal import StatusAPI

/// What each word of the output means: the same text in `--legend`, in `--help` and in suspectctl(1).
package enum Legend: String, CaseIterable {
    case columns, states, causes, certainties, events, services, health, reasons

    /// A word with what it means.
    package typealias Entry = (word: String, meaning: String)

    /// The heading of a section.
    package var title: String {
        switch self {
        case .columns: "Columns"
        case .states: "States"
        case .causes: "Causes"
        case .certainties: "Certainties"
        case .events: "Events"
        case .services: "States of services"
        case .health: "The line health"
        case .reasons: "Why datagrams are refused or lost"
        }
    }

    /// Every word of the section: each is a case of an enumeration, so that none can be missing.
    package var entries: [Entry] {
        switch self {
        case .columns: PeersColumn.allCases.map { ($0.title, $0.meaning) }
        case .states: ReportedState.allCases.map { ($0.rawValue, $0.meaning) }
        case .causes: ReportedCause.allCases.map { ($0.text, $0.meaning) }
        case .certainties: ReportedCertainty.allCases.map { ($0.text, $0.meaning) }
        case .events: ReportedEventKind.allCases.map { ($0.rawValue, $0.meaning) }
        case .services: ReportedServiceState.allCases.map { ($0.rawValue, $0.meaning) }
        case .health: HealthTerm.allCases.map { ($0.rawValue, $0.meaning) }
        case .reasons: DropReason.allCases.map { ($0.rawValue, $0.meaning) }
        }
    }

    /// Sections as text, a word a line.
    package static func text(_ sections: [Legend]) -> String {
        sections.map { section in
            let width = section.entries.map(\.word.count).max() ?? 0
            let lines = section.entries.map {
                "  \($0.word)\(String(repeating: " ", count: width - $0.word.count))  \($0.meaning)"
            }
            return ([section.title + ":"] + lines).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}

extension ControlContext {
    /// A word with what it means, as JSON.
    private struct Word: Encodable {
        let section: String
        let word: String
        let meaning: String
    }

    /// Writes sections of the legend.
    func writeLegend(_ sections: [Legend], isJSON: Bool) throws(ControlFailure) {
        guard isJSON else { return write([Legend.text(sections)]) }
        try writeJSON(
            sections.flatMap { section in
                section.entries.map { Word(section: section.rawValue, word: $0.word, meaning: $0.meaning) }
            })
    }
}
