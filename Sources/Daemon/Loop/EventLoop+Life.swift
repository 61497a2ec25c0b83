internal import CausalClock
internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Systemd
internal import Wire

/// The loop's first turn and its last.
extension EventLoop {
    /// Sends the first heartbeats, and then says that the service is up.
    func firstTurn() throws(SystemCallError) {
        beginTurn()
        state.publishMember(into: &outbox)
        // What waited in the sockets while no process read them is read before any peer is judged, here too.
        try transport.drain(at: state.now, withErrors: false, to: &state.endpoint, into: &outbox)
        state.endpoint.wake(at: state.now, into: &outbox)
        renewServices()
        announceStart()
        try interpretOutbox()
        try resizeReceiveBuffers(in: &transport)
        output?.write(.notify(.ready(status: state.statusText)))
        lookUpNames()
        emit()
        // Until it has taken note of READY the service manager watches the sockets that it passed us, and an error on
        // one would make it give up its unit.
        settled = state.now + .seconds(2)
        recallEvents()
        keepLastWords()
        ProgramPages.release()
        try arm()
    }

    private func announceStart() {
        let identity = "\(state.endpoint.monitor.id), epoch \(state.endpoint.monitor.clock.epoch)"
        let addresses = transport.localAddresses
        let start = state.away.map { "continues after a pause of \(Wording.duration($0))" } ?? "started"
        state.announce(
            .start,
            "suspectd \(ReleaseVersion.text) \(start): node \(identity), listening on "
                + "\(addresses.map(\.description).joined(separator: ", "))", priority: .notice,
            id: .start)
        _ = transport.lookForAddresses()
        reportMissing(addresses, zoned: transport.zoned)
        state.announceWarnings()
    }

    /// Within what time a host is back from a reboot; firmware and file systems take their time.
    private static let longestReboot = TimeSpan.seconds(900)

    /// A planned stop: the service manager first, then every peer.
    ///
    /// Before a restart the peers are not informed that we leave: they hear us again before they could miss us, and
    /// suspect us like any other if they do not; for that case the last words stay. Before a reboot they are informed when
    /// we are back. Without an answer the stop is taken to be for good.
    func stop() throws(SystemCallError) {
        let job = RestartQuestion.ask() ?? .stop
        output?.write(.notify(.stopping(status: job == .restart ? "Restarting" : "Leaving")))
        switch job {
        case .restart: state.endpoint.pause(at: state.now, into: &outbox)
        case .stop: state.endpoint.leave(at: state.now, into: &outbox)
        case .reboot:
            state.endpoint.leave(returningWithin: Self.longestReboot, at: state.now, into: &outbox)
        }
        try interpretOutbox()
        state.announce(.stop, Self.sentence(ofStopFor: job), priority: .notice, id: .stop)
        emit()
        keepSnapshot(isLast: true)
        if job != .restart { lastWords.end() }
        // From here on the service manager may watch the sockets that it passed us.
        try transport.reportErrors(false)
        try causalLog?.finish()
        try output.take()?.finish()
    }

    private static func sentence(ofStopFor job: ServiceJob) -> String {
        switch job {
        case .restart: "stopping for a restart"
        case .stop: "leaving as planned"
        case .reboot:
            "leaving for a reboot; peers expect this node back within \(Wording.duration(longestReboot))"
        }
    }
}
