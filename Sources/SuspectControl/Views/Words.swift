internal import Metrics
internal import StatusAPI

/// `1 suspected, 2 trusted (1 does not hear this node)`: the counts that are not zero, worst first.
///
/// What is said of some of them needs all of them: a view of chosen peers leaves it out.
func countsText(_ status: StatusReport, _ shown: [PeerReport]) -> String {
    let peers = shown.count == status.peers ? shown : []
    let counts = [
        (status.suspected, "suspected" + note(peers.count(where: \.isNeverHeard), "never heard")),
        (status.pending, "pending"), (status.unknown, "not heard yet"),
        (status.trusted, "trusted" + deafness(peers)), (status.left, "left"),
        (otherCount(status), "in a state unknown to this suspectctl"),
    ]
    let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return words.isEmpty ? "none is configured" : words.joined(separator: ", ")
}

private func deafness(_ peers: [PeerReport]) -> String {
    let count = peers.count { PeerCondition($0) == .outbound }
    return note(count, count == 1 ? "does not hear this node" : "do not hear this node")
}

private func note(_ count: Int, _ what: String) -> String { count > 0 ? " (\(count) \(what))" : "" }

/// Whether the daemon has heard none of its peers since it started.
func hasHeardNone(_ peers: [PeerReport]) -> Bool {
    !peers.isEmpty && peers.allSatisfy { $0.lastHeardUSec == nil }
}

/// What a node that is isolated hears, as a clause: `it hears none of 3 peers`.
func isolationText(_ peers: [PeerReport]) -> String {
    let heard = peers.filter { $0.state == .trusted || $0.state == .pending }.map(\.id).sorted()
    guard !heard.isEmpty else { return "it hears none of \(countText(peers.count, "peer"))" }
    let silent = peers.count { $0.state == .suspected }
    let names =
        heard.prefix(3).joined(separator: ", ") + (heard.count > 3 ? " and \(heard.count - 3) more" : "")
    return "\(silent) of \(countText(silent + heard.count, "peer")) fell silent together, and \(names) "
        + (heard.count == 1 ? "is" : "are") + " heard"
}

/// How many peers are in states that a later version of the daemon has.
private func otherCount(_ status: StatusReport) -> Int {
    [status.trusted, status.pending, status.suspected, status.left, status.unknown]
        .reduce(status.peers) { $0.minus($1) }
}

extension ReportedWord {
    /// The word as a terminal may show it.
    var word: String { rawValue.printable }
}

extension SubscribeParameters {
    /// `a detection time of 500 ms`; nothing without a threshold.
    var thresholdText: String? {
        if let detectionTimeUSec { return "a detection time of \(HumanDuration.text(detectionTimeUSec))" }
        return level.map { "a level of \(FixedDigits.decimal($0, unit: 1000, digits: 3))" }
    }
}

extension PeerReport {
    /// `has been trusted for 4.2 s`, `left 4.2 s ago`: its state and since when, to follow its id.
    func stateText(nowUSec: Int, state shown: String? = nil) -> String {
        let duration = HumanDuration.text(from: sinceUSec, to: nowUSec)
        return switch state {
        case .left: "\(shown ?? state.word) \(duration) ago"
        case .unknown: "has been \(shown ?? state.word) (not heard yet) for \(duration)"
        case .trusted, .pending, .suspected, .other: "has been \(shown ?? state.word) for \(duration)"
        }
    }

    /// For how long what the tables show of it has lasted: its state, or that it does not hear this node.
    var shownSinceUSec: Int { PeerCondition(self) == .outbound ? outboundSinceUSec ?? sinceUSec : sinceUSec }

    /// `crash (proved)`, `outbound (likely) for 2.1 s`: the cause, and since when where that is not since the state.
    func causeText(nowUSec: Int) -> String {
        guard cause == .outbound, let outboundSinceUSec else { return causeText }
        return "\(causeText) for \(HumanDuration.text(from: outboundSinceUSec, to: nowUSec))"
    }

    /// `is trusted`, `has left`: its state, to follow its id.
    var stateText: String { state == .left ? "has left" : "is \(state.word)" }

    /// `crash (proved)`, or nothing.
    var causeText: String { causeAndCertainty(cause, certainty) }
}

extension WitnessReport {
    /// `crash (likely)`, or nothing.
    var causeText: String { causeAndCertainty(cause, certainty) }
}

extension EventReport {
    /// `crash (proved)`, or nothing.
    var causeText: String { causeAndCertainty(cause, certainty) }
}

/// A cause with how sure it is; that is no question where nothing is concluded.
private func causeAndCertainty(_ cause: ReportedCause?, _ certainty: ReportedCertainty?) -> String {
    guard let cause else { return "" }
    guard let certainty, cause != .unknown, cause != .neverHeard else { return cause.text.printable }
    return "\(cause.text.printable) (\(certainty.text.printable))"
}
