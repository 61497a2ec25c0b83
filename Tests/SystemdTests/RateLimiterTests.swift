import Testing

@testable import Systemd

@Suite("limiting notes of a kind")
struct RateLimiterTests {
    private enum Reason { case replay, garbage, stranger }

    private var limiter = RateLimiter<Reason>(burst: 2, interval: .seconds(10), capacity: 2)

    @Test("the burst passes, the rest is counted, and the next interval reports the count")
    mutating func burst() {
        #expect(limiter.admit(.replay, at: .zero) == .admitted(suppressed: 0))
        #expect(limiter.admit(.replay, at: .seconds(1)) == .admitted(suppressed: 0))
        #expect(limiter.admit(.replay, at: .seconds(2)) == .suppressed)
        #expect(limiter.admit(.replay, at: .seconds(9)) == .suppressed)
        #expect(limiter.admit(.replay, at: .seconds(10)) == .admitted(suppressed: 2))
        #expect(limiter.admit(.replay, at: .seconds(20)) == .admitted(suppressed: 0))
    }

    @Test("a flood of one kind does not silence another")
    mutating func independence() {
        for _ in 0..<100 { _ = limiter.admit(.replay, at: .zero) }
        #expect(limiter.admit(.garbage, at: .zero) == .admitted(suppressed: 0))
    }

    @Test("the end of a flood is reported though no further note comes, and only once")
    mutating func expiry() {
        for _ in 0..<5 { _ = limiter.admit(.replay, at: .zero) }
        _ = limiter.admit(.garbage, at: .zero)
        #expect(limiter.takeExpired(at: .milliseconds(9999)).isEmpty)
        let summary = RateLimiter<Reason>.Summary(kind: .replay, suppressed: 3)
        #expect(limiter.takeExpired(at: .seconds(10)) == [summary])
        #expect(limiter.takeExpired(at: .seconds(10)).isEmpty)
        #expect(limiter.admit(.replay, at: .seconds(10)) == .admitted(suppressed: 0))
    }

    @Test("more kinds than it remembers: the oldest is forgotten, and its count is not lost")
    mutating func capacity() {
        for _ in 0..<5 { _ = limiter.admit(.replay, at: .zero) }
        _ = limiter.admit(.garbage, at: .seconds(1))
        #expect(limiter.unreported == 0)
        #expect(limiter.admit(.stranger, at: .seconds(2)) == .admitted(suppressed: 0))
        #expect(limiter.unreported == 3)
        #expect(limiter.admit(.garbage, at: .seconds(3)) == .admitted(suppressed: 0))
        #expect(limiter.admit(.garbage, at: .seconds(4)) == .suppressed)
    }

    @Test("a clock that stands still limits too")
    mutating func still() {
        let admissions = (0..<4).map { _ in limiter.admit(.replay, at: .seconds(5)) }
        #expect(
            admissions == [
                .admitted(suppressed: 0), .admitted(suppressed: 0), .suppressed, .suppressed,
            ])
    }
}
