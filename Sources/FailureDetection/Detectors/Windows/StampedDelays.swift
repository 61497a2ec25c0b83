/// The delays of one sender's messages, from its stamp to the arrival here, as the published detectors average them.
///
/// What Chen's, Tomsic's and Bertier's detectors have in common: a mean over a long window, and a bound on how far what is
/// expected may rise over the smallest recent delay, so that an outage cannot lengthen the deadlines that follow without limit.
struct StampedDelays: Sendable {
    /// The most that an expected delay may exceed the smallest recent one.
    let cap: TimeSpan
    private var window: MeanWindow
    private var smallest = RecentMinimum()

    /// No delays, of which `window` will be averaged.
    init(window: Int, cap: TimeSpan) {
        self.cap = cap
        self.window = MeanWindow(capacity: window)
    }

    /// Adds a delay, in nanoseconds.
    mutating func append(_ delay: Int64) {
        window.append(delay)
        smallest.append(delay)
    }

    /// Their mean in nanoseconds; `nil` without any.
    var mean: Int64? { window.mean }

    /// The last ones, oldest first.
    var latest: [Int64] { window.latest(keptSamples) }

    /// An expected delay, capped.
    func bounded(_ delay: TimeSpan) -> TimeSpan {
        min(delay, TimeSpan(nanoseconds: smallest.value) + cap)
    }

    /// Forgets all of them.
    mutating func removeAll() { self = StampedDelays(window: window.capacity, cap: cap) }
}

extension LifeSign {
    /// Its own delay: between two clocks, so of any sign.
    var delay: TimeSpan { arrived - sent }
}
