internal import CausalClock
internal import FailureDetection

/// What one observer has said of one peer: its notices, read as a subscriber reads them.
struct LastReport: Sendable, BitwiseCopyable {
    enum Word: String, Sendable {
        case nothing, trusted, suspected, left
    }

    private(set) var word = Word.nothing
    private var isAsymmetric = false
    /// Whether a quorum shares the suspicion; that it ceases to is reported as the suspicion anew.
    private var isConfirmed = false
    private(set) var verdict: Verdict?
    /// Whether the suspicion was not reported because every host had fallen silent simultaneously.
    private var isHidden = false

    /// Nothing was reported.
    init() {}

    /// What a subscriber knows when a process continues with what an earlier one thought.
    init(_ report: PeerReport) {
        switch report.state {
        case .unknown, .pending: word = .nothing
        case .trusted: word = .trusted
        case .suspected: word = .suspected
        case .left: word = .left
        }
        isAsymmetric = report.verdict?.cause == .outbound
        (isHidden, isConfirmed) = (report.verdict?.cause == .isolated, report.isConfirmed)
        verdict = report.state == .suspected ? report.verdict : nil
    }

    /// Takes the next notice.
    ///
    /// - Parameters:
    ///   - notice: what the observer says.
    ///   - isBack: whether the peer may be back if it left, so that it may be missed.
    /// - Returns: what is wrong with it; `nil` when nothing is.
    mutating func hear(_ notice: Notice, isBack: Bool = false) -> String? {
        switch notice.kind {
        case .suspect: return hearSuspicion(notice, isBack: isBack)
        case .trust:
            defer {
                (word, isAsymmetric, verdict, isHidden, isConfirmed) = (.trusted, false, nil, false, false)
            }
            return word != .trusted || isAsymmetric || isHidden ? nil : "trusted twice"
        case .confirm:
            defer { (isConfirmed, verdict) = (true, notice.verdict) }
            return word == .suspected && (!isConfirmed || verdict != notice.verdict)
                ? nil : "confirmed after \(word.rawValue)"
        case .pending:
            return word == .suspected || (word == .left && !isBack) ? "pending after \(word.rawValue)" : nil
        case .leave:
            defer { (word, isAsymmetric, verdict, isHidden, isConfirmed) = (.left, false, nil, false, false) }
            return word == .left ? "left twice" : nil
        case .asymmetric:
            defer { isAsymmetric = true }
            return word == .trusted && !isAsymmetric ? nil : "asymmetric after \(word.rawValue)"
        default: return nil
        }
    }

    /// Takes it that the observer has blamed itself, or has ceased to: what it suspected before may be reported anew.
    mutating func isolationChanged() { (verdict, isConfirmed) = (nil, false) }

    /// A suspicion that is reported anew has another cause, is no longer shared by a quorum, or both.
    private mutating func hearSuspicion(_ notice: Notice, isBack: Bool) -> String? {
        let isShared = notice.evidence.map(\.agreement.isQuorum) ?? false
        let isNews = verdict != notice.verdict || (isConfirmed && !isShared)
        defer {
            (word, isAsymmetric, verdict) = (.suspected, false, notice.verdict)
            isConfirmed = isConfirmed && isShared
        }
        if word == .left, !isBack { return "suspected after it left" }
        return word != .suspected || isNews ? nil : "suspected twice for one cause"
    }

    /// Compares what was reported with what is thought at the end of a turn.
    ///
    /// - Returns: what does not agree; `nil` when all does.
    mutating func compare(_ state: PeerState, isIsolated: Bool) -> String? {
        if state == .suspected, word != .suspected, isIsolated { isHidden = true }
        let agrees =
            switch state {
            case .unknown: word == .nothing
            case .trusted: word == .trusted
            // One that left is missed where it is back and is not heard.
            case .pending: word == .trusted || word == .nothing || word == .left
            case .suspected: word == .suspected || isHidden
            case .left: word == .left
            }
        return agrees ? nil : "\(state.rawValue), but reported as \(word.rawValue)"
    }
}
