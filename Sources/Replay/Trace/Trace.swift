/// One heartbeat of a trace that arrived.
package struct TracedHeartbeat: Sendable, BitwiseCopyable, Hashable {
    /// Its sequence number.
    package let number: Int64
    /// When it was sent, in nanoseconds of the sender's clock.
    package let sent: Int64
    /// When it arrived, in nanoseconds of the receiver's clock.
    package let arrived: Int64

    /// A heartbeat that arrived.
    package init(number: Int64, sent: Int64, arrived: Int64) {
        self.number = number
        self.sent = sent
        self.arrived = arrived
    }
}

/// A recorded link: the fresh heartbeats of one sender, as they arrived.
///
/// Fresh means: in order of arrival, with a number above every earlier one. What was overtaken says nothing that is
/// not known already, and no detector learns of it.
package struct Trace: Sendable {
    /// The name of the trace: that of its file, without folder and endings.
    package let name: String
    /// The fresh heartbeats, in order of arrival.
    package let fresh: [TracedHeartbeat]
    /// Time between heartbeats, in nanoseconds: from the first to the last one sent, lost ones included.
    package let interval: Double
    /// How many heartbeats were sent.
    package let sentCount: Int
    /// How many of these never arrived.
    package let lostCount: Int
    /// By how many nanoseconds the send stamps were moved, because the two clocks had nothing to do with each other.
    package let shift: Int64

    /// The longest delay that two clocks which show the same time may seem to have, in nanoseconds: an hour.
    private static let plausibleDelay: Int64 = 3_600_000_000_000

    /// A trace of given rows.
    ///
    /// - Parameters:
    ///   - name: how reports name it.
    ///   - arrivals: the heartbeats that arrived, in the order in which they were sent.
    ///   - sentCount: how many were sent.
    ///   - interval: time between them, in nanoseconds; positive.
    package init(name: String, arrivals: [TracedHeartbeat], sentCount: Int, interval: Double) {
        let shift = Self.shift(of: arrivals)
        self.name = name
        self.shift = shift
        self.interval = interval
        self.sentCount = sentCount
        lostCount = sentCount - arrivals.count
        fresh = Self.fresh(of: arrivals, shift: shift)
    }

    /// The mean delay of the fresh heartbeats, in nanoseconds; 0 without any.
    package var meanDelay: Double {
        let sum = fresh.reduce(Int128(0)) { $0 + Int128($1.arrived - $1.sent) }
        return fresh.isEmpty ? 0 : Double(sum) / Double(fresh.count)
    }

    /// What would have been recorded if the sender had sent only every `step`-th heartbeat.
    package func thinned(by step: Int64) -> Trace {
        guard step > 1 else { return self }
        let kept = fresh.filter { $0.number.isMultiple(of: step) }
        return Trace(
            name: name,
            arrivals: kept.map {
                TracedHeartbeat(number: $0.number / step, sent: $0.sent, arrived: $0.arrived)
            },
            sentCount: max(sentCount / Int(step), kept.count), interval: interval * Double(step))
    }

    /// Nothing for clocks that agree roughly; else what makes the fastest heartbeat take no time.
    private static func shift(of arrivals: [TracedHeartbeat]) -> Int64 {
        let delays = arrivals.lazy.map { $0.arrived - $0.sent }
        guard let shortest = delays.min(), let longest = delays.max() else { return 0 }
        return longest < 0 || shortest > plausibleDelay ? shortest : 0
    }

    private static func fresh(of arrivals: [TracedHeartbeat], shift: Int64) -> [TracedHeartbeat] {
        // The standard library's sort is stable: heartbeats that arrived at one instant stay as they were sent.
        let sorted = arrivals.sorted { $0.arrived < $1.arrived }
        var highest: Int64?
        var fresh: [TracedHeartbeat] = []
        fresh.reserveCapacity(sorted.count)
        for heartbeat in sorted where highest.map({ heartbeat.number > $0 }) ?? true {
            highest = heartbeat.number
            fresh.append(
                TracedHeartbeat(
                    number: heartbeat.number, sent: heartbeat.sent + shift, arrived: heartbeat.arrived))
        }
        return fresh
    }
}
