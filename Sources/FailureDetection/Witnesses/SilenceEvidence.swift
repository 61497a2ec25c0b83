public import CausalClock

/// What one host said of a peer that we do not hear.
public struct WitnessStatement: Sendable, BitwiseCopyable, Hashable {
    /// Who said it.
    public var witness: HostID
    /// When it arrived.
    public var arrived: Instant
    /// What was said.
    public var testimony: Testimony

    /// Puts together who said what, and when that arrived.
    public init(witness: HostID, arrived: Instant, testimony: Testimony) {
        self.witness = witness
        self.arrived = arrived
        self.testimony = testimony
    }
}

extension WitnessStatement {
    /// Of when it tells: a witness that hears the peer, of what it got last; one that does not, of the present.
    ///
    /// Those that cannot tell yet, having heard of the peer no later than we, make room first.
    fileprivate var news: Instant { testimony.isTrusted ? arrived - testimony.age : arrived }
}

/// Which of the three reasons for silence it was: the request was lost, the peer crashed, the reply was lost.
public struct SilenceReason: Sendable, BitwiseCopyable, Hashable {
    /// The three reasons.
    public enum Kind: String, Sendable, BitwiseCopyable, CaseIterable {
        /// What we sent did not arrive.
        case requestLost
        /// The peer's process ended.
        case crashed
        /// What we sent arrived; its answer did not, or comes late.
        case replyLost
    }

    /// Which.
    public var kind: Kind
    /// How firmly that is known.
    public var certainty: Certainty
}

/// What is learnt of a peer through others while it is silent: whether it lives, and whether it hears us.
///
/// Proofs rest on causality alone. While a peer is silent one event of ours is the *mark*. If an event *y* of the peer
/// has a clock that includes the mark, then the mark happened before *y*: the peer executed *y* after the mark, by
/// whatever clock. A witness that has *y* directly can tell what *y*'s clock said of us; what the witness knows of us
/// itself, merged from all sides, would prove nothing. Each proof sets a new mark, so they follow each other at the
/// pace of a round trip by way of the witness.
///
/// It begins and ends with the silence, by transitions of the peer's state, and by nothing else: not by a reload.
struct SilenceEvidence: Sendable {
    /// The most witnesses that are remembered.
    static let capacity = 8

    /// Whether the silence lasts: the peer is overdue or suspected.
    private(set) var isOpen = false
    /// What the witnesses said last.
    private(set) var reports: [WitnessStatement] = []
    /// The instant after which the peer is proved to have lived.
    private(set) var provedAlive: Instant?
    /// The instant after which it is proved to have got a message of ours directly that was sent later still.
    private(set) var provedHearing: Instant?
    /// Whether news of it has put the suspicion off.
    var wasPostponed = false
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
        wasPostponed = false
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

    /// Goes on with a silence that lasted when an earlier process of this incarnation ended.
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

/// What a peer wants to be told of a host that it does not hear, and what we have learnt of that host for it.
struct IndirectProbeRequest: Sendable, BitwiseCopyable {
    /// The most questions of one peer that are remembered.
    static let capacity = 8

    /// The place of the peer that asks.
    var asker: Int
    var subject: HostID
    var isOnBehalf: Bool
    /// The latest event of the asker that the subject's own clock included.
    var known: UInt64 = 0
    /// The latest event of the asker that the subject said it got directly.
    var got: UInt64 = 0
}
