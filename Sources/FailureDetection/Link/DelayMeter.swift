/// Measures how much the delay from one peer varies: by the network, and by a sender that is late itself.
///
/// The two hosts' clocks do not agree, but their difference is part of every delay and does not vary. Each message
/// counts by how long after it was due it arrived, so a sender that stalls is measured too; where messages were lost in
/// between, by its delay alone. What is further from the mean than sixteen intervals is an outage or a clock that was
/// set; it would hide everything else as long as it is remembered, so the measuring begins anew.
///
/// Delays expire by time: those of the last 20 to 40 seconds count, or, where messages are rarer, the last 32 to 64.
struct DelayMeter: Sendable {
    private static let outage: Int64 = 16
    /// How long delays are gathered before the oldest are forgotten, and how many at least and at most.
    private static let generation = (time: TimeSpan.seconds(20), least: 32, most: 1_024)

    private var older = SpreadSums()
    private var newer = SpreadSums()
    private var newerSince = Instant(nanoseconds: .min)
    /// What is taken off every delay, to keep the numbers small.
    private var reference = TimeSpan.zero
    private var previous: Instant?

    /// How many messages were measured.
    var count: Int { older.count + newer.count }

    /// The standard deviation of the delay.
    var deviation: TimeSpan { TimeSpan(rounding: (older + newer).deviation) }

    /// Learns from a fresh message of a peer that announces `interval`.
    mutating func record(_ sign: LifeSign, interval: TimeSpan) {
        let delay = sign.delay
        let step = previous.map { sign.sent - $0 } ?? .zero
        previous = sign.sent
        let lateness = step < interval + interval / 2 ? max(step - interval, .zero) : .zero
        expire(at: sign.arrived)
        let away = delay - reference - TimeSpan(nanoseconds: (older + newer).mean ?? 0)
        if count == 0 || max(away, .zero - away) > interval * Self.outage {
            (older, newer) = (SpreadSums(), SpreadSums())
            reference = delay
        }
        newer.append((delay - reference + lateness).nanoseconds)
    }

    private mutating func expire(at now: Instant) {
        let isOld = now - newerSince >= Self.generation.time && newer.count >= Self.generation.least
        guard isOld || newer.count >= Self.generation.most else { return }
        (older, newer, newerSince) = (newer, SpreadSums(), now)
    }
}
