package import FailureDetection

/// The monotonic clock of one host: it began at some time, and runs a little fast or slow.
package struct HostClock: Sendable, BitwiseCopyable {
    /// What it shows at the beginning of the world.
    package var origin: TimeSpan
    /// How much it is fast, in nanoseconds a second; crystals are within some ±50,000.
    package var drift: Int64

    /// A clock that shows `origin` at the beginning and gains `drift` nanoseconds a second.
    package init(origin: TimeSpan, drift: Int64) {
        self.origin = origin
        self.drift = drift
    }

    /// What it shows at a true instant.
    package func reading(at truth: Instant) -> Instant { truth + origin + gain(truth) }

    /// The first true instant at which it shows `reading` or more.
    package func truth(of reading: Instant) -> Instant {
        guard reading < .never else { return .never }
        var truth = reading - origin - gain(reading - origin)
        while self.reading(at: truth) < reading {
            truth = truth + max(reading - self.reading(at: truth), TimeSpan(nanoseconds: 1))
        }
        return truth
    }

    private func gain(_ truth: Instant) -> TimeSpan {
        TimeSpan(nanoseconds: truth.nanoseconds / 1_000_000 * drift / 1_000)
    }
}
