internal import Glibc
internal import LinuxIO

/// Tries again after failures, at a pace, until a deadline.
struct Retrying {
    /// The time between two tries, in nanoseconds.
    static let pause: Int64 = 250_000_000

    /// When to give up: an instant of `Clocks.monotonic()`; `nil` for never.
    let deadline: Int64?

    /// Retries for so long; indefinitely without a limit.
    init(forUSec limit: Int?) {
        deadline = limit.map { Clocks.monotonic() + Int64($0) * 1000 }
    }

    /// The time left, in nanoseconds, at most so much.
    func left(atMost limit: Int64) -> Int64 {
        guard let deadline else { return limit }
        return min(limit, max(0, deadline - Clocks.monotonic()))
    }

    /// Waits a little; false when the deadline has come.
    func pauseBeforeNext() -> Bool {
        let duration = left(atMost: Self.pause)
        guard duration > 0 else { return false }
        // No descriptor is waited for: this is the pause itself.
        poll(nil, 0, CInt((duration + 999_999) / 1_000_000))
        return true
    }
}
