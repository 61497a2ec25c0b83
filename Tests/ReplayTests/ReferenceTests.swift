import Testing

@testable import Replay

@Suite(
    "figures found by an independent implementation",
    .enabled(
        if: Reference.folder != nil,
        "no folder of reference traces: set SUSPECTD_REFERENCE to compare with one"))
struct ReferenceTests {
    @Test("every deadline of every detector, to a nanosecond")
    func deadlines() throws {
        let rows = try Reference.rows("golden_deadlines.csv")
        #expect(rows.count > 500)
        for (setup, rows) in try grouped(rows, detector: 1, parameter: 2) {
            let trace = try Reference.trace(rows[0][0])
            let replay = Replay(trace, setup, limit: rows.count)
            let tolerance = [.akka, .cassandra].contains(setup.form) ? 1e-6 : 1e-9
            for row in rows {
                let index = try #require(Int(row[3]))
                let expected = try #require(Double(row[7]))
                let found = Double(replay.deadlines[index].deadline) / (Double(replay.scale.ticks) * 1e9)
                #expect(
                    abs(found - expected) <= tolerance,
                    "\(setup.form.rawValue) \(setup.parameter), heartbeat \(index): \(found), not \(expected)"
                )
            }
        }
    }

    @Test("mistakes equal, times and rates to a millionth")
    func quality() throws {
        let rows = try Reference.rows("qos_expected.csv")
        #expect(rows.count > 100)
        for row in rows {
            let trace = try Reference.trace(row[0])
            let form = try #require(DetectorForm(name: row[1]), "no detector \(row[1])")
            let setup = try Replay.Setup(form, parameter: try #require(Double(row[2])))
            let quality = try QualityOfService(of: Replay(trace, setup), of: trace)
            #expect("\(quality.mistakes)" == row[6], "\(row)")
            let found = [
                quality.meanDetectionTime, quality.p99DetectionTime, quality.longestDetectionTime,
                quality.mistakeRate, quality.meanMistakeDuration, quality.queryAccuracy, quality.duration,
            ]
            for (value, column) in zip(found, [3, 4, 5, 7, 8, 9, 10]) {
                let expected = try #require(Double(row[column]))
                #expect(abs(value - expected) <= 1e-6 * abs(expected), "column \(column): \(value) in \(row)")
            }
        }
    }

    private func grouped(
        _ rows: [[String]], detector: Int, parameter: Int
    ) throws -> [(Replay.Setup, [[String]])] {
        var groups: [(Replay.Setup, [[String]])] = []
        for row in rows {
            let form = try #require(DetectorForm(name: row[detector]), "no detector \(row[detector])")
            let setup = try Replay.Setup(form, parameter: try #require(Double(row[parameter])))
            if groups.last?.0 == setup, groups.last?.1[0][0] == row[0] {
                groups[groups.count - 1].1.append(row)
            } else {
                groups.append((setup, [row]))
            }
        }
        return groups
    }
}
