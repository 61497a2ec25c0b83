internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import StatusAPI
internal import Systemd
internal import Wire

extension NodeState {
    /// Begins a later life without a restart when this one cannot go on: the epoch at the start was too low, or another
    /// daemon has used it.
    ///
    /// Storing the epoch is the one write to the disk that the loop waits for: until it is durable nothing may be sent
    /// in the new life. It happens a few times at most in the life of a process. If it fails the daemon goes on
    /// watching: what it hears is as true as before.
    mutating func beginLaterLife(into outbox: inout Outbox) {
        guard let stale = endpoint.monitor.staleEpoch, stale != unrenewable else { return }
        do throws(StartFailure) {
            let store = EpochStore(directory: configuration.settings.node.stateDirectory)
            let epoch = try store.begin(
                id: endpoint.monitor.id, after: stale, wallClockSeconds: wall.seconds(now))
            endpoint.beginLife(epoch, at: now, into: &outbox)
        } catch {
            unrenewable = stale
            announce(
                .conflict,
                "peers know a later epoch of this node, \(stale), and a new one cannot be taken: \(error)",
                priority: .error, id: .conflict)
        }
    }
}
