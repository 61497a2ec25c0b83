internal import FailureDetection
internal import LinuxIO
internal import Systemd
internal import Wire

/// What the loop keeps for the process after this one.
extension EventLoop {
    /// Writes down which numbers are used up, before anything that carries them goes out.
    func keepNumbers() {
        keeping { (keeper) throws(SystemCallError) in
            try keeper.writeNumbers(of: state.endpoint.monitor, configuration: state.reloads, at: state.now)
        }
    }

    /// Writes all that is known, when it is time to, or for the last time.
    func keepSnapshot(isLast: Bool = false) {
        keeping { (keeper) throws(SystemCallError) in
            guard isLast || keeper.deadline <= state.now else { return }
            try keeper.writeNumbers(
                of: state.endpoint.monitor, configuration: state.reloads, at: state.now)
            try keeper.writeSnapshot(of: state.endpoint.monitor, at: state.now)
        }
    }

    /// Writes down what is known of this host's services, if that has changed; most turns concern none of them.
    func keepServices() {
        guard units != nil, state.services.isUnkept else { return }
        state.services.isUnkept = false
        keeping { (keeper) throws(SystemCallError) in try keeper.write(state.services) }
    }

    /// Adds to the history that is kept.
    func keep(_ announcement: Announcement) {
        guard let event = announcement.event, announcement.isKept else { return }
        keeping { (keeper) throws(SystemCallError) in
            try keeper.append(event, history: { state.history.all }, at: state.now)
        }
    }

    /// Fetches the history that an earlier process kept.
    func recallEvents() {
        guard state.away != nil, let events = keeper?.takeRecalledEvents() else { return }
        state.recall(events)
    }

    /// A memory that cannot be written is worth nothing: the next incarnation is then a new one.
    private func keeping(_ body: (inout MemoryKeeper) throws(SystemCallError) -> Void) {
        guard var keeper = self.keeper.take() else { return }
        do throws(SystemCallError) {
            try body(&keeper)
            self.keeper = consume keeper
        } catch {
            output?.write(.notify(.unstore(name: Inheritance.Stored.memory)))
            let entry = JournalEntry(.warning, "a restart will begin a new incarnation: \(error)", id: .start)
            output?.write(.journal(entry))
        }
    }
}
