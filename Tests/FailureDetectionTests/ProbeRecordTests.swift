import Testing

@testable import FailureDetection

/// The pings to one peer.
@Suite("pings")
struct ProbeRecordTests {
    private let start = Instant(nanoseconds: 7_000_000_000)

    @Test(
        "while a ping of the round is waited for, a peer is asked aside: once until it answers, each 10 ms at most"
    )
    func aside() {
        var round = ProbeRecord()
        func isAsking(after milliseconds: Int64) -> Bool {
            round.isProvingFreshness(at: start + .milliseconds(milliseconds))
        }
        // It may have come before the peer was up.
        round.sent(nonce: 1, at: start, timeout: .milliseconds(100))
        #expect(!isAsking(after: 1))
        round.sent(nonce: 2, at: start + .milliseconds(2), timeout: .milliseconds(100), use: .freshness)
        #expect(isAsking(after: 3) && isAsking(after: 101))
        #expect(!isAsking(after: 102))
        _ = round.answered(nonce: 2, at: start + .milliseconds(5))
        #expect(isAsking(after: 11))
        #expect(!isAsking(after: 12))
        #expect(round.attempts == 1 && round.deadline == start + .milliseconds(100))
    }

    @Test("a ping that others were to follow is waited for like a last one when it has become the last")
    func last() {
        var round = ProbeRecord()
        round.waitForLast(.milliseconds(100))
        #expect(!round.isActive)
        round.sent(nonce: 1, at: start, timeout: .milliseconds(100), next: .milliseconds(10))
        round.waitForLast(.milliseconds(100))
        #expect(round.deadline == start + .milliseconds(100))
        round.waitForLast(.milliseconds(50))
        #expect(round.deadline == start + .milliseconds(100))
    }

    @Test("a round that begins anew, or continues, has no more pings that never left than pings")
    func unsentOfNone() {
        var round = ProbeRecord()
        round.skip(at: start, next: .milliseconds(100), use: .round)
        round.skip(at: start + .milliseconds(100), next: .milliseconds(100), use: .round)
        #expect(round.attempts == 2 && round.unsent == 2)
        round.prolong(by: 2, of: 3, at: start + .milliseconds(150))
        #expect(round.attempts == 1 && round.unsent == 1)
        round.restart(at: start + .milliseconds(200))
        #expect(round.attempts == 0 && round.unsent == 0)
        round.sent(nonce: 1, at: start + .milliseconds(200), timeout: .milliseconds(100))
        round.retryUnsent()
        #expect(round.attempts == 1)
        round.end()
        round.sent(nonce: 2, at: start + .milliseconds(200), timeout: .milliseconds(100))
        round.noteUnsent(at: start + .milliseconds(200))
        #expect(
            round.attempts == 1 && round.unsent == 1, "the ping of the round before is of the same instant")
    }
}
