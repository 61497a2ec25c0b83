internal import StatusAPI

/// Makes the lines of a trace out of heartbeats as they arrive.
///
/// The numbers on the link count pings and pongs too, so the heartbeats are numbered anew: by the announced interval
/// that lies between their stamps, and by no more than the link's own numbers leave space for. A sender that paused
/// has sent nothing that could be lost.
///
/// The two clocks need not have anything to do with each other. So the stamps are moved, all by the same: the
/// fastest of the first heartbeats is taken to have needed half a round trip.
struct TraceRecorder {
    /// The line that a trace begins with.
    static let header = "seq,send_ns,recv_ns\n"
    /// How many heartbeats are checked before the stamps are moved.
    private static let settling = 16
    /// The most losses that are written in a row; what is silent for longer has an outage, not losses.
    private static let longestGap = 10_000

    private struct Row {
        var number: Int
        var sent: Int
        var arrived: Int?
    }

    /// How many heartbeats arrived.
    private(set) var arrived = 0
    /// How many did not.
    private(set) var lost = 0
    /// From the first arrival to the last, in nanoseconds.
    var lengthNSec: Int { (latest?.arrivedNSec ?? 0).minus(first?.arrivedNSec ?? 0) }

    private let roundTripNSec: Int
    private var number = 0
    private var first: HeartbeatReport?
    private var latest: HeartbeatReport?
    private var waiting: [Row] = []
    private var shift: Int?

    /// Begins a trace of a link with this round trip, 0 if it is not known.
    init(roundTripNSec: Int) { self.roundTripNSec = roundTripNSec }

    /// The lines to be written now that a heartbeat has arrived; none while the stamps are not settled.
    mutating func take(_ heartbeat: HeartbeatReport, intervalNSec: Int) -> String {
        addLosses(before: heartbeat, intervalNSec: intervalNSec)
        number += 1
        arrived += 1
        first = first ?? heartbeat
        latest = heartbeat
        waiting.append(Row(number: number, sent: heartbeat.sentNSec, arrived: heartbeat.arrivedNSec))
        return shift != nil || arrived >= Self.settling ? finish() : ""
    }

    /// The lines that have been waiting.
    mutating func finish() -> String {
        let delays = waiting.compactMap { row in row.arrived.map { $0 &- row.sent } }
        guard let shift = shift ?? delays.min().map({ $0 &- roundTripNSec / 2 }) else { return "" }
        self.shift = shift
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting.map { "\($0.number),\($0.sent &+ shift),\($0.arrived.map { "\($0)" } ?? "")\n" }
            .joined()
    }

    private mutating func addLosses(before heartbeat: HeartbeatReport, intervalNSec: Int) {
        guard let latest, intervalNSec > 0 else { return }
        // Stamps come from another host, which may be mad.
        let (difference, overflow) = heartbeat.sentNSec.subtractingReportingOverflow(latest.sentNSec)
        guard !overflow, difference > 0 else { return }
        let steps = min(
            difference / intervalNSec
                + (difference % intervalNSec >= intervalNSec - difference % intervalNSec ? 1 : 0),
            heartbeat.sequence &- latest.sequence)
        guard steps > 1, steps <= Self.longestGap else { return }
        for step in 1..<steps {
            number += 1
            lost += 1
            waiting.append(Row(number: number, sent: latest.sentNSec + difference / steps * step))
        }
    }
}
