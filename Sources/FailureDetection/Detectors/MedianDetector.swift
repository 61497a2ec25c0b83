/// The default detector: the send stamp, the announced interval, the usual delay, and a margin.
///
///     τ = σ + I + median₃₁(A − σ) + margin
///
/// σ is the sender's stamp of the latest heartbeat, A its arrival here, I the interval the sender announces. It is
/// NFD-E of Chen, Toueg and Aguilera ("On the quality of service of failure detectors", IEEE Transactions on
/// Computers 51(5), 2002) with two changes. The stamp travels in the message, so a late or drifting sender does not
/// shift what is expected of it: on recorded 5G links the form with nominal intervals made 334 mistakes in a thousand
/// heartbeats where this one made 0.7. And the expected delay is a median, not a mean, so one stall of a second does
/// not lengthen the next thousand deadlines.
///
/// The two clocks need not agree: their offset is part of every A − σ and cancels. Their drift does too, as the
/// window is short.
///
/// A path that turns slow raises the median and thereby the detection time. `cap` bounds that rise over the smallest
/// delay of the last thousand heartbeats, so the promised detection time cannot creep away unnoticed.
public struct MedianDetector: SuspicionDetector {
    /// Time added to the expected arrival.
    public internal(set) var margin: TimeSpan
    /// The most that the median may exceed the recent minimum.
    public let cap: TimeSpan

    private var delays = DelayWindow()
    private var recentMinimum = RecentMinimum()

    /// Makes a detector that has not heard anything.
    ///
    /// - Parameters:
    ///   - margin: zero or more.
    ///   - cap: the most that the usual delay may rise over its recent minimum; half a second unless given.
    public init(margin: TimeSpan, cap: TimeSpan = .milliseconds(500)) {
        self.margin = margin
        self.cap = cap
    }

    /// Learns the delay of a fresh heartbeat.
    public mutating func record(_ heartbeat: LifeSign) {
        let delay = heartbeat.delay.nanoseconds
        delays.append(delay)
        recentMinimum.append(delay)
    }

    /// The deadline τ after a sign of life; without any heartbeat yet, its own delay is the usual one.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant {
        sign.sent + interval + (expectedDelay ?? sign.delay) + margin
    }

    /// The median of the last delays, capped; `nil` before the first heartbeat.
    var expectedDelay: TimeSpan? {
        guard let median = delays.median else { return nil }
        return min(TimeSpan(nanoseconds: median), TimeSpan(nanoseconds: recentMinimum.value) + cap)
    }

    /// Takes the margin of a choice of this rule.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool {
        guard case .median(let margin) = choice else { return false }
        self.margin = margin
        return true
    }

    /// The smallest recent delay, and the last ones.
    public var samples: [Int64] { delays.count > 0 ? [recentMinimum.value] + delays.all : [] }

    /// Continues with them; the smallest comes first and so counts as recent without being one of the last.
    public mutating func resume(_ samples: [Int64]) {
        reset()
        for (index, delay) in samples.enumerated() {
            recentMinimum.append(delay)
            if index > 0 { delays.append(delay) }
        }
    }

    /// Forgets all delays.
    public mutating func reset() {
        delays.removeAll()
        recentMinimum = RecentMinimum()
    }
}
