internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Systemd
internal import Wire

/// How a process begins: with an incarnation of its own, or with the one that an earlier process left behind.
struct Beginning: ~Copyable {
    /// The detector.
    let monitor: Monitor
    /// When it begins: later than the process, where it had to wait for a later second.
    let began: Instant
    /// For how long no process watched; `nil` for a new incarnation.
    let away: TimeSpan?
    /// How many numbers of events are passed over, because last words with a later one were sent.
    let skipped: UInt64
    /// The peers of the process before that are not configured any more.
    let removed: [NodeState.RemovedPeer]
    /// Why what was left behind cannot be used, if it cannot.
    let unusableReason: String?
    /// The epoch that could not be stored, and why; `nil` when it is on the disk.
    let unstored: EpochStore.Taken?
    /// Why peers may refuse the epoch; `nil` when nothing is wrong with it.
    let doubt: String?
    /// Keeps what is known for the next process; `nil` where nothing would hold it.
    let keeper: MemoryKeeper?

    /// Continues the incarnation whose memory the service manager held, or takes a new epoch.
    ///
    /// - Throws: `StartFailure` when no epoch can be taken.
    init(
        _ settings: Settings, id: HostID, inheriting inheritance: Inheritance, at now: Instant
    ) throws(StartFailure) {
        let store = EpochStore(
            directory: settings.node.stateDirectory, members: settings.peers.map(\.id))
        let peers = settings.peers.compactMap { FailureDetection.PeerSettings($0) }
        var random = SystemRandomNumberGenerator()
        var unusableReason: String?
        if let raw = inheritance.memory {
            do {
                self = try Beginning(
                    resuming: MemoryFile(adopting: FileDescriptor(owning: raw)), id: id,
                    store: store, peers: peers, seed: random.next(), at: now)
                return
            } catch {
                unusableReason = "\(error)"
            }
        }
        self = try Beginning(
            anew: id, store: store, peers: peers, seed: random.next(), because: unusableReason, at: now)
    }

    /// Takes a new epoch.
    private init(
        anew id: HostID, store: EpochStore, peers: [FailureDetection.PeerSettings], seed: UInt64,
        because unusableReason: String?, at now: Instant
    ) throws(StartFailure) {
        let taken = try store.begin(id: id, wallClockSeconds: Clocks.realtimeSeconds())
        unstored = taken.unstored == nil ? nil : taken
        doubt = taken.doubt
        // Nothing on the disk informs the next incarnation of this one: it begins in a later second, and so
        // does no harm.
        if taken.unstored != nil {
            Clocks.rest(nanoseconds: 1_000_000_000 - Clocks.realtime() % 1_000_000_000)
        }
        // The wait is none of this host's slowness.
        began = taken.unstored == nil ? now : Instant(nanoseconds: Clocks.boottime())
        monitor = Monitor(id: id, epoch: taken.epoch, peers: peers, seed: seed, at: began)
        away = nil
        skipped = 0
        removed = []
        self.unusableReason = unusableReason
        keeper = MemoryKeeper.stored()
    }

    /// Continues the incarnation that a memory file reports; its first event of this process is written down
    /// immediately, because the causal log has it before the loop runs.
    private init(
        resuming file: consuming MemoryFile, id: HostID, store: EpochStore,
        peers: [FailureDetection.PeerSettings], seed: UInt64, at now: Instant
    ) throws {
        var record = try Recall.record(from: file, id: id, epoch: try store.stored(for: id), at: now)
        let known = record.snapshot.counter
        // What was said in the name of the process before has a number of its own, above all of its others.
        if let said = LastWordsFile(in: store.directory, name: LastWordsFile.sentName),
            said.epoch == record.snapshot.epoch
        {
            record.snapshot.counter = max(known, said.counter)
        }
        let monitor = Monitor(resuming: record.snapshot, peers: peers, seed: seed, at: now)
        var keeper = MemoryKeeper(file, after: record)
        try keeper.writeNumbers(of: monitor, configuration: 0, at: now)
        self.monitor = monitor
        began = now
        skipped = record.snapshot.counter - known
        away = now - record.snapshot.taken
        let staying = Set(peers.map(\.id))
        removed = record.snapshot.peers.filter { !staying.contains($0.id) }.map {
            NodeState.RemovedPeer(id: $0.id, state: $0.state, verdict: $0.verdict)
        }
        unusableReason = nil
        unstored = store.rewrite(record.snapshot.epoch, of: id)
        doubt = nil
        self.keeper = consume keeper
    }
}

extension MemoryKeeper {
    /// A keeper whose file the service manager holds; `nil` without a manager.
    fileprivate static func stored() -> MemoryKeeper? {
        let notifier = Notifier()
        guard (try? notifier.send(.unstore(name: Inheritance.Stored.memory))) == .delivered,
            let file = try? MemoryFile(name: "suspectd"),
            (try? notifier.store(file.raw, as: Inheritance.Stored.memory)) == .delivered
        else { return nil }
        return MemoryKeeper(file, after: nil)
    }
}

extension Transport {
    /// Gives the sockets to the service manager, so that what arrives between two processes waits.
    ///
    /// - Parameter replacing: whether it holds others that are not wanted any more.
    func store(replacing: Bool) {
        let notifier = Notifier()
        if replacing { _ = try? notifier.send(.unstore(name: Inheritance.Stored.sockets)) }
        for raw in descriptors { _ = try? notifier.store(raw, as: Inheritance.Stored.sockets) }
    }
}
