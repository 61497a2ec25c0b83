internal import Metrics
internal import StatusAPI

/// Why a peer is in its state: a paragraph, the facts, the pings, what others say, and its history.
struct WhyView {
    /// What the daemon answered.
    let reply: WhyReply
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int

    private var peer: PeerReport { reply.peer }
    private var evidence: EvidenceReport { reply.evidence }

    /// All of it, with a title over each part.
    func lines(_ style: Style) -> [String] {
        let parts = [
            verdict(style), facts(style), titled("Evidence, the strongest first", ranks(style), style),
            titled("Pings since the deadline", probes(style), style),
            titled("What other nodes reported of it", indirectNews(style), style),
            titled("History", reply.history.map { EventView(event: $0).line(style) }, style),
        ]
        return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private func verdict(_ style: Style) -> [String] {
        let state = style.paint(peer.state.word, peer.state.ink)
        var headline =
            "\(style.paint(peer.id.printable, .bold)) \(peer.stateText(nowUSec: nowUSec, state: state))"
        // One that is heard in time again has no cause to be silent.
        let isHeardAgain =
            peer.state == .suspected && peer.cause == .unknown
            && evidence.lastHeardUSec.map { $0 > peer.sinceUSec } ?? false
        if let cause = peer.cause, !isHeardAgain { headline += ": \(text(of: cause))" }
        if peer.confirmed { headline += "; a quorum of independent observers agrees" }
        return [headline + (headline.hasSuffix("?") ? "" : "."), evidence.reason.printable]
    }

    /// The cause and what it means; where none is known, the sentence below says more.
    private func text(of cause: ReportedCause) -> String {
        cause == .unknown ? "the cause is not known" : "\(peer.causeText(nowUSec: nowUSec)), \(cause.meaning)"
    }

    private func facts(_ style: Style) -> [String] {
        var table = Table()
        table.append("last heard", lastHeard)
        if let deadline = evidence.deadlineUSec, peer.state != .left {
            table.append("deadline", due(deadline))
        }
        if let postponements = evidence.postponements { table.append("put off", putOff(postponements)) }
        if let instant = evidence.portUnreachableUSec {
            table.append("port closed", "its host said so at \(Timestamp.clock(instant)) (ICMP)")
        }
        peer.appendTroubles(to: &table, nowUSec: nowUSec, isRecentOnly: true)
        table.append("reaches it", acknowledged)
        if !peer.lossCost.isEmpty {
            let lost = FixedDigits.percent(perMille: max(peer.lossInPerMille, peer.lossOutPerMille))
            table.append("losses", lost + peer.lossCost)
        }
        if evidence.observers > 0 { table.append("observers", observers) }
        table.append("own lag", ownLag)
        return table.lines(style, indent: 2)
    }

    /// As old as it was when the daemon answered, like what the sentence above says; with the number of that datagram.
    private var lastHeard: String {
        guard let instant = evidence.lastHeardUSec else { return "never" }
        let sequence = evidence.lastSequence.map { ", its datagram \($0)" } ?? ""
        let age =
            evidence.silenceUSec.map(HumanDuration.text) ?? HumanDuration.text(from: instant, to: nowUSec)
        return "\(age) ago, at \(Timestamp.clock(instant))\(sequence)"
    }

    private func due(_ deadline: Int) -> String {
        let distance = HumanDuration.distance(deadline, nowUSec)
        let when = deadline > nowUSec ? "in \(distance)" : "\(distance) ago, at \(Timestamp.clock(deadline))"
        let interval = evidence.heartbeatIntervalUSec.map { ", heartbeats every \(HumanDuration.text($0))" }
        let margin = peer.marginUSec.map { ", margin \(HumanDuration.text($0))" }
        return when + (evidence.detector.map { ", by \($0)" } ?? "") + (interval ?? "") + (margin ?? "")
    }

    private func putOff(_ postponements: [PostponementReport]) -> String {
        let verb = peer.state == .suspected ? "suspected" : "judged"
        let parts = postponements.map {
            "\(HumanDuration.text($0.byUSec)) later because \($0.reason.printable)"
        }
        return "\(verb) \(parts.joined(separator: ", "))"
    }

    private var acknowledged: String {
        guard let acks = evidence.acknowledges else { return "not known" }
        let lost = FixedDigits.percent(perMille: acks.lostPerMille)
        guard acks.highest > 0 else {
            return "it has acknowledged none of \(countText(acks.sent, "datagram")) of this node"
        }
        return
            "the latest datagram of this node that it acknowledged is number \(acks.highest) of \(acks.sent); "
            + "before that \(lost) were lost"
    }

    private var observers: String {
        let counted = peer.witnesses.filter(\.counted).map(\.id).joined(separator: ", ")
        let others = peer.witnesses.filter { !$0.counted }.map(\.id).joined(separator: ", ")
        let quorum = evidence.quorum.map { "a quorum is \($0)" } ?? "too few members for a quorum"
        return "\(evidence.observers), \(quorum)" + (counted.isEmpty ? "" : "; reported by: \(counted)")
            + (others.isEmpty ? "" : "; not counted: \(others)")
    }

    private var ownLag: String {
        let lag = HumanDuration.text(evidence.ownLagUSec)
        let drops = countText(evidence.kernelDrops, "datagram")
        let score = evidence.ownLagScore > 0 ? ", lag score \(evidence.ownLagScore) of 8" : ""
        return "\(lag) at worst in this time, \(drops) dropped by the kernel\(score)"
    }

    private func probes(_ style: Style) -> [String] {
        var table = Table(columns: [("SENT", .left), ("WAITED", .right), ("ANSWER", .left)])
        for probe in evidence.probes {
            let trip = probe.rttUSec.map { "after \(HumanDuration.text($0))" } ?? "yes"
            let answer = Table.Cell(
                probe.answered ? trip : "none", ink: probe.answered ? .green : .red)
            table.append([
                Table.Cell(Timestamp.clock(probe.sentUSec)),
                Table.Cell(HumanDuration.text(probe.timeoutUSec)),
                answer,
            ])
        }
        return table.lines(style)
    }

    private func ranks(_ style: Style) -> [String] {
        var table = Table()
        for rank in reply.ranks ?? [] { table.append(rank.rank, rank.finding) }
        return table.lines(style)
    }

    private func indirectNews(_ style: Style) -> [String] {
        var table = Table(columns: [("FROM", .left), ("RECEIVED", .right), ("ITS LATEST EVENT", .left)])
        for news in evidence.heardByOthers {
            table.append([
                Table.Cell(news.witness),
                Table.Cell("\(HumanDuration.text(from: news.atUSec, to: nowUSec)) ago"),
                Table.Cell("\(news.dot)"),
            ])
        }
        return table.lines(style)
    }

    private func titled(_ title: String, _ lines: [String], _ style: Style) -> [String] {
        lines.isEmpty ? [] : [style.paint(title, .bold)] + lines.map { "  " + $0 }
    }
}
