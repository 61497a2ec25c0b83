import FailureDetection
import Glibc
import Testing

@testable import Replay

/// What the configuration procedure promises, held against simulated links.
@Suite("planned settings on a link that loses in bursts")
struct PlannedPromiseTests {
    private let target = QualityTarget(
        detectionTime: .seconds(3), mistakeRecurrence: .seconds(600), mistakeDuration: .seconds(60))

    private func plan(_ loss: LossModel) throws -> DetectionPlan {
        let path = PathQuality(loss: loss, delayDeviation: .milliseconds(1))
        let planning = ConfigurationProcedure().plan(for: target, on: path)
        guard case .feasible(let plan) = planning else {
            Issue.record("\(planning)")
            return try #require(nil as DetectionPlan?)
        }
        return plan
    }

    /// Seconds between mistakes when the link is as bursty at `interval` as the model says.
    private func recurrence(_ plan: DetectionPlan, persistence: Double) throws -> Double {
        let interval = plan.interval.nanoseconds
        let trace = Generated.bursty(
            60_000, interval: interval, rate: 0.04, persistence: persistence, seed: 21)
        let quality = try trace.quality(.chen, Double(plan.margin.nanoseconds) / 1e9)
        return quality.duration / Double(max(quality.mistakes, 1))
    }

    @Test("the plan that knows of the bursts keeps its promise, the one that does not breaks it")
    func bursts() throws {
        let measured = LossModel(rate: 0.04, persistence: 0.8, interval: .milliseconds(100))
        let aware = try plan(measured)
        // The same chain, seen at the planned interval.
        let correlation = (0.8 - 0.04) / (1 - 0.04)
        func persistence(_ plan: DetectionPlan) -> Double {
            let steps = Double(plan.interval.nanoseconds) / 100e6
            return 0.04 + 0.96 * pow(correlation, steps)
        }
        #expect(try recurrence(aware, persistence: persistence(aware)) >= 600)
        let unaware = try plan(LossModel(independent: 0.04))
        #expect(unaware.interval > aware.interval)
        #expect(try recurrence(unaware, persistence: persistence(unaware)) < 600)
    }
}
