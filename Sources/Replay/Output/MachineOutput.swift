/// What other programs read: its names are a contract.
package enum MachineOutput {
    /// The header of `deadlines(of:on:)`.
    package static let deadlineColumns = "trace,detector,param,k,seq,send_s,recv_s,tau_s"

    /// The quality of service of a replay, as one JSON object on one line.
    ///
    /// Numbers have all digits of a double; T_M is 0 without mistakes.
    package static func json(_ setup: Replay.Setup, _ quality: QualityOfService) -> String {
        json(setup.form, Sweep.Point(parameter: setup.parameter, quality: quality))
    }

    /// A point of a sweep, in the same form.
    package static func json(_ form: DetectorForm, _ point: Sweep.Point) -> String {
        let quality = point.quality
        let fields = [
            ("detector", "\"\(form.rawValue)\""), ("parameter", number(point.parameter)),
            ("td_mean_s", number(quality.meanDetectionTime)), ("td_p99_s", number(quality.p99DetectionTime)),
            ("td_max_s", number(quality.longestDetectionTime)), ("mistakes", "\(quality.mistakes)"),
            ("lambda_per_s", number(quality.mistakeRate)), ("tm_s", number(quality.meanMistakeDuration)),
            ("pa", number(quality.queryAccuracy)), ("duration_s", number(quality.duration)),
        ]
        return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    /// The deadlines of a replay, a line a heartbeat, in seconds on the clocks of the trace.
    ///
    /// The deadline has two digits more than the nanoseconds of the trace: it is a mean of many.
    package static func deadlines(of replay: Replay, on trace: Trace) -> [String] {
        let second = 1_000_000_000 * replay.scale.ticks
        let origin = DecimalOrigin(replay.origin, scale: replay.scale)
        return zip(replay.deadlines, trace.fresh).enumerated().map { index, pair in
            let (set, heartbeat) = pair
            return [
                trace.name, replay.setup.form.rawValue, "\(replay.setup.parameter)", "\(index)",
                "\(heartbeat.number)",
                DecimalText.quotient(heartbeat.sent, unit: 1_000_000_000, digits: 9),
                DecimalText.quotient(heartbeat.arrived, unit: 1_000_000_000, digits: 9),
                origin.text(set.deadline, unit: second),
            ].joined(separator: ",")
        }
    }

    private static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
}

/// Puts ticks since the origin of a replay back onto the clock of the trace.
private struct DecimalOrigin {
    private let ticks: Int128

    init(_ nanoseconds: Int64, scale: TimeScale) {
        ticks = Int128(nanoseconds) * Int128(scale.ticks)
    }

    func text(_ relative: Int64, unit: Int64) -> String {
        // The sum may need more than 64 bits in ticks, but no more in hundredths of nanoseconds, or it is never.
        let hundredths = (ticks + Int128(relative)) * 100_000_000_000 / Int128(unit)
        guard let value = Int64(exactly: hundredths) else { return "inf" }
        return DecimalText.quotient(value, unit: 100_000_000_000, digits: 11)
    }
}
