/// What a report that a peer's port is closed changes.
///
/// A host whose process has ended, a firewall that rejects and an address that is not the peer's send the same report.
/// Only the process still sends heartbeats. So a verified report starts the pings early and makes them few and quick,
/// and the verdict waits until the next heartbeat is overdue: a crash is still suspected sooner than by pings that begin
/// then, and a peer that is heard on time is never suspected, whatever is reported about it.
extension Monitor {
    /// Takes a report about the peer at an index; one that is not verified is noted, and changes nothing.
    mutating func noteUnreachable(
        _ index: Int, isVerified: Bool, at now: Instant, into effects: inout Effects
    ) {
        guard peers.indices.contains(index), peers[index].state != .left else { return }
        let counts = isVerified && peers[index].sender.delivery.isProved
        guard peers[index].portReports.note(isVerified: counts, at: now) else { return }
        switch peers[index].state {
        case .trusted where peers[index].settings.mode != .heartbeat:
            peers[index].becomePending(at: now)
            note(.pending, of: index, at: now, into: &effects)
            ping(index, at: now, into: &effects)
        case .pending:
            let timeout = peers.ask(index) { $0.pingTimeout }
            peers[index].probes.hasten(to: now + timeout)
        case .suspected: reviewSuspicion(of: index, at: now, into: &effects)
        case .unknown, .trusted, .left: break
        }
        schedule(index)
    }
}
