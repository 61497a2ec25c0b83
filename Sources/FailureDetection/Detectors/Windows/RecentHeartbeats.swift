/// The last heartbeats of one peer, from which another detector can learn what the present one knows.
///
/// An operator who changes the detector of a running daemon wants the new one to judge by this link from the next
/// heartbeat on. Sixty-four heartbeats fill the median's window twice and give the others a mean and a deviation.
struct RecentHeartbeats: Sendable {
    static let capacity = 64

    private struct Heartbeat: BitwiseCopyable {
        var sign: LifeSign
        var interval: TimeSpan
        var lesson: Lesson
    }

    private var heartbeats: [Heartbeat] = []
    private var oldest = 0

    /// Keeps a heartbeat; the oldest gives way when there is no space.
    mutating func append(_ sign: LifeSign, interval: TimeSpan, lesson: Lesson = .all) {
        let heartbeat = Heartbeat(sign: sign, interval: interval, lesson: lesson)
        guard heartbeats.count == Self.capacity else {
            if heartbeats.isEmpty { heartbeats.reserveCapacity(Self.capacity) }
            heartbeats.append(heartbeat)
            return
        }
        heartbeats[oldest] = heartbeat
        oldest = (oldest + 1) % Self.capacity
    }

    /// The last one; `nil` before there was any.
    var last: LifeSign? {
        guard !heartbeats.isEmpty else { return nil }
        return heartbeats[oldest > 0 ? oldest - 1 : heartbeats.count - 1].sign
    }

    /// The one of the last `count` that was under way for the longest time; `nil` before there was any.
    func slowest(of count: Int) -> LifeSign? {
        let latest = heartbeats[oldest...] + heartbeats[..<oldest]
        return latest.suffix(count).map(\.sign).max { $0.arrived - $0.sent < $1.arrived - $1.sent }
    }

    /// Lets a detector learn from them, oldest first.
    func replay(into detector: inout any SuspicionDetector) {
        for heartbeat in heartbeats[oldest...] + heartbeats[..<oldest] {
            detector.learn(heartbeat.lesson, from: heartbeat.sign, interval: heartbeat.interval)
        }
    }

    /// What they show of the delays.
    func delays() -> DelayMeter {
        var meter = DelayMeter()
        for heartbeat in heartbeats[oldest...] + heartbeats[..<oldest] where heartbeat.lesson.isOfDelay {
            meter.record(heartbeat.sign, interval: heartbeat.interval)
        }
        return meter
    }

    /// Forgets everything, and keeps the capacity.
    mutating func removeAll() {
        heartbeats.removeAll(keepingCapacity: true)
        oldest = 0
    }
}
