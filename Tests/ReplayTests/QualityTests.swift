import FailureDetection
import TestSupport
import Testing

@testable import Replay

@Suite("quality of service")
struct QualityTests {
    @Test("a heartbeat that arrives exactly at the deadline is in time, a nanosecond later it is not")
    func boundary() throws {
        let trace = Generated.trace(500) { _ in 0 }
        #expect(try trace.quality(.fixed, 0.1).mistakes == 0)
        #expect(try trace.quality(.fixed, 0.099_999_999).mistakes == 449)
    }

    @Test("a deadline that has passed before its heartbeat came continues with the suspicion")
    func late() throws {
        // From heartbeat 300 on four in a row are a second late, and arrive a tenth of a second apart.
        let trace = Generated.trace(600) { (300..<304).contains($0) ? 1_000_000_000 : 0 }
        // Overtaken ones are not fresh: 299, then 304 half a second later.
        #expect(trace.fresh.count == 596)
        let quality = try trace.quality(.nfds, 0.05)
        #expect(quality.mistakes == 1)
        #expect(abs(quality.suspectedTime - 0.35) < 1e-9)
    }

    @Test(
        "the figures are those of a clock that ticks every millisecond and checks",
        arguments: 1...4 as ClosedRange<UInt64>)
    func bruteForce(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let trace = Generated.trace(400, interval: 50_000_000) { _ in
            // No two arrive at one instant: those would be checked only once here.
            Double.random(in: 0..<1, using: &generator) < 0.2
                ? nil : Int64.random(in: 5...60, using: &generator) * 1_000_000 + 500_000
        }
        let distinct = zip(trace.fresh, trace.fresh.dropFirst()).allSatisfy { $0.arrived < $1.arrived }
        try #require(distinct)
        for form in [DetectorForm.fixed, .median] {
            let replay = Replay(trace, try Replay.Setup(form, parameter: form == .fixed ? 0.08 : 0.013))
            let quality = try QualityOfService(of: replay, of: trace)
            let measured = replay.deadlines[min(1_000, replay.deadlines.count / 10)...]
            var mistakes = 0
            var suspected = 0
            var wasSuspected = false
            for (set, next) in zip(measured, measured.dropFirst()) {
                for time in stride(from: set.arrived, to: next.arrived, by: 16_000_000) {
                    let isSuspected = time >= set.deadline
                    if isSuspected, !wasSuspected { mistakes += 1 }
                    suspected += isSuspected ? 1 : 0
                    wasSuspected = isSuspected
                }
            }
            #expect(quality.mistakes == mistakes)
            #expect(abs(quality.suspectedTime - Double(suspected) / 1_000) < 0.001 * Double(mistakes + 1))
        }
    }

    @Test("the first tenth warms up, a thousand heartbeats at the most")
    func warmUp() throws {
        // 37 is the first that is measured; 38 is the last that is lost.
        let short = try Generated.trace(200) { $0 < 40 && $0.isMultiple(of: 2) ? nil : 0 }.quality(
            .fixed, 0.15)
        #expect(short.mistakes == 1 && abs(short.duration - 16.2) < 1e-9)
        let long = try Generated.trace(20_000) { $0 < 990 && $0.isMultiple(of: 2) ? nil : 0 }.quality(
            .fixed, 0.15)
        #expect(long.mistakes == 0)
    }

    @Test("percentiles are interpolated between neighbours")
    func percentile() throws {
        // 100 detection times after a warm-up of 11: 0.1 … 10.0 s.
        let trace = Generated.trace(111) { $0 < 11 ? 0 : Int64($0 - 10) * 100_000_000 }
        let quality = try trace.quality(.fixed, 0)
        #expect(trace.fresh.count == 111)
        #expect(abs(quality.p99DetectionTime - 9.901) < 1e-9)
        #expect(abs(quality.meanDetectionTime - 5.05) < 1e-9 && abs(quality.longestDetectionTime - 10) < 1e-9)
    }

    @Test("heartbeats too few to judge are an error that says so")
    func tooFew() throws {
        let trace = Generated.trace(1) { _ in 0 }
        #expect(throws: ReplayError.tooFewHeartbeats(trace: "generated", count: 1)) {
            try trace.quality(.fixed, 1)
        }
    }

    @Test("parameters that make no sense are refused", arguments: DetectorForm.allCases)
    func parameters(form: DetectorForm) {
        for parameter in [.nan, .infinity, -.infinity, 1e300] as [Double] {
            #expect(throws: ReplayError.self) { try Replay.Setup(form, parameter: parameter) }
        }
        if form.unit != .seconds {
            #expect(throws: ReplayError.self) { try Replay.Setup(form, parameter: -1) }
        }
    }

    @Test("every detector has a name that finds it, and so have the aliases")
    func names() {
        for form in DetectorForm.allCases { #expect(DetectorForm(name: form.rawValue) == form) }
        #expect(DetectorForm(name: "chenmed") == .median && DetectorForm(name: "chents") == .chen)
        #expect(DetectorForm(name: "2wts") == .twoWindow && DetectorForm(name: "ed") == .exponential)
        #expect(DetectorForm(name: "") == nil)
        #expect(DetectorForm.configurable.count == 7)
    }
}
