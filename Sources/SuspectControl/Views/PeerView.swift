internal import Metrics
internal import StatusAPI

/// Everything that is known of one peer.
struct PeerView {
    /// The peer.
    let peer: PeerReport
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int

    /// One line a property.
    func lines(_ style: Style) -> [String] {
        var table = Table()
        let since =
            "since \(Timestamp.text(peer.sinceUSec)) (\(HumanDuration.text(from: peer.sinceUSec, to: nowUSec)))"
        table.append("state", "\(peer.state.word) \(since)", ink: peer.state.ink)
        if peer.cause != nil { table.append("cause", peer.causeText(nowUSec: nowUSec)) }
        if peer.confirmed { table.append("confirmed", "by a quorum of independent observers") }
        table.append("address", peer.address)
        table.append("epoch", peer.epoch == 0 ? "not known yet" : "\(peer.epoch)")
        table.append("last heard", lastHeard)
        if let deadline = peer.deadlineUSec { table.append("deadline", relative(deadline)) }
        peer.appendTroubles(to: &table, nowUSec: nowUSec)
        table.append("watched by", watching)
        table.append("round trip", roundTrip)
        table.append("loss", loss)
        if let target = peer.target { TargetView(target: target).append(to: &table) }
        table.append("suspicions", suspicions)
        if let accuracy = peer.accuracyPerMillion { table.append("accuracy", accuracyText(accuracy)) }
        if let bound = peer.detectionTimeBoundUSec {
            table.append("detects", "a crash within \(HumanDuration.text(bound)), as things stand")
        }
        if let level = peer.level {
            table.append("level", "\(FixedDigits.decimal(level, unit: 1000, digits: 3)) (\(peer.detector))")
        }
        for witness in peer.witnesses { table.append("suspected by", text(witness)) }
        return [style.paint(peer.id.printable, .bold)] + table.lines(style, indent: 2)
    }

    private var suspicions: String {
        let restarts = peer.restarts.map { $0 > 0 ? "; \(countText($0, "restart")) unannounced" : "" } ?? ""
        let link = peer.linkFaults.map { $0 > 0 ? ", \(countText($0, "link fault"))" : "" } ?? ""
        let text = "\(peer.suspicions), of these \(peer.mistakes) wrong\(link)\(restarts)"
        guard let duration = peer.mistakeDurationUSec, let recurrence = peer.mistakeRecurrenceUSec else {
            return text
        }
        return
            "\(text), for \(HumanDuration.text(duration)) on average, one in \(HumanDuration.text(recurrence))"
    }

    private func accuracyText(_ perMillion: Int) -> String {
        "trusted \(FixedDigits.decimal(perMillion, unit: 10_000, digits: 4)) % of the time it is known to have lived"
    }

    private var lastHeard: String {
        peer.lastHeardUSec.map(relative) ?? "never"
    }

    private var watching: String {
        let margin = peer.marginUSec.map { ", margin \(HumanDuration.text($0))" } ?? ""
        let interval = HumanDuration.text(peer.heartbeatIntervalUSec)
        return "\(peer.mode) every \(interval), detector \(peer.detector)\(margin)"
    }

    private var roundTrip: String {
        guard let smoothed = peer.rttUSec else { return "not measured yet" }
        let jitter = peer.jitterUSec.map { ", jitter \(HumanDuration.text($0))" } ?? ""
        return HumanDuration.text(smoothed) + jitter
    }

    private var loss: String {
        let incoming = FixedDigits.percent(perMille: peer.lossInPerMille)
        return "\(incoming) in, \(FixedDigits.percent(perMille: peer.lossOutPerMille)) out\(peer.lossCost)"
    }

    private func text(_ witness: WitnessReport) -> String {
        let cause = witness.causeText.isEmpty ? "" : ", \(witness.causeText)"
        let doubt = witness.trusted ? "" : ", but is not trusted itself"
        let dot = witness.dot.map { " (\($0))" } ?? ""
        return
            "\(witness.id) since \(Timestamp.clock(witness.sinceUSec))\(cause)\(doubt)\(dot)"
    }

    private func relative(_ instant: Int) -> String {
        let distance = HumanDuration.distance(instant, nowUSec)
        return instant > nowUSec
            ? "in \(distance)" : "\(distance) ago (\(Timestamp.text(instant)))"
    }
}
