/// The times between the arrivals of one peer's last heartbeats, for the detectors that learn from them.
///
/// Each is kept as its excess over the interval that the sender announced with it. So the mean follows immediately
/// when a sender is retuned, and the history stays of use.
///
/// Losses are part of the picture: a lost heartbeat makes one long interval, and that is how these detectors learn
/// that a link loses. An outage is not: a silence that was reported as a suspicion, or in which the sender or we
/// stood still, is passed over (`Lesson`). Whatever else is long counts. Left out, as Akka and Cassandra do, the
/// window soon knows only the short intervals, and suspicion breeds suspicion. So it counts, but as `ceiling`
/// announced intervals at the most: a limit that does not depend on what the window has learnt, and so cannot
/// spiral.
struct ArrivalIntervals: Sendable {
    /// As how many announced intervals the longest counts; `nil` to learn any length.
    let ceiling: Int64?

    private var excesses: VarianceWindow
    private var lastArrival: Instant?
    /// The interval announced with the latest heartbeat; zero when none was.
    private var announced = TimeSpan.zero

    init(capacity: Int, ceiling: Int64?) {
        self.ceiling = ceiling
        excesses = VarianceWindow(capacity: capacity)
    }

    /// Learns an arrival; the first of all only starts the count.
    mutating func record(arrival: Instant, announced interval: TimeSpan) {
        learn(.all, from: arrival, announced: interval)
    }

    /// Learns of the time before an arrival what it teaches; the next time is counted from here in any case.
    mutating func learn(_ lesson: Lesson, from arrival: Instant, announced interval: TimeSpan) {
        defer { lastArrival = arrival }
        announced = max(interval, .zero)
        guard let lastArrival, let end = lesson.end(ofTimeBefore: arrival) else { return }
        excesses.append((limited(end - lastArrival) - announced).nanoseconds)
    }

    /// The mean interval of a sender that now announces `interval`; that itself before anything was learnt.
    ///
    /// It is never shorter than what is announced: a heartbeat that comes earlier is one more, such as the one that a new
    /// peer is sent, and does not say that the next will.
    func mean(at interval: TimeSpan) -> TimeSpan {
        guard let excess = excesses.mean else { return interval }
        return announced > .zero
            ? interval + TimeSpan(nanoseconds: max(excess, 0)) : TimeSpan(nanoseconds: excess)
    }

    /// The standard deviation in nanoseconds; a quarter of `interval` before anything was learnt.
    func deviation(at interval: TimeSpan) -> Double {
        excesses.count > 0 ? excesses.deviation : Double(interval.nanoseconds) / 4
    }

    /// The interval announced last, and the last excesses; empty before anything was learnt.
    var samples: [Int64] {
        excesses.count > 0 ? [announced.nanoseconds] + excesses.latest(keptSamples) : []
    }

    /// Continues with them; the next arrival only starts the count, for the time before it was our own.
    mutating func resume(_ samples: [Int64]) {
        removeAll()
        announced = TimeSpan(nanoseconds: max(samples.first ?? 0, 0))
        for excess in samples.dropFirst() { excesses.append(excess) }
    }

    /// Forgets everything.
    mutating func removeAll() {
        excesses.removeAll()
        lastArrival = nil
        announced = .zero
    }

    private func limited(_ interval: TimeSpan) -> TimeSpan {
        guard let ceiling, announced > .zero else { return interval }
        return min(interval, announced * ceiling)
    }
}
