internal import Metrics
internal import StatusAPI

/// What a monitoring system gets: a state, a line that sums it up, figures, and a line for each trouble.
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
        outboundSince: [String: Int] = [:], services: [ServiceReport] = []
    ) {
        let sorted = peers.sorted { $0.id.isBefore($1.id) }
        let suspected = Self.suspected(among: sorted, thresholds, nowUSec)
        let strange = sorted.filter { !$0.state.isKnown }
        let missed = sorted.filter { $0.target?.isMissed ?? false }
        let lasting = LastingConditions(sorted, thresholds, outboundSince, nowUSec)
        let board = CheckedServices(services)
        state = Self.state(
            of: peers, isolated: isolated, judged: Self.judged(suspected, board, thresholds),
            isWeak: lasting.isAlarming || !missed.isEmpty || !board.unobserved.isEmpty,
            isBlind: hasHeardNone(peers) || !strange.isEmpty)
        summary =
            Self.summary(suspected.map(\.id), of: peers, isolated: isolated) + Self.remark(strange)
            + (lasting.clauses + Self.waiting(sorted, suspected)).map { "; \($0)" }.joined()
            + Self.remark(missed: missed) + board.remark(atMost: Self.maximumNames)
        performance = Self.performance(suspected.count, of: peers, thresholds) + board.performance
        details =
            Self.listed(suspected.map { Self.detail($0, nowUSec) }, atMost: Self.maximumDetails)
            + Self.listed(missed.compactMap(Self.detail(missed:)), atMost: Self.maximumDetails)
            + Self.listed(board.details(nowUSec), atMost: Self.maximumDetails)
    }

    private static func judged(
        _ suspected: [PeerReport], _ board: CheckedServices, _ thresholds: CheckThresholds
    ) -> State {
        let states = [
            thresholds.state(suspected: suspected.count), thresholds.state(failed: board.failed.count),
        ]
        return states.max { $0.rawValue < $1.rawValue } ?? .ok
    }

    /// How bad it is: what the thresholds say, unless it is well by them and yet not well.
    private static func state(
        of peers: [PeerReport], isolated: Bool, judged: State, isWeak: Bool, isBlind: Bool
    ) -> State {
        // A node that sees nothing must not look well, nor one whose daemon says what is not understood here.
        if peers.isEmpty { return .unknown }
        if isolated { return .critical }
        guard judged == .ok else { return judged }
        if isWeak { return .warning }
        return isBlind ? .unknown : .ok
    }

    /// The peers that count as suspected: new ones may take their time, but not while no peer at all is heard.
    private static func suspected(
        among peers: [PeerReport], _ thresholds: CheckThresholds, _ nowUSec: Int
    ) -> [PeerReport] {
        let hearsSome = peers.contains { $0.state == .trusted || $0.state == .pending }
        return peers.filter { peer in
            let patience = peer.isNeverHeard && hearsSome ? thresholds.neverHeardUSec : 0
            return peer.state == .suspected && nowUSec.minus(peer.sinceUSec) >= patience
        }
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
        if hasHeardNone(peers) {
            let names = listed(peers.map(\.id).sorted { $0.isBefore($1) }, atMost: maximumNames)
            return
                "none of \(countText(peers.count, "peer")) has been heard since the daemon started: \(names.joined(separator: ", "))"
        }
        if isolated { return "this node is isolated: \(isolationText(peers))" }
        guard !suspected.isEmpty else { return "none of \(countText(peers.count, "peer")) suspected" }
        let names = listed(suspected, atMost: maximumNames).joined(separator: ", ")
        return "\(suspected.count) of \(countText(peers.count, "peer")) suspected: \(names)"
    }

    /// The peers that were never heard and do not count as suspected yet.
    private static func waiting(_ peers: [PeerReport], _ suspected: [PeerReport]) -> [String] {
        guard !hasHeardNone(peers) else { return [] }
        let counted = Set(suspected.map(\.id))
        return clause(
            peers.filter { ($0.isNeverHeard || $0.state == .unknown) && !counted.contains($0.id) },
            "never heard yet")
    }

    /// `2 peers left: db3, db4`; nothing without peers.
    static func clause(_ peers: [PeerReport], _ what: String) -> [String] {
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
        let unheard = count(.neverHeard, peers) + count(.unknown, peers)
        return "suspect=\(suspected);\(thresholds.warning);\(critical);0;\(peers.count) "
            + "alive=\(alive);;;0;\(peers.count) mistakes=\(peers.reduce(0) { $0.plus($1.mistakes) })c "
            + "restarts=\(peers.reduce(0) { $0.plus($1.restarts ?? 0) })c "
            + "left=\(count(.left, peers)) outbound=\(count(.outbound, peers)) never_heard=\(unheard)"
            + bound(of: peers)
    }

    private static func count(_ condition: PeerCondition, _ peers: [PeerReport]) -> Int {
        peers.count { PeerCondition($0) == condition }
    }

    /// The longest of the bounds, in seconds; nothing before one is known.
    private static func bound(of peers: [PeerReport]) -> String {
        guard let longest = peers.compactMap(\.detectionTimeBoundUSec).max() else { return "" }
        return " bound=\(FixedDigits.decimal(longest, unit: 1_000_000, digits: 6))s;;;0"
    }

    private static func detail(_ peer: PeerReport, _ nowUSec: Int) -> String {
        let duration = HumanDuration.text(from: peer.sinceUSec, to: nowUSec)
        let cause = peer.causeText.isEmpty ? "" : ": \(peer.causeText)"
        let (refused, unsent) = peer.troubles(nowUSec: nowUSec, isRecentOnly: true)
        return "\(peer.id) at \(peer.address) suspected for \(duration)\(cause)"
            + (refused.map { "; refused from it: \($0)" } ?? "")
            + (unsent.map { "; not sent to it: \($0)" } ?? "")
    }

    static func listed(_ items: [String], atMost limit: Int) -> [String] {
        guard items.count > limit else { return items }
        return items.prefix(limit) + ["and \(items.count - limit) more"]
    }
}
