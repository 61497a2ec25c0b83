internal import StatusAPI

/// Which host suspects which, in a state that all hosts may be in together.
struct PresentCutView {
    /// What the daemon answered.
    let cut: CutReply
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int

    /// A row for each host, and how far it can be relied upon.
    func lines(_ style: Style) -> [String] {
        var table = Table(
            columns: [("UP TO", .left), ("SUSPECTS", .left), ("AS IT SAID", .left)])
        for front in cut.fronts {
            let suspects = front.suspects.map { "\($0.peer) (\($0.cause.word))" }
            let isCurrent = front.reported == front.dot
            table.append([
                Table.Cell("\(front.dot)", ink: .bold),
                Table.Cell(
                    front.reported == nil
                        ? "not known" : suspects.isEmpty ? "–" : suspects.joined(separator: ", "),
                    ink: suspects.isEmpty ? nil : .red),
                Table.Cell(saying(front), ink: isCurrent ? nil : .yellow),
            ])
        }
        return table.lines(style) + [""] + meaning
    }

    private func saying(_ front: CutFrontReport) -> String {
        guard let reported = front.reported else { return "it has reported nothing in this incarnation" }
        guard let instant = front.reportedUSec else { return "itself" }
        let when = "\(HumanDuration.text(from: instant, to: nowUSec)) ago"
        return reported == front.dot
            ? when : "\(when), at its event \(reported.counter); may have changed since"
    }

    private var meaning: [String] {
        guard let own = cut.fronts.first else { return [] }
        let state =
            cut.exact
            ? "one state of the hosts configured here: everything on them that can have influenced \(own.dot), and nothing else (proved)"
            : "a lower bound: this much can have influenced \(own.dot) (proved); hosts may have been further"
        return [state.printable]
    }
}
