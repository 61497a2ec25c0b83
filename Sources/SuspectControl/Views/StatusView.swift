internal import StatusAPI

/// The daemon and the counts of its peers, and those that are not well by name.
struct StatusView {
    /// The daemon.
    let status: StatusReport
    /// Every peer.
    let peers: [PeerReport]
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int
    /// The services of all hosts.
    var services: [ServiceReport] = []
    /// How many columns of characters the table of peers may have; any number where it is absent.
    var width: Int?

    /// A headline, what is wrong, and the daemon's own state.
    func lines(_ style: Style) -> [String] {
        [headline(style)] + troubled(style) + isolation(style) + troubledServices(style) + properties(style)
    }

    /// `services: 1 of 4 needs attention: db3/web failed (signal 9)`.
    private func troubledServices(_ style: Style) -> [String] {
        let attention = CheckedServices(services).attention(atMost: Self.troubledPeers)
        return attention.map { [style.paint("services: \($0.printable)", .red)] } ?? []
    }

    /// `db1 watches 3 peers: 1 suspected, 2 trusted`.
    func headline(_ style: Style) -> String {
        let isWeak = peers.contains { PeerCondition($0) == .outbound }
        let ink: Style.Ink = status.suspected > 0 || status.isolated ? .red : isWeak ? .yellow : .green
        let counts = style.paint(countsText(status, peers), ink)
        return
            "\(style.paint(status.node.printable, .bold)) watches \(countText(status.peers, "peer")): \(counts)"
    }

    private func troubled(_ style: Style) -> [String] {
        let troubled = peers.filter { $0.state != .trusted || $0.cause != nil }
        return PeersView(peers: troubled, nowUSec: nowUSec, width: width).lines(style)
    }

    private func isolation(_ style: Style) -> [String] {
        if hasHeardNone(peers), status.isolated || status.suspected == peers.count {
            let text = StatusReport.noneHeard(by: status.node).printable
            return [style.paint("\(text.prefix(1).uppercased())\(text.dropFirst()).", .red)]
        }
        guard status.isolated else { return [] }
        let since = status.isolatedSinceUSec.map { " for \(HumanDuration.text(from: $0, to: nowUSec))" } ?? ""
        let finding = isolationText(peers).printable
        return [
            style.paint(
                "This node has been isolated\(since): \(finding), so the failure is probably its own.", .red)
        ]
    }

    private func properties(_ style: Style) -> [String] {
        var table = Table()
        appendDaemon(to: &table)
        for peer in peers.sorted(by: { $0.id.isBefore($1.id) }).filter(isTroubled).prefix(Self.troubledPeers)
        {
            appendTroubles(of: peer, to: &table)
        }
        appendWarnings(to: &table)
        appendStorage(to: &table)
        appendConfiguration(to: &table)
        return table.lines(style, indent: 2)
    }

    private func appendDaemon(to table: inout Table) {
        let up = HumanDuration.text(status.uptimeUSec)
        table.append(
            "daemon", "suspectd \(status.version), process \(status.pid), up \(up), epoch \(status.epoch)")
        table.append(
            "health", health, ink: status.health.stalls > 0 || status.health.kernelDrops > 0 ? .yellow : nil)
        table.append("datagrams", datagrams)
    }

    private func appendTroubles(of peer: PeerReport, to table: inout Table) {
        if let refused = peer.refused, isRecent(refused.lastUSec) {
            table.append(
                "refused from \(peer.id)", refused.text(nowUSec: nowUSec),
                ink: ink(ofTroubleAt: refused.lastUSec, nowUSec))
        }
        if let unsent = peer.unsent, isRecent(unsent.lastUSec) {
            table.append(
                "not sent to \(peer.id)", unsent.text(nowUSec: nowUSec),
                ink: ink(ofTroubleAt: unsent.lastUSec, nowUSec))
        }
        if let payload = peer.payload {
            table.append("large datagrams to \(peer.id)", payload.text, ink: .yellow)
        }
    }

    /// What is wrong beyond single peers, and does not stop the daemon.
    private func appendWarnings(to table: inout Table) {
        if let strangers = status.strangers, isRecent(strangers.lastUSec) {
            table.append(
                "from strangers", strangers.text(nowUSec: nowUSec),
                ink: ink(ofTroubleAt: strangers.lastUSec, nowUSec))
        }
        if !status.authenticated {
            table.append("security", "datagrams are NOT authenticated: set security.keys", ink: .yellow)
        }
        if let targets { table.append("targets", targets, ink: .yellow) }
        if let names = status.names { table.append("names", Self.text(names), ink: .yellow) }
    }

