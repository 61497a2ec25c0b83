import Testing

@testable import FailureDetection

@Suite("published detectors, computed by hand")
struct PublishedDetectorTests {
    /// A heartbeat a tenth of a second after the one before, its delay in milliseconds; our clock is 10 s ahead.
    private func sign(_ beat: Int64, delay: Int64) -> LifeSign {
        LifeSign(
            sent: Instant(nanoseconds: 0) + .milliseconds(beat * 100),
            arrived: Instant(nanoseconds: 0) + .milliseconds(10_000 + beat * 100 + delay))
    }

    private let interval = TimeSpan.milliseconds(100)

    private func deadlines(_ detector: some SuspicionDetector, delays: [Int64]) -> [Int64] {
        var detector = detector
        return delays.enumerated().map { beat, delay in
            let heartbeat = sign(Int64(beat), delay: delay)
            detector.record(heartbeat, interval: interval)
            let after = detector.deadline(after: heartbeat, interval: interval) - heartbeat.sent
            return (after - .seconds(10)).nanoseconds
        }
    }

    @Test("chen: stamp, interval, mean delay and margin")
    func chen() {
        // Means of the last two delays:  30, 20, 30, 35 ms.
        let found = deadlines(ChenDetector(margin: .milliseconds(40), window: 2), delays: [30, 10, 50, 20])
        #expect(found == [170, 160, 170, 175].map { $0 * 1_000_000 })
    }

    @Test("two-window: the later of the last delay and the mean delay")
    func twoWindow() {
        let found = deadlines(
            TwoWindowDetector(margin: .milliseconds(40), window: 2), delays: [30, 10, 50, 20])
        #expect(found == [170, 160, 190, 175].map { $0 * 1_000_000 })
    }

    @Test("bertier: the margin follows the errors, with gains of a tenth")
    func bertier() {
        // Second heartbeat: error 20 ms, delay 2 ms, var 2 ms, mean 40 ms.
        // Third: error 50 − 40 − 2 = 8 ms, delay 2.8 ms, var 2.6 ms, mean of the last two 50 ms.
        let found = deadlines(
            BertierDetector(deviations: 4, window: 2, minimumDeviation: .zero), delays: [30, 50, 50])
        #expect(found == [130_000_000, 150_000_000, 163_200_000])
    }

    @Test(
        "phi: arrival, mean interval, and z deviations; before any interval, the announced one and a quarter of it"
    )
    func phi() {
        let detector = PhiDetector(threshold: 2, minimumDeviation: .zero)
        let z = 2.326347874040841
        // Intervals of 120 and 80 ms: mean 100 ms, deviation 20 ms.
        let found = deadlines(detector, delays: [30, 50, 30])
        #expect(found[0] == 130_000_000 + Int64((z * 25e6).rounded()))
        #expect(found[1] == 50_000_000 + 120_000_000)
        #expect(found[2] == 130_000_000 + Int64((z * 20e6).rounded()))
    }

    @Test("phi: a link without jitter has the least deviation, not none")
    func minimumDeviation() {
        let detector = PhiDetector(threshold: 2, minimumDeviation: .milliseconds(10))
        let found = deadlines(detector, delays: [30, 30, 30])
        #expect(found[2] == 130_000_000 + 23_263_479)
    }

    @Test("exponential: 2.303 mean intervals a level")
    func exponential() {
        let found = deadlines(ExponentialDetector(threshold: 3), delays: [30, 60, 30])
        #expect(found[0] == 30_000_000 + 690_775_528)
        #expect(found[1] == 60_000_000 + 898_008_186)
        #expect(found[2] == 30_000_000 + 690_775_528)
    }

    @Test("a sender that is retuned is expected at its new interval immediately")
    func retuned() {
        var phi = PhiDetector(threshold: 2, minimumDeviation: .milliseconds(10))
        var exponential = ExponentialDetector(threshold: 1)
        for beat in 0..<100 as Range<Int64> {
            phi.record(sign(beat, delay: 5), interval: interval)
            exponential.record(sign(beat, delay: 5), interval: interval)
        }
        let slower = TimeSpan.seconds(1)
        let last = sign(99, delay: 5)
        #expect(
            phi.deadline(after: last, interval: slower) - last.arrived == slower
                + TimeSpan(rounding: 23_263_478.74))
        #expect(
            (exponential.deadline(after: last, interval: slower) - last.arrived).nanoseconds == 2_302_585_093)
    }

    @Test("numbered heartbeats are judged by their timetable, by the published form")
    func timetable() {
        var detector = BertierDetector(deviations: 4, minimumDeviation: .zero)
        var late = sign(0, delay: 0)
        detector.record(late)
        late = LifeSign(
            sent: late.sent + .milliseconds(150), arrived: late.arrived + .milliseconds(150),
            scheduled: late.sent + interval)
        detector.record(late)
        // Fifty milliseconds late on its timetable: mean 25, delay 5, var 5.
        let expected = late.scheduled + interval + .seconds(10) + .milliseconds(25 + 5 + 20)
        #expect(detector.deadline(after: late, interval: interval) == expected)
    }
}
