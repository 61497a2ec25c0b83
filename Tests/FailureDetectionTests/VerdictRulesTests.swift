import Testing

@testable import FailureDetection

@Suite("the ranks of evidence")
struct VerdictRulesTests {
    /// Every combination of evidence there is.
    private static let all: [VerdictInput] = Recovery.allCases.flatMap { recovery in
        (0..<4_096).flatMap { bits in
            VerdictInput.News.allCases.flatMap { news in
                ([nil] + SendObstacle.allCases).map { obstacle in
                    var input = VerdictInput(bits: bits)
                    (input.recovery, input.news, input.obstacle) = (recovery, news, obstacle)
                    return input
                }
            }
        }
    }

    /// What each rank says on its own, the strongest first; the first that says anything decides.
    private static func expected(_ input: VerdictInput) -> Verdict {
        let opinions: [Verdict?] = [
            input.isInSilentCohort && !input.isSpeaking && !input.hasEnded
                ? Verdict(.isolated, .suspected) : nil,
            input.recovery == .heard ? Verdict(.unknown, .suspected) : nil,
            input.isSpeaking || input.isBeforeNextMessage ? Verdict(.unknown, .suspected) : nil,
            input.isHeardByOthers && input.isProvedHearing ? Verdict(.inbound, .proved) : nil,
            input.isHeardByOthers && !input.isLinkAsked ? Verdict(.unknown, .suspected) : nil,
            input.isHeardByOthers && input.isProvedAlive ? Verdict(.link, .proved) : nil,
            input.isHeardByOthers ? Verdict(.link, .suspected) : nil,
            input.hasEnded ? Verdict(.daemon, .suspected) : nil,
            input.obstacle != nil ? Verdict(.unknown, .suspected) : nil,
            input.hasClosedPort || input.isMissedByOthers ? Verdict(.crash, .suspected) : nil,
            input.news == .fresh ? Verdict(.link, .suspected) : nil,
            input.news == .none && input.hasWitness ? Verdict(.crash, .suspected) : nil,
        ]
        return opinions.compactMap { $0 }.first ?? Verdict(.unknown, .suspected)
    }

    @Test("the strongest evidence decides, in all combinations")
    func table() {
        #expect(Self.all.count == 4_096 * 3 * 5 * 3)
        for input in Self.all { #expect(RankedVerdict(input).verdict == Self.expected(input), "\(input)") }
    }

    @Test("no crash where a peer is heard or sends, where witnesses hear it, or where nothing could be sent")
    func noCrash() {
        for input in Self.all
        where input.recovery == .heard || input.isSpeaking || input.isHeardByOthers || input.obstacle != nil {
            #expect(RankedVerdict(input).verdict.cause != .crash, "\(input)")
        }
    }

    @Test("the link is not blamed while datagrams arrive over it, nor before what was sent has asked it")
    func noLink() {
        for input in Self.all where input.isSpeaking || (input.isHeardByOthers && !input.isLinkAsked) {
            let verdict = RankedVerdict(input).verdict
            #expect(verdict.cause != .link, "\(input)")
            #expect(verdict.cause != .inbound || (input.isProvedHearing && !input.isSpeaking), "\(input)")
        }
    }

    @Test(
        "what was not sent and what is not believed never votes; all else does, unless the fault is ours: last words refute that"
    )
    func votes() {
        for input in Self.all {
            let isEvidence =
                input.recovery == .none && !input.isSpeaking && !input.isBeforeNextMessage
                && input.obstacle == nil
                && (!input.isInSilentCohort || input.hasEnded) && !input.isBackUnattested
                && (!input.isHeardByOthers || input.isLinkAsked || input.isProvedHearing)
            #expect(RankedVerdict(input).hasVote == isEvidence, "\(input)")
        }
    }

    @Test("weaker evidence never changes what stronger evidence decided")
    func ranks() {
        for input in Self.all {
            let decided = RankedVerdict(input)
            guard let rank = decided.rank, rank > .closedPort else { continue }
            var other = input
            other.hasClosedPort.toggle()
            other.hasWitness.toggle()
            other.news = .none
            #expect(RankedVerdict(other).verdict == decided.verdict, "\(input)")
        }
    }

    @Test("something is proved only by testimony")
    func proofs() {
        for input in Self.all where RankedVerdict(input).verdict.certainty == .proved {
            #expect(RankedVerdict(input).rank == .testimony)
        }
    }
}

extension VerdictInput {
    /// One combination of what is true or false.
    fileprivate init(bits: Int) {
        self.init()
        isInSilentCohort = bits & 1 > 0
        isSpeaking = bits & 2 > 0
        isHeardByOthers = bits & 4 > 0
        isProvedAlive = bits & 8 > 0
        isProvedHearing = bits & 16 > 0
        isMissedByOthers = bits & 32 > 0
        hasClosedPort = bits & 64 > 0
        hasWitness = bits & 128 > 0
        hasEnded = bits & 256 > 0
        isLinkAsked = bits & 512 == 0
        isBackUnattested = bits & 1_024 > 0
        isBeforeNextMessage = bits & 2_048 > 0
    }
}
