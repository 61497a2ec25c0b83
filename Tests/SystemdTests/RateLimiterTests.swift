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

    @Test("a kind that is forgotten says how many were held back, and only once")
    mutating func forgetting() {
        for _ in 0..<5 { _ = limiter.admit(.replay, at: .zero) }
        #expect(limiter.forget(.garbage) == 0)
        #expect(limiter.forget(.replay) == 3)
        #expect(limiter.forget(.replay) == 0)
        #expect(limiter.admit(.replay, at: .seconds(1)) == .admitted(suppressed: 0))
    }

    @Test("more kinds than it remembers: the oldest is forgotten")
    mutating func capacity() {
        for _ in 0..<5 { _ = limiter.admit(.replay, at: .zero) }
        _ = limiter.admit(.garbage, at: .seconds(1))
        #expect(limiter.admit(.stranger, at: .seconds(2)) == .admitted(suppressed: 0))
        #expect(limiter.forget(.replay) == 0)
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
