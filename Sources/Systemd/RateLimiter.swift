/// Lets a few notes of each kind through in an interval, and counts the rest.
///
/// A peer can be made to cause any number of notes (a flood of forged datagrams, say); the journal must not grow
/// with it, and the administrator must still learn how many there were. Time comes in from outside.
///
/// `Kind` says which notes count as similar: a reason, or a reason and a configured peer. It must not hold bytes
/// that a stranger chooses; against mistakes there the number of kinds remembered is bounded.
package struct RateLimiter<Kind: Equatable & Sendable>: Sendable {
    /// What to do with one note.
    package enum Admission: Equatable, Sendable {
        /// Write it, and say that `suppressed` similar ones were held back since the last.
        case admitted(suppressed: Int)
        /// Hold it back; it is counted.
        case suppressed
    }

    /// A kind whose interval is over and of which notes were held back.
    package struct Summary: Equatable, Sendable {
        /// The kind.
        package let kind: Kind
        /// How many notes of it were held back, at least 1.
        package let suppressed: Int
    }

    private struct Window: Sendable {
        let kind: Kind
        var start: Duration
        var admitted = 1
        var suppressed = 0
    }

    private let burst: Int
    private let interval: Duration
    private let capacity: Int
    private var windows: [Window] = []

    /// Notes held back whose kind was forgotten before they could be reported, because there were too many kinds.
    package private(set) var unreported = 0

    /// A limiter that admits `burst` notes of a kind in each `interval`, remembering up to `capacity` kinds.
    package init(burst: Int = 5, interval: Duration = .seconds(10), capacity: Int = 64) {
        precondition(burst > 0 && capacity > 0, "burst \(burst) and capacity \(capacity) must be positive")
        self.burst = burst
        self.interval = interval
        self.capacity = capacity
    }

    /// Judges one note of `kind` at `now`, an instant of any clock that never goes back.
    package mutating func admit(_ kind: Kind, at now: Duration) -> Admission {
        guard let index = windows.firstIndex(where: { $0.kind == kind }) else {
            if windows.count == capacity { forgetOldest() }
            windows.append(Window(kind: kind, start: now))
            return .admitted(suppressed: 0)
        }
        if now - windows[index].start >= interval {
            let suppressed = windows[index].suppressed
            windows[index] = Window(kind: kind, start: now)
            return .admitted(suppressed: suppressed)
        }
        guard windows[index].admitted < burst else {
            windows[index].suppressed += 1
            return .suppressed
        }
        windows[index].admitted += 1
        return .admitted(suppressed: 0)
    }

    /// Forgets the kinds whose interval is over at `now`, and says of which of them notes were held back.
    ///
    /// Called now and then, so that the end of a flood is reported even when no further note of its kind comes.
    package mutating func takeExpired(at now: Duration) -> [Summary] {
        let expired = windows.filter { now - $0.start >= interval }
        windows.removeAll { now - $0.start >= interval }
        return expired.filter { $0.suppressed > 0 }.map { Summary(kind: $0.kind, suppressed: $0.suppressed) }
    }

    private mutating func forgetOldest() {
        guard let oldest = windows.indices.min(by: { windows[$0].start < windows[$1].start }) else { return }
        unreported += windows[oldest].suppressed
        windows.remove(at: oldest)
    }
}
