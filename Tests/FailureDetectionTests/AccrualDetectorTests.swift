import TestSupport
import Testing

@testable import FailureDetection

@Suite("levels of suspicion")
struct AccrualDetectorTests {
    private static let interval = TimeSpan.milliseconds(100)
    private static let detectors: [any AccrualDetector] = [
        PhiDetector(threshold: 8), ExponentialDetector(threshold: 8),
    ]

    private func trained(_ detector: some AccrualDetector) -> (detector: any AccrualDetector, last: LifeSign)
    {
        var generator = SeededGenerator(seed: 7)
        var detector = detector
        var last = LifeSign(sent: Instant(nanoseconds: 0), arrived: Instant(nanoseconds: 0))
        for beat in 1...500 as ClosedRange<Int64> {
            let sent = Instant(nanoseconds: 0) + Self.interval * beat
            let jitter = TimeSpan.microseconds(Int64.random(in: 0...20_000, using: &generator))
            last = LifeSign(sent: sent, arrived: sent + .milliseconds(20) + jitter)
            detector.record(last, interval: Self.interval)
        }
        return (detector, last)
    }

    @Test(
        "a heartbeat more, soon after the first, does not say that the next is due sooner than announced",
        arguments: [0, 1])
    func oneMore(index: Int) {
        var detector: any AccrualDetector =
            index == 0 ? PhiDetector(threshold: 1) : ExponentialDetector(threshold: 1)
        var last = LifeSign(sent: Instant(nanoseconds: 0), arrived: Instant(nanoseconds: 0))
        detector.record(last, interval: Self.interval)
        last = LifeSign(sent: last.sent + .milliseconds(6), arrived: last.arrived + .milliseconds(6))
        detector.record(last, interval: Self.interval)
        #expect(detector.deadline(after: last, interval: Self.interval) >= last.arrived + Self.interval)
    }

    @Test("at the deadline the level is the threshold", arguments: [0, 1])
    func threshold(index: Int) {
        let (detector, last) = trained(Self.detectors[index])
        let deadline = detector.deadline(after: last, interval: Self.interval)
        #expect(abs(detector.level(at: deadline, after: last, interval: Self.interval) - 8) < 1e-5)
    }

    @Test("a consumer's own level has its own deadline", arguments: [0, 1])
    func ownLevel(index: Int) {
        let (detector, last) = trained(Self.detectors[index])
        var previous = last.arrived
        for level in [0.5, 1, 3, 8, 12, 40, 300] {
            let deadline = detector.deadline(after: last, interval: Self.interval, level: level)
            let found = detector.level(at: deadline, after: last, interval: Self.interval)
            #expect(abs(found - level) < 1e-5 * level)
            #expect(deadline > previous)
            previous = deadline
        }
    }

    @Test("the level never falls while the silence lasts, and has no end", arguments: [0, 1])
    func growing(index: Int) {
        let (detector, last) = trained(Self.detectors[index])
        var previous = 0.0
        for step in 0..<600 as Range<Int64> {
            let now = last.arrived + .milliseconds(step * 50)
            let level = detector.level(at: now, after: last, interval: Self.interval)
            #expect(level >= previous && level.isFinite)
            previous = level
        }
        #expect(previous > 100)
    }

    @Test(
        "thresholds that make no sense are brought into range",
        arguments: [-1, 0, .infinity, .nan, 1e300] as [Double])
    func nonsense(threshold: Double) {
        for detector in [PhiDetector(threshold: threshold), ExponentialDetector(threshold: threshold)]
            as [any AccrualDetector]
        {
            let (detector, last) = trained(detector)
            #expect(detector.threshold >= 0.01 && detector.threshold <= 1_000)
            #expect(detector.deadline(after: last, interval: Self.interval) > last.arrived)
        }
    }
}
