package import CausalClock
package import FailureDetection
package import Records

extension Endpoint {
    /// Sends a peer a message of records that the caller has made, true or not: so simulations play members that lie.
    ///
    /// - Returns: whether it was sent.
    @discardableResult
    package mutating func send(
        _ message: RepairMessage, to host: HostID, at now: Instant, into outbox: inout Outbox
    ) -> Bool {
        guard let index = monitor.index(of: host), address(ofPeer: index) != nil else { return false }
        return send(RepairCodec.encode(message), to: index, at: now, into: &outbox) != nil
    }
}
