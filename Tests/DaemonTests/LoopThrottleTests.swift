import FailureDetection
import Testing

@testable import Daemon

@Suite("how often the loop turns")
struct LoopThrottleTests {
    private let start = Instant(nanoseconds: 5_000_000_000)

    @Test("a turn every other millisecond is never followed by a rest")
    func idle() {
        var pace = LoopThrottle()
        for turn in 0..<1_000 as Range<Int64> {
            #expect(pace.rest(after: start + .milliseconds(2) * turn) == .zero)
        }
    }

    @Test("a crowd of turns is served immediately, then there is one a millisecond")
    func busy() {
        var pace = LoopThrottle()
        var now = start
        var rests = 0
        for turn in 0..<1_000 {
            let rest = pace.rest(after: now)
            if turn < 30 { #expect(rest == .zero) }
            #expect(rest <= .milliseconds(1))
            rests += rest > .zero ? 1 : 0
            now = now + rest + .microseconds(100)
        }
        #expect(rests > 900)
        #expect(now - start < .milliseconds(1_100))
    }
}
