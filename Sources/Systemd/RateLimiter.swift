/// Lets a few notes of each kind through in an interval, and counts the rest.
///
/// A peer can be made to cause any number of notes (a flood of forged datagrams, say); the journal must not grow
/// with it. The next note of the kind that is admitted says how many were held back. Time comes in from outside.
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

    /// Forgets a kind, whose latest note is written although it was held back.
    ///
    /// - Returns: how many notes of it were held back; 0 too where too many other kinds came since.
    package mutating func forget(_ kind: Kind) -> Int {
        guard let index = windows.firstIndex(where: { $0.kind == kind }) else { return 0 }
        return windows.remove(at: index).suppressed
    }

    private mutating func forgetOldest() {
        guard let oldest = windows.indices.min(by: { windows[$0].start < windows[$1].start }) else { return }
        windows.remove(at: oldest)
    }
}
