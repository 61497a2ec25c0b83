internal import CausalClock
internal import FailureDetection
internal import Wire

/// Processes that end, and continue with the same incarnation: as the daemon does when the service manager keeps
/// its memory and its sockets.
extension World {
    /// From now on a host keeps what a next process needs to continue with its incarnation.
    package mutating func keepMemory(of place: Int) {
        guard hosts[place].memory == nil else { return }
        hosts[place].memory = HostMemory()
        let reading = hosts[place].clock.reading(at: now)
        keepNumbers(of: place, at: reading)
    }

    /// Ends the process of a host, not its incarnation: nothing is said, and its socket continues receiving.
    ///
    /// - Parameters:
    ///   - place: the host.
    ///   - moment: at what point of a turn it happens; of the next turn that sends something, unless between turns.
    package mutating func kill(_ place: Int, at moment: KillMoment = .between) {
        guard hosts[place].isUp, hosts[place].memory != nil else { return }
        if moment == .between { die(place) } else { hosts[place].dying = moment }
    }

    /// Ends the process of a host as a planned restart does: its peers get a last heartbeat, and all is written down.
    package mutating func suspend(_ place: Int) {
        guard hosts[place].isUp, hosts[place].memory != nil else { return }
        outbox.removeAll()
        let reading = hosts[place].clock.reading(at: now)
        hosts[place].endpoint?.pause(at: reading, into: &outbox)
        events[place] = hosts[place].endpoint?.monitor.clock.counter ?? events[place]
        keepNumbers(of: place, at: reading)
        sendAll(from: place)
        outbox.removeAll()
        change(memoryOf: place) { $0.keepSnapshot(of: $1, at: reading) }
        die(place)
    }

    /// Starts a process that continues with the incarnation of the one before; one that was not killed yet goes
    /// on itself.
    package mutating func resume(_ place: Int) {
        hosts[place].dying = nil
        guard !hosts[place].isUp, hosts[place].isSocketKept, let memory = hosts[place].memory else { return }
        guard let snapshot = memory.recall() else {
            crash(place, refuses: true)
            return start(place)
        }
        let monitor = Monitor(
            resuming: snapshot, peers: hosts[place].settings, seed: nextNonceSeed(),
            at: hosts[place].clock.reading(at: now))
        effects.resumptions += 1
        hosts[place].memory?.peersChanged()
        hosts[place].resumption?.firstEvent = monitor.clock.counter
        let used = numbers(of: monitor)
        hosts[place].resumption?.usedNumbers = used
        hosts[place].resumption?.reports = (0..<monitor.count).map { monitor.report(ofPeer: $0) }
        events[place] = monitor.clock.counter
        run(place, with: monitor)
    }

    mutating func die(_ place: Int) {
        guard let numbers = askMonitor(of: place, { numbers(of: $0) }) else { return }
        hosts[place].resumption = Resumption(
            lastEvent: events[place], lastNumbers: numbers.map { $0 ?? 0 })
        hosts[place].endpoint = nil
        (hosts[place].isUp, hosts[place].isSocketKept, hosts[place].dying) = (false, true, nil)
        hosts[place].errors.removeAll(keepingCapacity: true)
    }

    /// How many numbers were taken on the link to each host, by its index; `nil` for one that is not watched.
    private func numbers(of monitor: Monitor) -> [UInt64?] {
        ids.map { id in monitor.index(of: id).map { monitor.evidence(of: $0).sent } }
    }

    mutating func keepNumbers(of place: Int, at reading: Instant) {
        change(memoryOf: place) { $0.keepNumbers(of: $1, at: reading) }
    }

    mutating func keepSnapshot(of place: Int, at reading: Instant) {
        let hasNews = outbox.notices.contains { $0.kind != .pending }
        change(memoryOf: place) { $0.keepSnapshotIfDue(of: $1, hasNews: hasNews, at: reading) }
    }

    /// Changes what a host keeps, if it keeps anything and runs.
    private mutating func change(
        memoryOf place: Int, _ change: (inout HostMemory, borrowing Monitor) -> Void
    ) {
        // Moved out, so that changing it and asking the detector do not exclude each other.
        guard var memory = hosts[place].memory.take() else { return }
        askMonitor(of: place) { change(&memory, $0) }
        hosts[place].memory = memory
    }
}
