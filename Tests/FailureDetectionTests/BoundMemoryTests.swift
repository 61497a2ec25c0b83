import CausalClock
import Testing

@testable import FailureDetection

@Suite("what a bound remembers of the path")
struct BoundMemoryTests {
    /// The bounds of the detection time at b, by tick.
    private final class Bounds: @unchecked Sendable {
        private var bounds: [Int: TimeSpan] = [:]

        func take(_ monitor: Monitor, at column: Int, _ now: Instant) {
            bounds[column] = monitor.detectionTimeBound(ofPeer: 0, at: now)
        }

        subscript(column: Int) -> TimeSpan { bounds[column] ?? .zero }
    }

    @Test("one message that was under way for 60 ms lengthens the bound for seconds, and not indefinitely")
    func slowest() {
        let bounds = Bounds()
        let columns = [15, 266, 996]
        let actions = columns.map { column in
            (column, { (monitor: inout Monitor, now: Instant) in bounds.take(monitor, at: column, now) })
        }
        let quiet = String(repeating: "h.........", count: 97)
        timeline(
            [peer("b")],
            """
            b <  h.........h.........g.....G...\(quiet)
            b !  T.....................P
            """, actions: Dictionary(uniqueKeysWithValues: actions))
        #expect(bounds[15] > .zero)
        #expect(bounds[266] >= bounds[15] + .milliseconds(60))
        #expect(bounds[996] <= bounds[15] + .milliseconds(5))
    }

    @Test("the longest span is remembered for one to two times the memory")
    func maximum() {
        var maximum = RecentMaximum()
        let start = Instant(nanoseconds: 0)
        maximum.note(.milliseconds(60), at: start, memory: .seconds(4))
        let values = [1, 3, 5, 9].map { (second: Int64) in
            maximum.note(.milliseconds(1), at: start + .seconds(second), memory: .seconds(4))
            return maximum.value
        }
        #expect(values == [.milliseconds(60), .milliseconds(60), .milliseconds(60), .milliseconds(1)])
    }
}
