internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import Sealing
internal import StatusAPI
internal import Systemd
internal import Wire

/// The daemon from start to stop.
package enum Daemon {
    /// The version, as `--version`, the status socket and the journal show it.
    package static let version = ReleaseVersion.text

    /// Reads the configuration, takes an epoch, binds the sockets, and watches until a signal ends it.
    ///
    /// - Parameter path: the main configuration file.
    /// - Throws: `StartFailure` with what to report and how to exit.
    package static func run(configuration path: String) throws(StartFailure) {
        openStandardStreams()
        let configuration = try load(path)
        let settings = configuration.settings
        let id = try id(of: settings.node, path: path)
        let signals = try blockedSignals()
        let inheritance = try Inheritance(PassedDescriptor.takeAll())
        let transport = try Transport.open(settings, inheriting: inheritance)
        let lock = try lockStateDirectory(of: settings.node)
        let unserved = try MetricsServer.start(settings.node, inheriting: inheritance)
        let keyring = try keyring(of: configuration)
        let now = Instant(nanoseconds: Clocks.boottime())
        let beginning = try Beginning(settings, id: id, inheriting: inheritance, at: now)
        if inheritance.activated.isEmpty { transport.store(replacing: !inheritance.kept.isEmpty) }
        var state = NodeState(
            beginning, configuration: configuration, path: path, keyring: keyring,
            isReachable: !transport.isLoopback, at: beginning.began)
        if let unserved { state.noteUnserved(metrics: unserved) }
        lockMemory(reportingTo: &state)
        try watch(
            with: transport, state: state, signals: signals, lock: lock, keeper: beginning.keeper,
            inheriting: inheritance)
    }

    /// Opens what reports the state to others, and runs the loop.
    private static func watch(
        with transport: consuming Transport, state: consuming NodeState, signals: consuming SignalDescriptor,
        lock: consuming sending FileLock, keeper: consuming MemoryKeeper?, inheriting inheritance: Inheritance
    ) throws(StartFailure) {
        let settings = state.configuration.settings
        var isRunning = false
        do throws(SystemCallError) {
            let output = try OutputThread()
            let log = try causalLog(settings.node, state, output.sender)
            let entrance = try StatusEntrance.open(settings.node, inheriting: inheritance)
            if let failure = entrance.failure { state.emit(.unbound(path: entrance.path, failure)) }
            let loop = try EventLoop(
                state: state, transport: transport, signals: signals, entrance: entrance, output: output,
                causalLog: log, lock: lock, keeper: keeper)
            isRunning = true
            try loop.run()
        } catch {
            throw StartFailure(error, isWhileRunning: isRunning)
        }
    }

    /// Has signals come as events of the loop; before any thread, because threads inherit which signals are blocked.
    private static func blockedSignals() throws(StartFailure) -> SignalDescriptor {
        SignalDescriptor.ignoreFailedWrites()
        return try starting { () throws(SystemCallError) in
            try SignalDescriptor([SIGHUP, SIGINT, SIGTERM])
        }
    }

    private static func id(of node: NodeSettings, path: String) throws(StartFailure) -> HostID {
        guard let id = HostID(node.id) else {
            throw StartFailure(configuration: "\(path): node.id: not an id")
        }
        return id
    }

    /// One incarnation at a time: two daemons on one state directory would take the same epochs.
    private static func lockStateDirectory(of node: NodeSettings) throws(StartFailure) -> FileLock {
        try starting { () throws(SystemCallError) in try FileLock(node.stateDirectory + "/lock") }
    }

    private static func lockMemory(reportingTo state: inout NodeState) {
        do throws(SystemCallError) {
            try RealTime.lockMemoryIfScheduled()
        } catch {
            state.announce(
                .config, "memory is not locked: \(error)", priority: .warning, id: .configuration)
        }
    }

    private static func causalLog(
        _ node: NodeSettings, _ state: NodeState, _ output: OutputThread.Sender
    ) throws(SystemCallError) -> CausalLog? {
        guard node.causalLog else { return nil }
        let clock = state.endpoint.monitor.clock
        return try CausalLog(
            CausalLogSettings(node, host: clock.owner, epoch: clock.epoch), clock: clock,
            skipped: state.skippedEvents, start: state.now, wall: state.wall, output: output)
    }

    static func starting<Object: ~Copyable>(
        _ make: () throws(SystemCallError) -> Object
    ) throws(StartFailure) -> Object {
        do throws(SystemCallError) {
            return try make()
        } catch {
            throw StartFailure(error)
        }
    }

    /// Fills the first three descriptors, should the parent process have closed them.
    ///
    /// Otherwise a socket would replace standard error, and log lines would go out on it.
    private static func openStandardStreams() {
        var descriptor = open("/dev/null", O_RDWR)
        while (0...2).contains(descriptor) { descriptor = open("/dev/null", O_RDWR) }
        if descriptor > 2 { close(descriptor) }
    }

    private static func load(_ path: String) throws(StartFailure) -> LoadedConfiguration {
        do throws(ConfigurationErrors) {
            return try ConfigurationLoader.load(path: path)
        } catch {
            throw StartFailure(configuration: error.description)
        }
    }

    private static func keyring(of loaded: LoadedConfiguration) throws(StartFailure) -> Keyring? {
        do throws(KeyFiles.Failure) {
            return try KeyFiles.load(loaded.settings.security.keys)
        } catch {
            throw StartFailure(configuration: "\(loaded.keysPlace): \(error)", errno: error.errno)
        }
    }
}

extension NodeState {
    /// The state of a daemon that has just begun, with the addresses that answered its predecessor last.
    fileprivate init(
        _ beginning: borrowing Beginning, configuration: LoadedConfiguration, path: String, keyring: Keyring?,
        isReachable: Bool, at now: Instant
    ) {
        let directory = configuration.settings.node.stateDirectory
        self.init(
            configuration: configuration, path: path, monitor: beginning.monitor, keyring: keyring,
            addresses: AddressFile.read(directory: directory), at: now)
        self.isReachable = isReachable
        announce(beginning)
    }

    /// Says how the incarnation began, and what is wrong with that.
    fileprivate mutating func announce(_ beginning: borrowing Beginning) {
        away = beginning.away
        skippedEvents = beginning.skipped
        announceRemoval(of: beginning.removed)
        if !beginning.removed.isEmpty {
            announce(
                .start,
                "the configuration has changed since the last process\(Self.removalText(beginning.removed))",
                priority: .notice, id: .configuration)
        }
        if let taken = beginning.unstored { noteUnstored(taken) }
        if let doubt = beginning.doubt { announce(.start, doubt, priority: .warning, id: .start) }
        guard let reason = beginning.unusableReason else { return }
        announce(
            .start, "what was kept of the last incarnation cannot be used, so a new one begins: \(reason)",
            priority: .warning, id: .start)
    }
}
