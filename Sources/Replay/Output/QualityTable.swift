/// The rows of a table for people: how each detector did, a row a parameter.
package enum QualityTable {
    /// The titles of the columns.
    package static let columns = [
        "DETECTOR", "PARAMETER", "T_D MEAN", "P99", "MAX", "MISTAKES", "λ_M [1/s]", "T_M", "P_A",
    ]

    /// What the table is about.
    package static func title(_ trace: Trace) -> String {
        let lost = Double(trace.lostCount) / Double(max(trace.sentCount, 1)) * 100
        return "\(trace.name): \(trace.sentCount) heartbeats every "
            + "\(milliseconds(trace.interval / 1e9)), \(DecimalText.fixed(lost, digits: 1)) % lost, "
            + "mean delay \(milliseconds(trace.meanDelay / 1e9))"
            + (trace.shift == 0 ? "" : " over the fastest one (the two clocks are not related)")
    }

    /// One row; times in milliseconds.
    package static func row(
        _ form: DetectorForm, _ parameter: Double, _ quality: QualityOfService
    ) -> [String] {
        [
            form.rawValue, parameterText(form, parameter), milliseconds(quality.meanDetectionTime),
            milliseconds(quality.p99DetectionTime), milliseconds(quality.longestDetectionTime),
            "\(quality.mistakes)", DecimalText.significant(quality.mistakeRate, digits: 3),
            milliseconds(quality.meanMistakeDuration), DecimalText.fixed(quality.queryAccuracy, digits: 6),
        ]
    }

    /// One row of the clairvoyant bound, which has nothing but a detection time and mistakes.
    package static func row(_ point: ClairvoyantBound.Point) -> [String] {
        let time = milliseconds(point.detectionTime)
        return [
            "clairvoyant", "", time, time, time, "\(point.mistakes)",
            DecimalText.significant(point.mistakeRate, digits: 3), "", "",
        ]
    }

    private static func parameterText(_ form: DetectorForm, _ parameter: Double) -> String {
        form.unit == .seconds ? milliseconds(parameter) : DecimalText.significant(parameter, digits: 3)
    }

    private static func milliseconds(_ seconds: Double) -> String {
        "\(DecimalText.fixed(seconds * 1_000, digits: 1)) ms"
    }
}
