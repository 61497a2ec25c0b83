import Testing

@testable import FailureDetection

/// The recurrences of RFC 6298, section 2, computed by hand.
@Suite("round trips and their timeout")
struct RoundTripTests {
    private let low = TimeSpan.milliseconds(20)
    private let high = TimeSpan.milliseconds(350)

    @Test("three samples give what the RFC gives")
    func vectors() {
        var estimator = RoundTripEstimator()
        // SRTT ← R, RTTVAR ← R/2
        estimator.record(.milliseconds(100))
        #expect(estimator.smoothed == .milliseconds(100) && estimator.variation == .milliseconds(50))
        #expect(estimator.timeout(atLeast: low, atMost: high) == .milliseconds(300))
        // RTTVAR ← ¾·50 + ¼·100 = 62.5;   SRTT ← ⅞·100 + ⅛·200 = 112.5;   112.5 + 4·62.5 = 362.5, which is too long
        estimator.record(.milliseconds(200))
        #expect(estimator.smoothed == .microseconds(112_500) && estimator.variation == .microseconds(62_500))
        #expect(estimator.timeout(atLeast: low, atMost: high) == high)
        // RTTVAR ← ¾·62.5 + ¼·52.5 = 60;   SRTT ← ⅞·112.5 + ⅛·60 = 105.9375
        estimator.record(.milliseconds(60))
        #expect(estimator.variation == .milliseconds(60))
        #expect(estimator.smoothed == TimeSpan(nanoseconds: 105_937_500))
        #expect(estimator.timeout(atLeast: low, atMost: high) == TimeSpan(nanoseconds: 345_937_500))
    }

    @Test("on a quiet path the timeout keeps 7 ms above the round trip")
    func granularity() {
        var estimator = RoundTripEstimator()
        for _ in 0..<200 { estimator.record(.milliseconds(50)) }
        #expect(estimator.timeout(atLeast: low, atMost: high) == .milliseconds(57))
    }

    @Test("a configuration that allows waits of less than 7 ms has them")
    func quickLink() {
        var estimator = RoundTripEstimator()
        for _ in 0..<200 { estimator.record(.microseconds(100)) }
        #expect(estimator.timeout(atLeast: .milliseconds(2), atMost: high) == .microseconds(2_100))
    }

    @Test("without a sample it is the lower bound and 10 ms, but never above the upper")
    func noSample() {
        var estimator = RoundTripEstimator()
        #expect(estimator.timeout(atLeast: low, atMost: high) == .milliseconds(30))
        #expect(estimator.timeout(atLeast: low, atMost: low) == low)
        estimator.record(.zero)
        #expect(estimator.timeout(atLeast: low, atMost: high) == low)
        estimator.reset()
        #expect(estimator.smoothed == nil)
    }

    @Test("samples of any length are tolerated")
    func extremes() {
        var estimator = RoundTripEstimator()
        for sample in [TimeSpan.maximum, .zero, .maximum, .maximum, .zero] { estimator.record(sample) }
        #expect(estimator.timeout(atLeast: low, atMost: high) == high)
    }

    @Test("how long a path takes is learnt in a silence too, what is usual there only when it is over")
    func suspected() {
        var watched = Peer(peer("b"), at: Instant(nanoseconds: 0))
        let start = Instant(nanoseconds: 1_000_000_000)
        watched.become(.trusted, at: start)
        watched.record(roundTrip: .milliseconds(5), endedAt: start)
        watched.become(.suspected, at: start)
        watched.record(roundTrip: .milliseconds(150), endedAt: start + .milliseconds(200))
        #expect(watched.delays.longest == .milliseconds(150))
        #expect(watched.roundTrip.smoothed == .milliseconds(5))
        watched.become(.trusted, at: start + .milliseconds(200))
        watched.endSilence(at: start + .milliseconds(200))
        watched.record(roundTrip: .milliseconds(160), endedAt: start + .milliseconds(300))
        #expect(watched.delays.longest == .milliseconds(160))
        #expect(watched.roundTrip.smoothed == .milliseconds(5))
    }

    @Test(
        "the longest is remembered for one to two times as long as asked, and for no longer after asking for less"
    )
    func longest() {
        var longest = RecentMaximum()
        let start = Instant(nanoseconds: 0)
        longest.note(.seconds(3), at: start, memory: .seconds(100))
        longest.note(.seconds(1), at: start + .seconds(50), memory: .seconds(100))
        #expect(longest.value == .seconds(3))
        longest.note(.seconds(1), at: start + .seconds(60), memory: .seconds(4))
        longest.note(.seconds(1), at: start + .seconds(64), memory: .seconds(4))
        #expect(longest.value == .seconds(3))
        longest.note(.seconds(1), at: start + .seconds(68), memory: .seconds(4))
        #expect(longest.value == .seconds(1))
    }
}
