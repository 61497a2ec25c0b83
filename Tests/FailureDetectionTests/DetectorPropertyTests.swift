import TestSupport
import Testing

@testable import FailureDetection

/// What every detector keeps, whatever arrives.
@Suite("properties of all detectors")
struct DetectorPropertyTests {
    /// Made anew for each case, with a bound on how far the deadline may lie after the sending in calm times.
    private static let makers: [(name: String, make: @Sendable () -> any SuspicionDetector)] = [
        ("median", { MedianDetector(margin: .milliseconds(200)) }),
        ("chen", { ChenDetector(margin: .milliseconds(200)) }),
        ("two-window", { TwoWindowDetector(margin: .milliseconds(200)) }),
        ("phi", { PhiDetector(threshold: 8) }),
        ("exponential", { ExponentialDetector(threshold: 1) }),
        ("bertier", { BertierDetector(deviations: 4) }),
        ("fixed", { FixedDetector(timeout: .milliseconds(300)) }),
    ]
    private static let interval = TimeSpan.milliseconds(100)
    /// The window of every detector.
    private static let window: Int64 = 1_000

    private func heartbeat(_ beat: Int64, delay: TimeSpan = .milliseconds(20)) -> LifeSign {
        let sent = Instant(nanoseconds: 0) + Self.interval * beat
        return LifeSign(sent: sent, arrived: sent + delay)
    }

    @Test("no stamps, arrivals or intervals make one trap", arguments: 0..<7)
    func extremes(index: Int) {
        var generator = SeededGenerator(seed: UInt64(index))
        let edges: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max, 1 << 52, 1 << 62]
        var detector = Self.makers[index].make()
        for _ in 0..<20_000 {
            func any() -> Int64 {
                Bool.random(using: &generator)
                    ? edges.randomElement(using: &generator) ?? 0
                    : Int64.random(in: .min ... .max, using: &generator)
            }
            let sign = LifeSign(
                sent: Instant(nanoseconds: any()), arrived: Instant(nanoseconds: any()),
                scheduled: Instant(nanoseconds: any()))
            let interval = TimeSpan(nanoseconds: any())
            detector.record(sign, interval: interval)
            _ = detector.deadline(after: sign, interval: interval)
            guard let accrual = detector as? any AccrualDetector else { continue }
            let level = accrual.level(at: Instant(nanoseconds: any()), after: sign, interval: interval)
            #expect(level >= 0 && !level.isNaN)
        }
    }

    @Test(
        "one that has learnt nothing waits for longer than the interval: a peer in mode ping sends no heartbeats",
        arguments: 0..<7)
    func untaught(index: Int) {
        let sign = heartbeat(1)
        let deadline = Self.makers[index].make().deadline(after: sign, interval: Self.interval)
        #expect(deadline >= sign.arrived + Self.interval + .milliseconds(10), "\(Self.makers[index].name)")
    }

    @Test("identical and then ever shorter intervals have deadlines after their arrivals", arguments: 0..<7)
    func identical(index: Int) {
        var detector = Self.makers[index].make()
        for beat in 0..<2_000 as Range<Int64> {
            detector.record(heartbeat(beat), interval: Self.interval)
            let deadline = detector.deadline(after: heartbeat(beat), interval: Self.interval)
            #expect(deadline >= heartbeat(beat).arrived + Self.interval)
            #expect(deadline < heartbeat(beat).arrived + .seconds(1))
        }
        var arrived = heartbeat(2_000).arrived
        for step in 0..<100 as Range<Int64> {
            arrived = arrived + .milliseconds(100 - step)
            let sign = LifeSign(sent: arrived - .milliseconds(20), arrived: arrived)
            detector.record(sign, interval: Self.interval)
            #expect(detector.deadline(after: sign, interval: Self.interval) > arrived)
        }
    }

    @Test(
        "an outage of an hour neither widens the next deadlines without bound nor outlives the window",
        arguments: 0..<7)
    func outage(index: Int) {
        var detector = Self.makers[index].make()
        var calm = TimeSpan.zero
        for beat in 0..<1_500 as Range<Int64> {
            detector.record(heartbeat(beat), interval: Self.interval)
            calm =
                detector.deadline(after: heartbeat(beat), interval: Self.interval) - heartbeat(beat).arrived
        }
        for beat in 37_500..<(37_500 + Self.window + 1) {
            detector.record(heartbeat(beat), interval: Self.interval)
            let wait =
                detector.deadline(after: heartbeat(beat), interval: Self.interval) - heartbeat(beat).arrived
            #expect(
                wait <= calm + .milliseconds(400),
                "\(Self.makers[index].name), \(beat - 37_500) after the outage")
        }
        let last = heartbeat(37_500 + Self.window + 1)
        detector.record(last, interval: Self.interval)
        let wait = detector.deadline(after: last, interval: Self.interval) - last.arrived
        #expect(max(wait - calm, calm - wait) <= .microseconds(1))
    }

    @Test(
        "a stall that delivers a minute of heartbeats simultaneously is forgotten within the window",
        arguments: 0..<7)
    func stall(index: Int) {
        var detector = Self.makers[index].make()
        var calm = TimeSpan.zero
        var now = Instant(nanoseconds: 0)
        for beat in 0..<3_200 as Range<Int64> {
            // Heartbeats 1,500 to 2,099 all arrive together with the last of them.
            let delay = beat >= 1_500 && beat < 2_100 ? Self.interval * (2_099 - beat) : .zero
            let sign = heartbeat(beat, delay: .milliseconds(20) + delay)
            now = max(now, sign.arrived)
            detector.record(sign, interval: Self.interval)
            let wait = detector.deadline(after: sign, interval: Self.interval) - now
            if beat == 1_499 { calm = wait }
            if beat > 1_499 {
                #expect(wait <= calm + .milliseconds(2_100), "\(Self.makers[index].name) at \(beat)")
            }
            if beat == 3_199 { #expect(max(wait - calm, calm - wait) <= .milliseconds(1)) }
        }
    }

    @Test("a restart forgets everything", arguments: 0..<7)
    func reset(index: Int) {
        var detector = Self.makers[index].make()
        let fresh = detector
        for beat in 0..<50 as Range<Int64> {
            detector.record(heartbeat(beat, delay: .milliseconds(beat * beat)), interval: Self.interval)
        }
        detector.reset()
        for beat in 0..<5 as Range<Int64> {
            let sign = heartbeat(beat)
            var other = fresh
            for earlier in 0...beat { other.record(heartbeat(earlier), interval: Self.interval) }
            detector.record(sign, interval: Self.interval)
            #expect(
                detector.deadline(after: sign, interval: Self.interval)
                    == other.deadline(after: sign, interval: Self.interval))
        }
    }

    @Test(
        "phi that suspects one time in ten continues to suspect one time in ten: its window is not censored")
    func noSpiral() {
        var generator = SeededGenerator(seed: 5)
        var detector = PhiDetector(threshold: 1)
        var arrived = Instant(nanoseconds: 0)
        var deadline = Instant.never
        var mistakes = 0
        for _ in 0..<20_000 {
            // The sum of twelve uniform numbers is as good as normal; the deviation is 20 ms.
            let sum = (0..<12).reduce(0.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
            arrived = arrived + TimeSpan(rounding: 100e6 + (sum - 6) * 20e6)
            if deadline < arrived { mistakes += 1 }
            let sign = LifeSign(sent: arrived, arrived: arrived)
            detector.record(sign, interval: Self.interval)
            deadline = detector.deadline(after: sign, interval: Self.interval)
        }
        #expect((1_800...2_200).contains(mistakes), "\(mistakes) of 20,000")
    }
}
