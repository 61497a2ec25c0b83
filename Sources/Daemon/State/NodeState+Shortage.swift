internal import FailureDetection
internal import LinuxIO
internal import Systemd
internal import Wire

/// What this host is short of, each reported at the first time, the second, the fourth, the eighth.
extension NodeState {
    /// Says that the kernel had no space for datagrams, when it dropped more since the last call.
    mutating func noteKernelDrops() {
        let dropped = endpoint.monitor.health.kernelDrops
        guard dropped != losses.reportedKernelDrops else { return }
        let wasReported = dropped.leadingZeroBitCount == losses.reportedKernelDrops.leadingZeroBitCount
        losses.reportedKernelDrops = dropped
        guard !wasReported else { return }
        let needed = ReceiveBufferSizing.bytes(perSecond: endpoint.monitor.messagesPerSecond)
        reportShortage(
            "the kernel dropped \(dropped) datagrams so far, for which the receive buffer had no space: the daemon was "
                + "stalled, or is being flooded (see \"refused\" in suspectctl status); if it persists, give the daemon more CPU "
                + "time, or set the sysctl net.core.rmem_max to \(max(needed / 2, Int(UDPSocketOptions().receiveBuffer))) or more"
        )
    }

    /// Says that a client of the status socket could not be taken.
    mutating func noteUnaccepted(_ error: SystemCallError) {
        losses.unaccepted += 1
        guard losses.unaccepted & (losses.unaccepted - 1) == 0 else { return }
        reportShortage("clients of the status socket wait (failure detection is unaffected): \(error)")
    }

    /// Says that no connection was left for clients of the status socket.
    mutating func noteRefusedClients(_ count: Int) {
        let former = losses.refusedClients
        losses.refusedClients += UInt64(count)
        losses.refusedAt = now
        guard former.leadingZeroBitCount != losses.refusedClients.leadingZeroBitCount else { return }
        reportShortage(
            "connections to the status socket were refused (\(losses.refusedClients) so far), because local processes hold "
                + "\(StatusSlots.userLimit) as one user or \(StatusSlots.limit) in all (failure detection is unaffected, and processes "
                + "of observed services have connections of their own): \"ss -xp\" names the processes that hold them"
        )
    }

    /// What is to be known where a service is called hung for want of calls: some may have been refused here.
    var refusalsOfClients: String? {
        guard losses.refusedClients > 0, losses.refusedAt + Self.relevantRefusals > now else { return nil }
        return
            "connections to the status socket of this host were refused (\(losses.refusedClients) so far, the latest "
            + "\(Wording.duration(now - losses.refusedAt)) ago), because none was left: calls of Alive may be among them"
    }

    /// For how long a refused connection may explain a missing call.
    private static let relevantRefusals = TimeSpan.seconds(600)

    /// Says what became of the file of the status socket.
    mutating func emit(_ change: StatusSocketChange) {
        lacksStatusSocket = change.isLoss
        if change.isRestored {
            announce(Announcement(entry: JournalEntry(.notice, change.sentence, id: .shortage)))
        } else {
            reportShortage(change.sentence)
        }
    }

    /// Says that no metrics can be served yet.
    mutating func noteUnserved(metrics error: SystemCallError) {
        reportShortage("metrics are not served; this is tried again every second: \(error)")
    }

    private mutating func reportShortage(_ sentence: String) {
        announce(Announcement(entry: JournalEntry(.warning, sentence, id: .shortage)))
    }
}

extension StatusSocketChange {
    /// Whether clients do not reach the daemon since.
    fileprivate var isLoss: Bool {
        switch self {
        case .unbound, .lost, .lostByManager: true
        case .bound, .boundAnew: false
        }
    }

    /// Whether it ends a loss, and is nothing to worry about.
    fileprivate var isRestored: Bool {
        if case .bound = self { true } else { false }
    }

    /// What became of the file, and what to do.
    fileprivate var sentence: String {
        switch self {
        case .unbound(let path, let error):
            "the status socket \(path) cannot be bound, so clients do not reach this daemon; failure detection "
                + "is unaffected, and it is tried again every second: \(error)"
        case .bound(let path): "the status socket \(path) is bound now: clients reach this daemon"
        case .boundAnew(let path):
            "the status socket \(path) had been removed or replaced, and was made again: \(Self.cleaner(of: path))"
        case .lost(let path, let error):
            "the status socket \(path) was removed or replaced, so clients do not reach this daemon; it is tried "
                + "again every second: \(error)"
        case .lostByManager(let path):
            "the status socket \(path) was removed or replaced, so clients do not reach this daemon; restart its "
                + ".socket unit: \(Self.cleaner(of: path))"
        }
    }

    private static func cleaner(of path: String) -> String {
        "a cleaner of temporary files, or an operator; keep it from \(path)"
    }
}
