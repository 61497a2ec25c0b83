import Testing

@testable import FailureDetection

@Suite("detectors: median and fixed")
struct DetectorTests {
    /// The sender's clock is ten seconds behind ours.
    private func sign(_ sent: Int64, delay: Int64) -> LifeSign {
        LifeSign(
            sent: Instant(nanoseconds: 0) + .milliseconds(sent),
            arrived: Instant(nanoseconds: 0) + .milliseconds(10_000 + sent + delay))
    }

    private func milliseconds(_ instant: Instant) -> Int64 { instant.nanoseconds / 1_000_000 }

    @Test("fixed: the timeout counts from the arrival, whatever was before")
    func fixed() {
        var detector = FixedDetector(timeout: .milliseconds(250))
        for beat in 0..<5 as Range<Int64> {
            let heartbeat = sign(beat * 100, delay: beat * 7)
            detector.record(heartbeat)
            let deadline = detector.deadline(after: heartbeat, interval: .milliseconds(100))
            #expect(milliseconds(deadline) == 10_000 + beat * 107 + 250)
        }
    }

    @Test("median: stamp, interval, median delay and margin, computed by hand")
    func median() {
        // Delay:           30, 10, 50, 20        their median so far:  30, 20, 30, 25
        let rows: [(delay: Int64, median: Int64)] = [(30, 30), (10, 20), (50, 30), (20, 25)]
        var detector = MedianDetector(margin: .milliseconds(40))
        for (beat, row) in rows.enumerated() {
            let sent = Int64(beat) * 100
            detector.record(sign(sent, delay: row.delay))
            let deadline = detector.deadline(
                after: sign(sent, delay: row.delay), interval: .milliseconds(100))
            #expect(milliseconds(deadline) == 10_000 + sent + 100 + row.median + 40)
        }
    }

    @Test("median: one heartbeat of a second's delay does not lengthen the next deadlines")
    func outlier() {
        var detector = MedianDetector(margin: .zero)
        for beat in 0..<10 as Range<Int64> {
            detector.record(sign(beat * 100, delay: beat == 5 ? 1_000 : 10))
        }
        let deadline = detector.deadline(after: sign(1_000, delay: 10), interval: .milliseconds(100))
        #expect(milliseconds(deadline) == 10_000 + 1_100 + 10)
    }

    @Test("median: its rise over the smallest recent delay is capped")
    func cap() {
        var detector = MedianDetector(margin: .zero, cap: .milliseconds(100))
        detector.record(sign(0, delay: 10))
        for beat in 1..<40 as Range<Int64> { detector.record(sign(beat * 100, delay: 700)) }
        #expect(detector.expectedDelay == .milliseconds(10_110))
    }

    @Test("median: a sender whose clock drifts is followed")
    func drift() throws {
        var detector = MedianDetector(margin: .zero)
        for beat in 0..<5_000 as Range<Int64> { detector.record(sign(beat * 100, delay: beat / 10)) }
        #expect(try #require(detector.expectedDelay) == .milliseconds(10_000 + 498))
    }

    @Test("median: a message that is no heartbeat gets a deadline before any heartbeat came")
    func withoutHeartbeat() {
        let detector = MedianDetector(margin: .milliseconds(5))
        let deadline = detector.deadline(after: sign(0, delay: 3), interval: .milliseconds(100))
        #expect(milliseconds(deadline) == 10_000 + 3 + 105)
    }
}
