import Testing

@testable import FailureDetection

/// The pings to one peer.
@Suite("pings")
struct ProbeRoundTests {
    private let start = Instant(nanoseconds: 7_000_000_000)

    @Test(
        "while a ping of the round is waited for, a peer is asked aside: once until it answers, each 10 ms at most"
    )
    func aside() {
        var round = ProbeRound()
        func isAsking(after milliseconds: Int64) -> Bool {
            round.isAsking(at: start + .milliseconds(milliseconds))
        }
        // It may have come before the peer was up.
        round.sent(nonce: 1, at: start, timeout: .milliseconds(100))
        #expect(!isAsking(after: 1))
        round.sent(nonce: 2, at: start + .milliseconds(2), timeout: .milliseconds(100), use: .life)
        #expect(isAsking(after: 3) && isAsking(after: 101))
        #expect(!isAsking(after: 102))
        _ = round.answered(nonce: 2, at: start + .milliseconds(5))
        #expect(isAsking(after: 11))
        #expect(!isAsking(after: 12))
        #expect(round.attempts == 1 && round.deadline == start + .milliseconds(100))
    }
}
