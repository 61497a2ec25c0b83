import Glibc
import TestSupport
import Testing

@testable import Replay

/// Detectors against what can be computed with pen and paper.
@Suite("closed forms")
struct AnalyticTests {
    private static let anchored: [DetectorForm] = [
        .median, .chen, .twoWindow, .chen100, .chen1000, .nominalTwoWindow,
    ]

    @Test("constant delay: the detection time is delay, interval and margin, exactly", arguments: anchored)
    func constantDelay(form: DetectorForm) throws {
        let quality = try Generated.trace(3_000) { _ in 20_000_000 }.quality(form, 0.05)
        #expect(quality.meanDetectionTime == 0.17)
        #expect(quality.p99DetectionTime == 0.17 && quality.longestDetectionTime == 0.17)
        #expect(quality.mistakes == 0 && quality.suspectedTime == 0 && quality.queryAccuracy == 1)
        #expect(quality.duration == 269.9)
    }

    @Test("constant delay: a fixed timeout detects after delay and timeout, NFD-S after interval and shift")
    func constantDelayElsewhere() throws {
        let trace = Generated.trace(1_000) { _ in 20_000_000 }
        #expect(try trace.quality(.fixed, 0.25).meanDetectionTime == 0.27)
        #expect(try trace.quality(.nfds, 0.25).meanDetectionTime == 0.35)
        #expect(try trace.quality(.nfds, 0.02).mistakes == 0)
        #expect(try trace.quality(.nfds, 0.0199).mistakes == 899)
    }

    @Test(
        "pure loss: λ_M = (1 − q) q^m / I, and T_M is what is left of the gap",
        arguments: [DetectorForm.fixed, .chen, .median], [1, 2])
    func pureLoss(form: DetectorForm, tolerated: Int) throws {
        let loss = 0.2
        let interval = 0.1
        var generator = SeededGenerator(seed: 11)
        let trace = Generated.trace(60_000) { _ in
            Double.random(in: 0..<1, using: &generator) < loss ? nil : 20_000_000
        }
        // A deadline in the middle after the last heartbeat whose loss is tolerated.
        let timeout = (Double(tolerated) + 0.5) * interval
        let quality = try trace.quality(form, form == .fixed ? timeout : timeout - interval)
        let m = Double(tolerated)
        let rate = (1 - loss) * pow(loss, m) / interval
        let duration = (m + 1 + loss / (1 - loss)) * interval - timeout
        #expect(abs(quality.mistakeRate / rate - 1) < 0.06)
        #expect(abs(quality.meanMistakeDuration / duration - 1) < 0.04)
        #expect(abs((1 - quality.queryAccuracy) / (rate * duration) - 1) < 0.07)
    }

    @Test("pure loss: every run of losses that is too long is one mistake, counted exactly")
    func lossRuns() throws {
        var generator = SeededGenerator(seed: 12)
        let trace = Generated.trace(20_000) { _ in
            Double.random(in: 0..<1, using: &generator) < 0.3 ? nil : 5_000_000
        }
        let measured = trace.fresh[min(1_000, trace.fresh.count / 10)...]
        let runs = zip(measured, measured.dropFirst()).map { $1.number - $0.number - 1 }
        for tolerated in 0...4 as ClosedRange<Int64> {
            let quality = try trace.quality(.fixed, (Double(tolerated) + 1.5) * 0.1)
            #expect(quality.mistakes == runs.count { $0 > tolerated })
        }
    }

    /// λ_M, T_M and P_A of NFD-S for exponential delays (Chen, Toueg and Aguilera, section 4).
    private func closedForm(
        loss: Double, delay: Double, interval: Double, shift: Double
    ) -> (rate: Double, duration: Double, accuracy: Double) {
        func late(_ x: Double) -> Double { x <= 0 ? 1 : exp(-x / delay) }
        func u(_ x: Double) -> Double {
            (0...Int((shift / interval).rounded(.up))).reduce(1) { product, j in
                product * (loss + (1 - loss) * late(shift + x - Double(j) * interval))
            }
        }
        let mistake = (1 - loss) * (1 - late(shift + interval)) * u(0)
        let steps = 20_000
        let integral = (0..<steps).reduce(0.0) { sum, step in
            sum + u((Double(step) + 0.5) / Double(steps) * interval) * interval / Double(steps)
        }
        return (mistake / interval, integral / mistake, 1 - integral / interval)
    }

    @Test(
        "exponential delay and loss: NFD-S as its analysis says, NFD-E the same with its margin α = δ − E(D)",
        arguments: [DetectorForm.nfds, .chen, .chen1000])
    func exponentialDelay(form: DetectorForm) throws {
        var generator = SeededGenerator(seed: 13)
        let trace = Generated.trace(60_000) { _ in
            Double.random(in: 0..<1, using: &generator) < 0.05
                ? nil : Int64(generator.exponential(mean: 20_000_000))
        }
        let expected = closedForm(loss: 0.05, delay: 0.02, interval: 0.1, shift: 0.05)
        let quality = try trace.quality(form, form == .nfds ? 0.05 : 0.03)
        #expect(abs(quality.mistakeRate / expected.rate - 1) < 0.05)
        #expect(abs(quality.meanMistakeDuration / expected.duration - 1) < 0.05)
        #expect(abs((1 - quality.queryAccuracy) / (1 - expected.accuracy) - 1) < 0.06)
    }

    @Test("renewal arrivals: φ suspects wrongly once in 10^Φ normal intervals", arguments: [0.5, 1, 1.5, 2])
    func normalRenewal(level: Double) throws {
        var generator = SeededGenerator(seed: 14)
        let trace = Generated.renewal(60_000) { generator.normal(mean: 100e6, deviation: 15e6) }
        let quality = try trace.quality(.phi, level)
        let expected = pow(10, -level) * 59_000
        #expect(abs(Double(quality.mistakes) - expected) < 5 * expected.squareRoot())
    }

    @Test(
        "renewal arrivals: ED suspects wrongly once in 10^Φ exponential intervals",
        arguments: [0.5, 1, 1.5, 2])
    func exponentialRenewal(level: Double) throws {
        var generator = SeededGenerator(seed: 15)
        let trace = Generated.renewal(60_000) { generator.exponential(mean: 100e6) }
        let quality = try trace.quality(.exponential, level)
        let expected = pow(10, -level) * 59_000
        #expect(abs(Double(quality.mistakes) - expected) < 5 * expected.squareRoot())
    }
}
