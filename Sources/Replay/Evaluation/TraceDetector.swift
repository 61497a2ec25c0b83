package import FailureDetection

/// A fresh heartbeat of a trace, in the terms of the detectors.
package struct ReplayedHeartbeat: Sendable, BitwiseCopyable {
    /// Stamp, arrival, and its position in the timetable of the nominal interval.
    package let sign: LifeSign
    /// The nominal interval.
    package let interval: TimeSpan

    /// A heartbeat as a detector sees it.
    package init(sign: LifeSign, interval: TimeSpan) {
        self.sign = sign
        self.interval = interval
    }
}

/// What turns the heartbeats of a trace into deadlines: a detector of the daemon, or a form of the literature.
package protocol TraceDetector: Sendable {
    /// Learns from the next fresh heartbeat and sets the deadline that follows from it.
    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant
}

/// A detector of the daemon, fed by a trace.
struct LiveDetector<Detector: SuspicionDetector>: TraceDetector {
    private var detector: Detector

    init(_ detector: Detector) { self.detector = detector }

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        detector.record(heartbeat.sign, interval: heartbeat.interval)
        return detector.deadline(after: heartbeat.sign, interval: heartbeat.interval)
    }
}
