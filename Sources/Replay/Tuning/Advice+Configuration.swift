extension Advice {
    /// The lines to paste into a configuration, with what to expect of them as comments.
    ///
    /// Where the pings of the daemon's usual mode fit into the time, the setting is for that mode, and no slower than its
    /// defaults unless that makes fewer mistakes.
    package func configuration(for trace: Trace) -> String {
        guard let pinged else {
            return """
                [detection]
                \(expectation(recommended.quality, on: trace))
                # The pings of the usual mode do not fit into this time, so heartbeats alone have to do.
                mode = "heartbeat"
                \(Self.settings(recommended).joined(separator: "\n"))

                """ + alternative()
        }
        let remark =
            pinged.isUsual
            ? "# The default margin: a longer one makes no fewer mistakes on this trace, and only takes longer."
            : "# Longer than the default of \(Self.milliseconds(pinged.usualMargin))ms, because that makes fewer mistakes."
        return """
            [detection]
            \(expectation(pinged.accuracy, detection: pinged.detection, on: trace))
            # Heartbeats confirmed by pings, which take \(Self.span(pinged.round)) of this; a mistake takes an outage of two heartbeats.
            heartbeat_interval = "\(Self.milliseconds(trace.interval / 1e9))ms"
            detector = "median"
            \(remark)
            margin = "\(Self.milliseconds(pinged.margin))ms"

            # With heartbeats alone, the best detector:
            #mode = "heartbeat"
            \(Self.settings(recommended).map { "#" + $0 }.joined(separator: "\n"))

            """ + alternative()
    }

    private static func settings(_ candidate: Candidate) -> [String] {
        [
            "heartbeat_interval = \"\(milliseconds(candidate.interval))ms\"",
            "detector = \"\(candidate.setup.form.rawValue)\"", parameterLine(candidate.setup),
        ]
    }

    /// The setting with fewer heartbeats, commented out.
    private func alternative() -> String {
        guard let sparser else { return "" }
        return "# With fewer heartbeats, and no worse as far as this trace shows:\n"
            + Self.settings(sparser).map { "#" + $0 + "\n" }.joined()
    }

    /// The line that sets a detector's parameter.
    private static func parameterLine(_ setup: Replay.Setup) -> String {
        switch setup.form.unit {
        case .seconds:
            "\(setup.form == .fixed ? "timeout" : "margin") = \"\(milliseconds(setup.parameter))ms\""
        case .level, .deviations: "threshold = \(DecimalText.fixed(setup.parameter, digits: 2))"
        }
    }

    private func expectation(
        _ quality: QualityOfService, detection: QualityOfService? = nil, on trace: Trace
    ) -> String {
        let time = detection ?? quality
        return """
            # From \(trace.fresh.count) heartbeats of \(trace.name), without its warm-up, \
            over \(Self.span(quality.duration)):
            #   detection time \(Self.span(time.meanDetectionTime)) mean, \
            \(Self.span(time.p99DetectionTime)) at the 99th percentile
            #   \(mistakes(quality))
            #   with heartbeats alone, at \(Self.span(detectionTime)) no detector would do better than \(Self.rate(bound))
            """
    }

    private func mistakes(_ quality: QualityOfService) -> String {
        guard quality.mistakes > 0 else {
            let longest = Self.span(quality.duration)
            return "no mistake in \(longest); expect no better than one in a third of that"
        }
        return "\(Self.rate(quality.mistakeRate)), each for \(Self.span(quality.meanMistakeDuration)); "
            + "P_A \(DecimalText.fixed(quality.queryAccuracy, digits: 6))"
    }

    private static func rate(_ perSecond: Double) -> String {
        perSecond > 0 ? "one mistake in \(span(1 / perSecond))" : "no mistake"
    }

    /// A time for people: milliseconds below a second or two, else seconds, minutes or hours.
    private static func span(_ seconds: Double) -> String {
        switch seconds {
        case ..<2: "\(milliseconds(seconds)) ms"
        case ..<120: "\(DecimalText.fixed(seconds, digits: 1)) s"
        case ..<7_200: "\(DecimalText.fixed(seconds / 60, digits: 1)) min"
        default: "\(DecimalText.fixed(seconds / 3_600, digits: 1)) h"
        }
    }

    private static func milliseconds(_ seconds: Double) -> String {
        DecimalText.fixed(seconds * 1_000, digits: 0)
    }
}
