/// Reports that the peer's port is closed (ICMP port unreachable), in its present incarnation and at its present address.
///
/// Any host can forge ICMP, and a firewall that rejects sends the same report as a host without the process. So a
/// report counts only when it is verified: sent by the peer's own address, quoting a datagram that was sent there a
/// moment ago, at an address that has acknowledged a datagram before. A message that arrives after a report refutes
/// it: the process runs, and something else refuses our datagrams. From then on reports are counted and change
/// nothing.
struct PortReports: Sendable, BitwiseCopyable {
    /// When the verified report arrived that nothing has refuted; `nil` without one.
    private(set) var verified: Instant?
    /// When the latest report of any kind arrived.
    private(set) var latest: Instant?
    /// Whether a message has refuted a verified report.
    private(set) var isRefuted = false

    /// Notes a report.
    ///
    /// - Returns: whether it is new evidence: verified, not refuted before, and the first.
    mutating func note(isVerified: Bool, at now: Instant) -> Bool {
        latest = now
        guard isVerified, !isRefuted, verified == nil else { return false }
        verified = now
        return true
    }

    /// Notes a message of the peer.
    mutating func noteHeard() {
        guard verified != nil else { return }
        verified = nil
        isRefuted = true
    }
}
