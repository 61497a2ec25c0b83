internal import Metrics
internal import StatusAPI

/// What a monitoring system is told: a state, a line that sums it up, figures, and a line for each trouble.
struct CheckReport: Equatable {
    /// The states of the Nagios plugins; the raw values are their exit statuses.
    enum State: Int32, Encodable {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        /// As it stands in the first line.
        var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(word)
        }
    }

    /// How bad it is.
    let state: State
    /// What the matter is, without the state's word.
    let summary: String
    /// Performance data; empty when nothing is known.
    var performance = ""
    /// What a person wants to know next, a line each.
    var details: [String] = []

    /// The output of the check, the line that is shown everywhere first.
    var lines: [String] {
        let figures = performance.isEmpty ? "" : " | \(performance)"
        return ["SUSPECTD \(state.word) - \(Self.harmless(summary))\(figures)"] + details.map(Self.harmless)
    }

    /// A bar would begin performance data.
    private static func harmless(_ text: String) -> String {
        String(text.printable.map { $0 == "|" ? "/" : $0 })
    }
}

/// From how many suspected peers on a check gives an alarm.
struct CheckThresholds: Equatable {
    /// A warning, from so many on.
    let warning: Int
    /// The worst, from so many on; never by number alone when absent.
    let critical: Int?
    /// A warning when a peer has been gone by plan for so long, in microseconds; never when absent.
    var leftUSec: Int?
    /// A warning when a peer has not heard this node for so long, in microseconds; never when absent.
    var outboundUSec: Int?

    func state(suspected: Int) -> CheckReport.State {
        if let critical, suspected >= critical { return .critical }
        return suspected >= warning ? .warning : .ok
    }
}

extension CheckReport {
    /// As many as a line of a dashboard holds.
    private static let maximumNames = 10
    /// Monitoring systems cut long output off, so that the rest is only counted.
    private static let maximumDetails = 20

    /// Judges what the daemon reports; `isolated` when the failure is probably its own.
    ///
    /// `outboundSince` says since when each peer is known not to hear this node, in wall-clock microseconds.
    init(
        peers: [PeerReport], isolated: Bool, thresholds: CheckThresholds, nowUSec: Int,
        outboundSince: [String: Int] = [:]
    ) {
        let suspected = peers.filter { $0.state == .suspected }.sorted { $0.id < $1.id }
        let strange = peers.filter { !$0.state.isKnown }.sorted { $0.id < $1.id }
        let missed = peers.filter { $0.target?.isMissed ?? false }.sorted { $0.id < $1.id }
        let judged = thresholds.state(suspected: suspected.count)
        // A node that watches nothing must not look well, nor one whose daemon says what is not understood here.
        let isBlind = peers.isEmpty || judged == .ok && !strange.isEmpty
        let lasting = Self.lasting(peers, thresholds, outboundSince, nowUSec)
        let isAlarming = judged == .ok && !peers.isEmpty && !(lasting.isEmpty && missed.isEmpty)
        state =
            isolated && !peers.isEmpty ? .critical : isAlarming ? .warning : isBlind ? .unknown : judged
        summary =
            Self.summary(suspected.map(\.id), of: peers, isolated: isolated) + Self.remark(strange)
            + lasting.map { "; \($0)" }.joined() + Self.remark(missed: missed)
        performance = Self.performance(suspected.count, of: peers, thresholds)
        details =
            Self.listed(suspected.map { Self.detail($0, nowUSec) }, atMost: Self.maximumDetails)
            + Self.listed(missed.compactMap(Self.detail(missed:)), atMost: Self.maximumDetails)
    }

    /// Nothing could be found out.
    init(failure: ControlFailure, isCritical: Bool) {
        let lines = failure.description.split(separator: "\n").map(String.init)
        state = isCritical ? .critical : .unknown
        summary = lines.first ?? ""
        details = Array(lines.dropFirst())
    }

