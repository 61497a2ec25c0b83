internal import FailureDetection

/// One trace through one detector.
package struct Replay: Sendable {
    /// Which detector, with which parameter, and in which of its two guises.
    package struct Setup: Sendable, Hashable {
        /// The detector.
        package let form: DetectorForm
        /// Its parameter: seconds, or a number, as `DetectorForm.unit` says.
        package let parameter: Double
        /// Whether it runs as in the daemon, with its limits and on stamps, and not as it was published.
        package let isConfigured: Bool

        /// A detector with its parameter.
        /// - Throws: if the parameter is out of range, or the daemon has no such detector.
        package init(
            _ form: DetectorForm, parameter: Double, isConfigured: Bool = false
        ) throws(ReplayError) {
            guard form.accepts(parameter) else {
                throw .badParameter(form: form, parameter: parameter)
            }
            guard form.isConfigurable || !isConfigured else { throw .notConfigurable(form) }
            self.form = form
            self.parameter = parameter
            self.isConfigured = isConfigured
        }

        fileprivate func makeDetector() -> any TraceDetector {
            let configured = isConfigured ? form.makeConfigured(parameter) : nil
            return configured ?? form.makePublished(parameter, scale: scale)
        }

        fileprivate var scale: TimeScale { isConfigured ? .nanoseconds : .fine }
    }

    /// What was replayed.
    package let setup: Setup
    /// The unit of `deadlines`.
    package let scale: TimeScale
    /// For each fresh heartbeat, its sending, its arrival and the deadline that followed, in ticks from `origin`.
    package let deadlines: [SetDeadline]
    /// What stands for 0, in nanoseconds.
    package let origin: Int64

    /// Replays `trace`, as far as its first `limit` fresh heartbeats.
    package init(_ trace: Trace, _ setup: Setup, limit: Int = .max) {
        self.setup = setup
        scale = setup.scale
        origin = trace.fresh.first?.sent ?? 0
        deadlines = Self.deadlines(of: trace, setup, origin: origin, limit: limit)
    }

    private static func deadlines(
        of trace: Trace, _ setup: Setup, origin: Int64, limit: Int
    ) -> [SetDeadline] {
        let scale = setup.scale
        let firstNumber = trace.fresh.first?.number ?? 0
        let interval = scale.span(nanoseconds: trace.interval)
        var detector = setup.makeDetector()
        return trace.fresh.prefix(limit).map { heartbeat in
            let sent = Instant(nanoseconds: (heartbeat.sent - origin) * scale.ticks)
            let arrived = Instant(nanoseconds: (heartbeat.arrived - origin) * scale.ticks)
            let place = scale.span(nanoseconds: trace.interval * Double(heartbeat.number - firstNumber))
            let scheduled = setup.isConfigured ? sent : Instant(nanoseconds: 0) + place
            let deadline = detector.deadline(
                after: ReplayedHeartbeat(
                    sign: LifeSign(sent: sent, arrived: arrived, scheduled: scheduled), interval: interval))
            return SetDeadline(
                sent: sent.nanoseconds, arrived: arrived.nanoseconds, deadline: deadline.nanoseconds)
        }
    }
}

/// A fresh heartbeat and the deadline that its arrival set, in ticks from the origin of the replay.
package struct SetDeadline: Sendable, BitwiseCopyable, Hashable {
    /// When it was sent.
    package let sent: Int64
    /// When it arrived.
    package let arrived: Int64
    /// τ: from when on the sender is suspected.
    package let deadline: Int64

    /// T_D of a crash right after the sending, in ticks: 0 and more, saturated.
    var detectionTime: Int64 {
        max(0, (Instant(nanoseconds: deadline) - Instant(nanoseconds: sent)).nanoseconds)
    }
}
