internal import CausalClock
internal import StatusAPI

/// What `verify` says, as text and as JSON.
struct VerificationReport: Encodable {
    /// One finding.
    struct Item: Encodable {
        /// The file; absent for missing events.
        let file: String?
        /// The line in it, from 1.
        let line: Int?
        /// The event; absent for what could not be read.
        let dot: String?
        /// What is wrong.
        let problem: String
    }

    /// The number of events.
    let events: Int
    /// The number of processes that have events.
    let processes: Int
    /// What cannot have happened as logged, or cannot be read.
    let problems: [Item]
    /// What is missing.
    let gaps: [Item]
    /// What crashes left behind, which is no failure.
    let crashes: [Item]

    /// Checks logs.
    init(_ logs: LogFiles) {
        let findings = Verification(logs.history).findings
        func item(_ finding: Finding) -> Item {
            Item(
                file: finding.place.map { logs.paths[$0.log] }, line: finding.place?.line,
                dot: finding.event.description, problem: finding.description)
        }
        events = logs.history.events.count
        processes = logs.history.spans.count { !$0.isEmpty }
        let unread = logs.failures.map { failure in
            Item(file: failure.path, line: failure.error.line, dot: nil, problem: "\(failure.error.problem)")
        }
        problems = unread + findings.filter { !$0.isGap && !$0.isTraceOfCrash }.map(item)
        gaps = findings.filter(\.isGap).map(item)
        crashes = findings.filter(\.isTraceOfCrash).map(item)
    }

    /// Whether nothing is wrong; what is missing counts unless the logs are known to be parts.
    func isSound(partial: Bool) -> Bool { problems.isEmpty && (partial || gaps.isEmpty) }

    /// The findings, one a line, at most `limit` of either sort, and a summary.
    func lines(_ style: Style, limit: Int) -> [String] {
        list(problems, "problem", .red, style, limit) + list(gaps, "gap", .yellow, style, limit)
            + list(crashes, "crash", .dim, style, limit) + [summary]
    }

    private func list(
        _ items: [Item], _ word: String, _ ink: Style.Ink, _ style: Style, _ limit: Int
    ) -> [String] {
        let shown = items.prefix(limit).map { item in
            let place = item.file.map { "\($0.printable):\(item.line ?? 0): " } ?? ""
            return "\(style.paint(word, ink)): \(place)\(item.problem.printable)"
        }
        let more = items.count - shown.count
        return shown + (more > 0 ? ["… and \(more) more \(word)s; --all lists them"] : [])
    }

    private var summary: String {
        let amount = "\(countText(events, "event")) of \(processes) process\(processes == 1 ? "" : "es")"
        if problems.isEmpty, gaps.isEmpty {
            let rest = crashes.isEmpty ? "" : ", but for what crashes left unwritten"
            return "sound: \(amount); every event that is named is there\(rest)"
        }
        return "\(amount): \(countText(problems.count, "problem")), \(countText(gaps.count, "gap"))"
    }
}