    private static func summary(_ suspected: [String], of peers: [PeerReport], isolated: Bool) -> String {
        if peers.isEmpty { return "no peer is configured, so nothing is watched" }
        if isolated {
            return "this node is isolated: \(isolationText(peers))"
        }
        guard !suspected.isEmpty else { return "none of \(countText(peers.count, "peer")) suspect" }
        let names = listed(suspected, atMost: maximumNames).joined(separator: ", ")
        return "\(suspected.count) of \(countText(peers.count, "peer")) suspect: \(names)"
    }

    /// What has lasted for longer than a threshold allows, a clause for each kind.
    private static func lasting(
        _ peers: [PeerReport], _ thresholds: CheckThresholds, _ outboundSince: [String: Int], _ nowUSec: Int
    ) -> [String] {
        let sorted = peers.sorted { $0.id < $1.id }
        var clauses: [String] = []
        if let limit = thresholds.leftUSec {
            let gone = sorted.filter { $0.state == .left && nowUSec.minus($0.sinceUSec) >= limit }
            clauses += clause(gone, "left for \(HumanDuration.text(limit)) or longer")
        }
        if let limit = thresholds.outboundUSec {
            let deaf = sorted.filter { peer in
                // Where the history no longer tells since when, it has lasted for long.
                peer.cause == .outbound && nowUSec.minus(outboundSince[peer.id] ?? peer.sinceUSec) >= limit
            }
            clauses += clause(deaf, "not hearing this node for \(HumanDuration.text(limit)) or longer")
        }
        return clauses
    }

    private static func clause(_ peers: [PeerReport], _ what: String) -> [String] {
        guard !peers.isEmpty else { return [] }
        let names = listed(peers.map(\.id), atMost: maximumNames).joined(separator: ", ")
        return ["\(countText(peers.count, "peer")) \(what): \(names)"]
    }

    /// Names the peers in states of a later version.
    private static func remark(_ strange: [PeerReport]) -> String {
        guard !strange.isEmpty else { return "" }
        let states = strange.map { "\($0.id) is \($0.state.rawValue)" }
        return "; in a state that this suspectctl, older than the daemon, does not know: "
            + listed(states, atMost: maximumNames).joined(separator: ", ")
    }

    /// Names the peers whose targets are not kept.
    private static func remark(missed: [PeerReport]) -> String {
        guard !missed.isEmpty else { return "" }
        return "; the target is not kept for "
            + listed(missed.map(\.id), atMost: maximumNames).joined(separator: ", ")
    }

    private static func detail(missed peer: PeerReport) -> String? {
        peer.target.map { "\(peer.id) at \(peer.address): \(TargetView(target: $0).missed)" }
    }

    /// `label=value;warning;critical;minimum;maximum`, as graphs are drawn from it.
    private static func performance(
        _ suspected: Int, of peers: [PeerReport], _ thresholds: CheckThresholds
    ) -> String {
        let alive = peers.filter { $0.state == .trusted || $0.state == .pending }.count
        let critical = thresholds.critical.map { "\($0)" } ?? ""
        return "suspect=\(suspected);\(thresholds.warning);\(critical);0;\(peers.count) "
            + "alive=\(alive);;;0;\(peers.count) mistakes=\(peers.reduce(0) { $0.plus($1.mistakes) })c "
            + "restarts=\(peers.reduce(0) { $0.plus($1.restarts ?? 0) })c"
            + bound(of: peers)
    }

    /// The longest of the bounds, in seconds; nothing before one is known.
    private static func bound(of peers: [PeerReport]) -> String {
        guard let longest = peers.compactMap(\.detectionTimeBoundUSec).max() else { return "" }
        return " bound=\(FixedDigits.decimal(longest, unit: 1_000_000, digits: 6))s;;;0"
    }

    private static func detail(_ peer: PeerReport, _ nowUSec: Int) -> String {
        let duration = HumanDuration.text(from: peer.sinceUSec, to: nowUSec)
        let cause = peer.causeText.isEmpty ? "" : ": \(peer.causeText)"
        return "\(peer.id) at \(peer.address) suspected for \(duration)\(cause)"
    }

    private static func listed(_ items: [String], atMost limit: Int) -> [String] {
        guard items.count > limit else { return items }
        return items.prefix(limit) + ["and \(items.count - limit) more"]
    }
}
