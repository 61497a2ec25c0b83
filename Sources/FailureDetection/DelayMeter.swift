/// Measures how much the delay from one peer varies: by the network, and by a sender that is late itself.
///
/// The two hosts' clocks do not agree, but their difference is part of every delay and does not vary. Each message
/// counts by how long after it was due it arrived, so a sender that stalls is measured too; where messages were lost in
/// between, by its delay alone. What is further from the mean than sixteen intervals is an outage or a clock that was
/// set; it would hide everything else for a thousand heartbeats, so the measuring begins anew.
struct DelayMeter: Sendable {
    private static let outage: Int64 = 16

    private var delays = VarianceWindow(capacity: 1_000)
    /// What is taken off every delay, to keep the numbers small.
    private var reference = TimeSpan.zero
    private var previous: Instant?

    /// How many messages were measured.
    var count: Int { delays.count }

    /// The standard deviation of the delay.
    var deviation: TimeSpan { TimeSpan(rounding: delays.deviation) }

    /// Learns from a fresh message of a peer that announces `interval`.
    mutating func record(_ sign: LifeSign, interval: TimeSpan) {
        let delay = sign.arrived - sign.sent
        let step = previous.map { sign.sent - $0 } ?? .zero
        previous = sign.sent
        let lateness = step < interval + interval / 2 ? max(step - interval, .zero) : .zero
        let away = delay - reference - TimeSpan(nanoseconds: delays.mean ?? 0)
        if delays.count == 0 || max(away, .zero - away) > interval * Self.outage {
            delays.removeAll()
            reference = delay
        }
        delays.append((delay - reference + lateness).nanoseconds)
    }
}