    /// What cannot be written to the disk.
    private func appendStorage(to table: inout Table) {
        if let log = causalLog { table.append("causal log", log.text, ink: log.ink) }
        if let unstored = status.unstored {
            table.append(
                "state", "\(unstored); failure detection continues, and storing is tried again", ink: .red)
        }
    }

    private func appendConfiguration(to table: inout Table) {
        let configuration = status.configuration
        table.append(
            "configuration", "\(configuration.path), loaded \(Timestamp.text(configuration.loadedUSec))")
        if let failure = configuration.lastReloadFailed {
            table.append("", "the last reload was refused: \(failure)", ink: .red)
        }
    }

    /// The peers whose targets are not kept, with what is kept instead; `nil` where all are.
    private var targets: String? {
        let missed = peers.filter { $0.target?.isMissed ?? false }
        let shown = missed.prefix(3).map {
            $0.id.printable + ($0.target.map { ": \(TargetView(target: $0).missed)" } ?? "")
        }
        guard !shown.isEmpty else { return nil }
        let rest = missed.count > shown.count ? ["and \(missed.count - shown.count) more"] : []
        return "not kept for " + (shown + rest).joined(separator: "; ")
    }

    private static func text(_ names: NamesReport) -> String {
        var parts: [String] = []
        if names.unresolved > 0 {
            let reason = names.reason?.printable ?? ""
            parts.append("\(countText(names.unresolved, "name")) of peers unresolved: \(reason)")
        }
        if names.waiting > 0 { parts.append("\(countText(names.waiting, "name")) waiting for a name server") }
        return parts.joined(separator: "; ")
    }

    private var causalLog: (text: String, ink: Style.Ink)? {
        guard let log = status.causalLog, log.lost > 0 || log.failing != nil else { return nil }
        let lost = "\(log.lost) \(log.lost == 1 ? "entry" : "entries") lost since the start"
        guard let failing = log.failing else {
            return ("written again; \(lost), and `suspectctl verify` shows where", .yellow)
        }
        return ("cannot be written: \(failing); \(lost); failure detection is unaffected", .red)
    }

    private var health: String {
        let health = status.health
        let lag = HumanDuration.text(health.loopLagUSec)
        let worst = HumanDuration.text(health.loopLagMaximumUSec)
        let drops = "\(health.kernelDrops) dropped by the kernel"
        let score = health.lagScore > 0 ? "; lag score \(health.lagScore) of 8, so waits are longer" : ""
        return "loop lag \(lag), at worst \(worst); \(stalls); \(drops)\(score)\(lateReads)"
    }

    private var lateReads: String {
        guard let late = status.health.readLagUSec else { return "" }
        return "; datagrams reach the daemon late, so peers are judged \(HumanDuration.text(late)) later: "
            + "this host's kernel is short of processor time"
    }

    private var stalls: String {
        let health = status.health
        guard health.stalls > 0 else { return "no stall" }
        let duration = health.lastStallDurationUSec.map { " of \(HumanDuration.text($0))" } ?? ""
        let instant = health.lastStallUSec.map { " at \(Timestamp.text($0))" } ?? ""
        return "\(countText(health.stalls, "stall")), the last\(duration)\(instant)"
    }

    private var datagrams: String {
        let lost = status.dropped.filter { $0.count > 0 }
        let refused = lost.filter { Self.losses[$0.reason] == nil }.map { "\($0.reason) \($0.count)" }
        let list = refused.isEmpty ? "none refused" : "refused: \(refused.joined(separator: ", "))"
        let others = lost.compactMap { drop in
            Self.losses[drop.reason].map { "; \(countText(drop.count, $0.noun)) \($0.verb)" }
        }
        return "\(status.datagramsReceived) received, \(status.datagramsSent) sent, \(list)\(others.joined())"
    }

    /// What is counted among the drops and is no refusal.
    private static let losses: [String: (noun: String, verb: String)] = [
        "not-sent": ("datagram", "could not be sent"), "receive-error": ("error", "when receiving"),
        "note-queue-full": ("note", "lost because the journal was slow"),
    ]

    /// Of how many peers it is shown what is refused, not sent, or does not get through.
    private static let troubledPeers = 5

    /// Whether something was refused or not sent recently, or large datagrams do not get through.
    private func isTroubled(_ peer: PeerReport) -> Bool {
        peer.payload != nil
            || [peer.refused?.lastUSec, peer.unsent?.lastUSec].contains { $0.map(isRecent) ?? false }
    }

    /// Whether an instant is at most ten minutes ago.
    private func isRecent(_ instant: Int) -> Bool { nowUSec.minus(instant) < 600_000_000 }
}
