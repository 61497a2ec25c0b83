/// How strong evidence about a silent peer is; a weaker kind never overrules a stronger one.
///
/// Two exceptions. While nothing leaves this host, or before a round of pings has (`unsent`), only the peer's own messages, its last
/// words and proved testimony that it hears this host decide: the others answer a question that was not asked. And a witness that hears
/// the peer refutes its last words.
public enum EvidenceRank: Int, Sendable, BitwiseCopyable, CaseIterable, Comparable {
    /// A datagram that was never handed to the network: evidence about this host, and no vote.
    case unsent = 1
    /// Silence after datagrams that were handed to the network.
    case silence
    /// A verified report that the peer's port is closed (`PortReports`).
    case closedPort
    /// What witnesses have directly of the peer.
    case testimony
    /// Messages of the peer itself.
    case messages

    /// Whether one kind of evidence is weaker than another.
    public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// Everything that concerns the cause of a peer's silence.
struct VerdictInput: Sendable, BitwiseCopyable, Hashable {
    /// News of the peer in the clocks of others, which they may have merged from anywhere.
    enum News: Sendable, BitwiseCopyable, CaseIterable {
        /// None, or none recently.
        case none
        /// It may stem from the peer's last messages only.
        case rumour
        /// It mentions events after the silence began.
        case fresh
    }

    /// Whether most or all peers fell silent simultaneously, and this one with them.
    var isInSilentCohort = false
    /// Whether the peer is heard in time again, and stays suspected only because it comes and goes.
    var recovery = Recovery.none
    /// Whether datagrams arrive that seem to be the peer's and are not believed.
    var isSpeaking = false
    /// Whether, in mode ping, its next message is not overdue: nothing but our pings says that it is silent.
    var isBeforeNextMessage = false
    /// Whether it left, and nothing but datagrams that are not believed says that it came back (`Peer.isBackUnattested`).
    var isBackUnattested = false
    /// Whether what this host sends to it has asked the link: only then does silence say something of the link.
    var isLinkAsked = true
    /// Whether witnesses, enough of them to outvote a liar, got something of it after the silence began.
    var isHeardByOthers = false
    /// Whether one of those proves that it has acted since (`SilenceEvidence`).
    var isProvedAlive = false
    /// Whether one of those proved lately that it gets our messages.
    var isProvedHearing = false
    /// Whether a witness does not hear it either.
    var isMissedByOthers = false
    /// Whether its host has said, just before or in this silence, that its daemon has ended (`LastWords`).
    var hasEnded = false
    /// Whether a verified report says that its port is closed.
    var hasClosedPort = false
    /// What the clocks of others say.
    var news = News.none
    /// Whether another peer was heard since the silence began.
    var hasWitness = false
    /// Why what we sent did not leave this host; `nil` if it did.
    var obstacle: SendObstacle?

    /// Whether others hear it, and nothing that was sent to it shows why this host does not.
    fileprivate var isOpen: Bool { isHeardByOthers && !isLinkAsked && !isProvedHearing }

    /// Whether its silence is blamed on this host: not where the peer's host has said why it is silent, for that arrived.
    fileprivate var isOurFault: Bool { isInSilentCohort && !hasEnded }
}

/// A verdict with the rank of the evidence that decided it.
struct RankedVerdict: Sendable, BitwiseCopyable, Hashable {
    /// Why the peer is silent.
    var verdict: Verdict
    /// The strongest evidence that decided it; `nil` when the fault is this host's.
    var rank: EvidenceRank?
    /// Whether the suspicion may count towards a quorum.
    var hasVote: Bool

    /// The verdict that the evidence allows: a pure function, whose table is in `VerdictRulesTests`.
    ///
    /// A suspicion of a peer that is heard, was heard a moment ago or whose datagrams arrive, or to which nothing can be or was
    /// sent, has no vote: the first would outvote the peer's own messages, the last count what this host failed to do as a
    /// second observation. Nor has one that rests on nothing but datagrams that anything on the network can send.
    init(_ input: VerdictInput) {
        let isHeard = input.recovery != .none || input.isSpeaking || input.isBeforeNextMessage
        let isFounded = !input.isOpen && !input.isBackUnattested && input.obstacle == nil
        hasVote = !input.isOurFault && !isHeard && isFounded
        (verdict, rank) = Self.decide(input)
    }

    private static func decide(_ input: VerdictInput) -> (Verdict, EvidenceRank?) {
        if input.isOurFault, !input.isSpeaking { return (Verdict(.isolated, .suspected), nil) }
        if input.recovery == .heard { return (Verdict(.unknown, .suspected), .messages) }
        // What arrives has come over the link: why it is not believed is known, and said.
        if input.isSpeaking { return (Verdict(.unknown, .suspected), .messages) }
        // It may be that it gets none of our pings: its next message will show.
        if input.isBeforeNextMessage { return (Verdict(.unknown, .suspected), .messages) }
        if input.isOpen { return (Verdict(.unknown, .suspected), .unsent) }
        if input.isHeardByOthers { return (link(input), .testimony) }
        if input.hasEnded { return (Verdict(.daemon, .suspected), .messages) }
        if input.obstacle != nil { return (Verdict(.unknown, .suspected), .unsent) }
        if input.hasClosedPort { return (Verdict(.crash, .suspected), .closedPort) }
        if input.isMissedByOthers { return (Verdict(.crash, .suspected), .testimony) }
        return (silent(input), .silence)
    }

    private static func link(_ input: VerdictInput) -> Verdict {
        if input.isProvedHearing { return Verdict(.inbound, .proved) }
        return Verdict(.link, input.isProvedAlive ? .proved : .suspected)
    }

    private static func silent(_ input: VerdictInput) -> Verdict {
        switch input.news {
        case .fresh: Verdict(.link, .suspected)
        case .rumour: Verdict(.unknown, .suspected)
        case .none: Verdict(input.hasWitness ? .crash : .unknown, .suspected)
        }
    }
}
