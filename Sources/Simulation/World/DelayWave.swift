package import FailureDetection

/// A delay that changes on its own: it follows from the time alone, so that nothing has to happen for it.
package struct DelayWave: Sendable, BitwiseCopyable, Hashable {
    /// How the delay changes.
    package enum Shape: Sendable, BitwiseCopyable {
        /// All or nothing, for half a period each: a route that flaps between two paths.
        case steps
        /// Up and down evenly: a queue that fills and drains. No datagram overtakes another one while the period is
        /// twice the height or more.
        case ramp
    }

    /// How it changes.
    package var shape: Shape
    /// The most that it adds.
    package var height: TimeSpan
    /// The time from one beginning to the next; positive.
    package var period: TimeSpan

    /// A wave of a shape.
    package init(_ shape: Shape, height: TimeSpan, period: TimeSpan) {
        self.shape = shape
        self.height = height
        self.period = max(period, .milliseconds(2))
    }

    /// How much later a datagram arrives that is sent at a true instant.
    func extra(at now: Instant) -> TimeSpan {
        let half = period.nanoseconds / 2
        let phase = now.nanoseconds % period.nanoseconds
        switch shape {
        case .steps: return phase < half ? height : .zero
        case .ramp:
            let share = phase < half ? phase : period.nanoseconds - phase
            return TimeSpan(nanoseconds: Int64(Double(height.nanoseconds) * Double(share) / Double(half)))
        }
    }
}
