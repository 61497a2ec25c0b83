internal import StatusAPI

/// Suspicions and whether they were right, then the figures of each peer.
struct AuditView {
    /// What the daemon answered.
    let reply: AuditReply
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int

    /// All of it.
    func lines(_ style: Style) -> [String] {
        let figures = reply.peers.filter { $0.suspicions > 0 }.map { text($0).printable }
        guard !figures.isEmpty else { return ["no peer has been suspected since the daemon started"] }
        return suspicions(style) + [""] + figures
    }

    private func suspicions(_ style: Style) -> [String] {
        var table = Table(columns: [
            ("SUSPICION", .left), ("WHEN", .left), ("PEER", .left), ("CAUSE", .left), ("LASTED", .right),
            ("OUTCOME", .left), ("PROOF", .left),
        ])
        for suspicion in reply.suspicions {
            let length = HumanDuration.text(from: suspicion.timeUSec, to: suspicion.endedUSec ?? nowUSec)
            table.append([
                Table.Cell("\(suspicion.dot)"), Table.Cell(Timestamp.text(suspicion.timeUSec)),
                Table.Cell(suspicion.peer), Table.Cell(suspicion.cause.text),
                Table.Cell(suspicion.endedUSec == nil ? "\(length) so far" : length),
                Table.Cell(suspicion.outcome.meaning, ink: suspicion.outcome.ink),
                Table.Cell(suspicion.proof.map(\.description) ?? "–"),
            ])
        }
        return table.lines(style)
    }

    private func text(_ peer: PeerAuditReport) -> String {
        let wrong =
            peer.provedFalse > 0 ? " (\(HumanDuration.text(peer.mistakeUSec)) in all)" : ""
        let link = peer.linkFaults.map { ", \(countText($0, "link fault"))" } ?? ""
        return
            "\(peer.id): \(countText(peer.suspicions, "suspicion")): \(peer.provedFalse) false\(wrong)\(link), "
            + "\(peer.crashConfirmed) right, \(peer.undecided) undecided\(unlisted(peer))"
    }

    /// Of how many suspicions the daemon no longer has the details; nothing where it has them all.
    private func unlisted(_ peer: PeerAuditReport) -> String {
        let missing = peer.suspicions.minus(reply.suspicions.count { $0.peer == peer.id })
        return missing > 0 ? "; the oldest \(missing) \(missing == 1 ? "is" : "are") no longer listed" : ""
    }
}

extension ReportedOutcome {
    fileprivate var meaning: String {
        switch self {
        case .provedFalse: "false (proved)"
        case .crashConfirmed: "right: it restarted (proved)"
        case .linkFault: "link fault (proved)"
        case .undecided: "undecided"
        case .other(let word): word
        }
    }

    fileprivate var ink: Style.Ink? {
        switch self {
        case .provedFalse: .red
        case .crashConfirmed, .linkFault: .green
        case .undecided, .other: nil
        }
    }
}
