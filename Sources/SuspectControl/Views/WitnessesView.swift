internal import StatusAPI

/// Which hosts suspect a peer: the sum in a sentence, and one line an observer.
struct WitnessesView {
    /// What the daemon answered.
    let reply: WitnessesReply

    /// A headline, and the observers, ourselves first.
    func lines(_ style: Style) -> [String] {
        var table = Table(columns: [
            ("OBSERVER", .left), ("SINCE", .left), ("CAUSE", .left), ("EVENT", .left), ("SUSPICION", .left),
            ("COUNTS", .left),
        ])
        if let own = reply.own { table.append(cells(own, isOwn: true)) }
        for witness in reply.peer.witnesses { table.append(cells(witness, isOwn: false)) }
        return [headline(style)] + table.lines(style)
    }

    private func headline(_ style: Style) -> String {
        let name = style.paint(reply.peer.id.printable, .bold)
        guard reply.own != nil || !reply.peer.witnesses.isEmpty else { return "No node suspects \(name)." }
        let state = style.paint(reply.peer.state.word, reply.peer.state.ink)
        return "\(name) \(reply.peer.state == .left ? "has" : "is") \(state) here; \(sum)."
    }

    private var sum: String {
        let possible = reply.members.minus(1)
        let verb = reply.observers == 1 ? "suspects it and counts" : "suspect it and count"
        let counted = "\(reply.observers) of \(countText(possible, "possible observer")) \(verb)"
        guard let quorum = reply.quorum else {
            return
                "\(counted); with \(countText(reply.members, "member")) this quorum is impossible, so nothing is ever confirmed"
        }
        if reply.peer.confirmed { return "confirmed: \(counted); a quorum is \(quorum)" }
        return reply.own == nil
            ? "\(counted), and nothing is confirmed here that this node does not suspect itself"
            : "not confirmed: \(counted); a quorum is \(quorum)"
    }

    private func cells(_ witness: WitnessReport, isOwn: Bool) -> [Table.Cell] {
        [
            Table.Cell(isOwn ? "\(witness.id) (this node)" : witness.id),
            Table.Cell(Timestamp.text(witness.sinceUSec)), Table.Cell(witness.causeText),
            Table.Cell(witness.dot.map { "\($0)" } ?? "-"), Table.Cell(suspicion(witness)),
            Table.Cell(counts(witness)),
        ]
    }

    private func suspicion(_ witness: WitnessReport) -> String {
        witness.afterAnother
            ? "its own, after it had heard of another's" : "its own, the first it knew of"
    }

    private func counts(_ witness: WitnessReport) -> String {
        if witness.counted { return "yes" }
        if !witness.trusted { return "no: not trusted here" }
        return "no: of another incarnation of the peer"
    }
}
