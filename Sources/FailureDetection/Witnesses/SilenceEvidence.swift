/// What is learnt of a peer through others while it is silent: whether it is running, and whether it hears us.
///
/// Proofs rest on causality alone. While a peer is silent one event of ours is the *mark*. If an event *y* of the peer
/// has a clock that includes the mark, then the mark happened before *y*: the peer executed *y* after the mark, by
/// whatever clock. A witness that has *y* directly can know what *y*'s clock said of us; what the witness knows of us
/// itself, merged from all sides, would prove nothing. Each proof sets a new mark, so they follow each other at the
/// pace of a round trip by way of the witness.
///
/// It begins and ends with the silence, by transitions of the peer's state, and by nothing else: not by a reload.
struct SilenceEvidence: Sendable {
    /// The most witnesses that are remembered.
    static let capacity = 8

    /// Whether the silence lasts (`Peer.isSilent`).
    private(set) var isOpen = false
    /// What the witnesses said last.
    private(set) var reports: [WitnessStatement] = []
    /// The instant after which the peer is proved to have lived.
    private(set) var provedAlive: Instant?
    /// The instant after which it is proved to have got a message of ours directly that was sent later still.
    private(set) var provedHearing: Instant?
    /// Whether a later incarnation of the peer has been heard since.
    var hasRestarted = false

    /// When the silence was noticed.
    private(set) var began = Instant(nanoseconds: .min)
    private var mark: UInt64 = .max
    private var markedAt = Instant(nanoseconds: 0)

    /// Begins to watch a silence; our next event is `next`.
    mutating func begin(next: UInt64, at now: Instant) {
        reports.removeAll(keepingCapacity: true)
        provedAlive = nil
        provedHearing = nil
        hasRestarted = false
        began = now
        (mark, markedAt) = (next, now)
        isOpen = true
    }

    /// Ends with the silence; what was learnt in it is remembered for the evidence of its end.
    mutating func end() { isOpen = false }

    /// What is known of a silence that lasts, to be kept; `nil` when there is none.
    var snapshot: SilenceSnapshot? {
        guard isOpen else { return nil }
        var memory = SilenceSnapshot(began: began, mark: mark, markedAt: markedAt)
        (memory.provedAlive, memory.provedHearing) = (provedAlive, provedHearing)
        (memory.hasRestarted, memory.reports) = (hasRestarted, reports)
        return memory
    }

    /// Continues with a silence that lasted when an earlier process of this incarnation ended.
    mutating func resume(_ memory: SilenceSnapshot) {
        begin(next: memory.mark, at: memory.began)
        markedAt = memory.markedAt
        (provedAlive, provedHearing) = (memory.provedAlive, memory.provedHearing)
        (hasRestarted, reports) = (memory.hasRestarted, Array(memory.reports.prefix(Self.capacity)))
    }

    /// Takes what a witness says; what it says of us counts only if it spoke of our present incarnation.
    mutating func take(_ report: WitnessStatement, speaksOfUs: Bool, next: UInt64, at now: Instant) {
        if let place = reports.firstIndex(where: { $0.witness == report.witness }) {
            reports[place] = report
        } else if reports.count < Self.capacity {
            reports.append(report)
        } else if let oldest = reports.indices.min(by: { reports[$0].news < reports[$1].news }),
            reports[oldest].news <= report.news
        {
            reports[oldest] = report
        }
        guard speaksOfUs else { return }
        let (isHearing, isAlive) = (report.testimony.gotOfYou >= mark, report.testimony.knownOfYou >= mark)
        if isHearing { provedHearing = markedAt }
        guard isHearing || isAlive else { return }
        provedAlive = markedAt
        (mark, markedAt) = (next, now)
    }
}
