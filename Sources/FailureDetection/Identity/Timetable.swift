internal import CausalClock

/// When messages of a peer arrive that it sends now, by the last one that an earlier process of ours received.
///
/// A process that continues with the memory of another one has forgotten what was received at the end, and the peer was not
/// heard while no process ran. What was recorded then arrives later than its stamp says, or earlier than the peer sent it. An
/// answer to a ping shows the same, without a clock; but a peer that does not hear us gives none, and we knew that. So of such a
/// peer, which is heard in time, it is not said that it is silent.
struct Timetable: Sendable, BitwiseCopyable {
    /// The most that the two clocks may have moved apart: no more, however long no process ran.
    private static let mostDrift = TimeSpan.seconds(1)

    private let sent: Instant
    private let arrived: Instant
    private let drift: TimeSpan

    /// Of a peer that was heard, and did not hear us, when a process ended; `nil` of every other.
    init?(ofHeard memory: PeerSnapshot, after away: TimeSpan) {
        guard memory.state == .trusted || memory.state == .pending, memory.verdict?.cause == .outbound,
            memory.received.highest > 0, memory.received.sent.nanoseconds != 0
        else { return nil }
        (sent, arrived) = (memory.received.sent, memory.received.arrival)
        drift = min(away / 1_000, Self.mostDrift)
    }

    /// Whether a message arrives when it should, give or take what a heartbeat may be late.
    func contains(_ sign: LifeSign, tolerance: TimeSpan) -> Bool {
        let delay = (sign.arrived - arrived) - (sign.sent - sent)
        let limit = tolerance + drift
        return delay <= limit && limit * -1 <= delay
    }
}

extension Peer {
    /// Ends the doubt about its incarnation when a message comes in the timetable of a peer that cannot be asked.
    mutating func weighTimetable(_ reception: InboundMessage) {
        guard let timetable = incarnation.timetable, reception.dot.epoch == epoch,
            timetable.contains(reception.sign, tolerance: patience)
        else { return }
        (incarnation.needsFreshnessProof, incarnation.timetable) = (false, nil)
    }
}
