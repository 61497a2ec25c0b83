internal import CausalClock
internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import StatusAPI
internal import Systemd
internal import Wire

/// The daemon's one thread of judgement.
///
/// Four rules keep it honest, and each has a test of its own:
///
/// 1. `now` is read once a turn, before anything else: it is the only instant anybody is judged by.
/// 2. Everything that had arrived by `now` is read before anybody is judged.
/// 3. The work of a turn is bounded, whatever arrives.
/// 4. Nothing in a turn blocks: names are resolved, and the journal written, by other threads.
///
/// With the first two, an observer that is stopped for 350 ms under a deadline of 200 ms suspects nobody whose
/// heartbeats arrived meanwhile. Read `turn()` first.
final class EventLoop {
    private enum Token {
        static let timer: UInt64 = 0
        static let signals: UInt64 = 1
        static let wakeup: UInt64 = 2
        static let sockets: UInt64 = 16
        static let status: UInt64 = 1_024
    }

    private var epoll: Epoll
    private var timer: TimerDescriptor
    private let signals: SignalDescriptor
    private let wakeup: WakeupDescriptor
    private var transport: Transport
    private var server: StatusServer
    private let resolver: AddressResolver
    var output: OutputThread?
    private let causalLog: CausalLog?
    var keeper: MemoryKeeper?
    private var publisher: StatusPublisher
    var state: NodeState
    /// Held, not used: it keeps other daemons from our state directory.
    private let lock: FileLock
    private var outbox = Outbox()
    private var pace = TurnPace()
    /// How long to wait before the next turn, and whether something falls due meanwhile.
    private var (rest, isDueAfterRest) = (TimeSpan.zero, false)
    private var isStopping = false
    /// When the network's reports are to be asked for on sockets that were passed to us; `nil` when that is done.
    private var settled: Instant?
    private var limiter = RateLimiter<JournalNote>()

    init(
        state: NodeState, transport: consuming Transport, signals: consuming SignalDescriptor,
        listener: consuming UnixListener, output: consuming OutputThread, causalLog: CausalLog?,
        lock: consuming FileLock, keeper: consuming MemoryKeeper?
    ) throws(SystemCallError) {
        let epoll = try Epoll()
        let wakeup = try WakeupDescriptor()
        let timer = try TimerDescriptor()
        try epoll.add(timer.raw, token: Token.timer, interest: .read)
        try epoll.add(signals.raw, token: Token.signals, interest: .read)
        try epoll.add(wakeup.raw, token: Token.wakeup, interest: .read)
        try transport.watch(with: epoll, base: Token.sockets)
        server = try StatusServer(listener, firstToken: Token.status, epoll: epoll)
        resolver = try AddressResolver(wakeup: wakeup)
        publisher = StatusPublisher(watchdogPeriod: Watchdog.interval().map { TimeSpan($0) }, at: state.now)
        self.epoll = epoll
        self.timer = timer
        self.signals = signals
        self.wakeup = wakeup
        self.transport = transport
        self.state = state
        self.lock = lock
        self.output = .some(output)
        self.keeper = keeper
        self.causalLog = causalLog
        self.state.causalLog = causalLog?.condition
        causalLog?.begin(&self.state.endpoint)
    }

    /// Runs until a signal ends it.
    ///
    /// - Throws: `SystemCallError` when a descriptor of the loop itself breaks; nothing on the network can cause it.
    func run() throws(SystemCallError) {
        try firstTurn()
        while !isStopping { try turn() }
        try stop()
    }

    /// One turn: wait, read the clock, read what arrived, judge, act.
    private func turn() throws(SystemCallError) {
        // What arrives meanwhile bears the kernel's stamp, so that nobody is judged by our rest.
        Clocks.rest(nanoseconds: rest.nanoseconds)
        let ready = try epoll.wait(timeout: isDueAfterRest || server.hasReadyCall ? 0 : -1)
        beginTurn()
        if let settled, state.now >= settled {
            self.settled = nil
            try transport.reportErrors(true)
        }
        state.beginLaterLife(into: &outbox)
        if isDetectionDue(ready) {
            try transport.drain(
                at: state.now, withErrors: hasNetworkErrors(ready), to: &state.endpoint, into: &outbox)
            state.endpoint.wake(at: state.now, into: &outbox)
            try server.judge(by: state, epoll: epoll)
        }
        try interpretOutbox()
        state.losses.receiveErrors = transport.receiveErrors
        state.noteKernelDrops()
        state.losses.notes = output?.lost ?? 0
        try serve(ready)
        try server.renewStreams(by: state, epoll: epoll)
        try makeRoom(in: transport)
        try tell()
        keepSnapshot()
        try arm()
    }

    private func beginTurn() {
        state.now = Instant(nanoseconds: Clocks.boottime())
        state.wall.refresh()
        state.endpoint.setWallClock(seconds: state.wall.seconds(state.now))
        state.endpoint.beginTurn(at: state.now, into: &outbox)
    }

    /// Whether a datagram socket is ready or a deadline has passed.
    ///
    /// Turns for status clients alone need no drain, but nobody is judged without one.
    private func isDetectionDue(_ ready: Int) -> Bool {
        if let deadline = state.endpoint.nextDeadline, deadline.instant <= state.now { return true }
        if server.nextLook <= state.now { return true }
        return (0..<ready).contains { Token.sockets..<Token.status ~= epoll[$0].token }
    }

    private func hasNetworkErrors(_ ready: Int) -> Bool {
        (0..<ready).contains {
            Token.sockets..<Token.status ~= epoll[$0].token && epoll[$0].readiness.contains(.error)
        }
    }

    /// Sets the timer to whatever falls due first.
    private func arm() throws(SystemCallError) {
        let detection = state.endpoint.nextDeadline?.instant ?? .never
        let look = server.nextLook
        state.endpoint.setCallersDeadline(look)
        let next = min(
            detection, look, publisher.deadline, state.addresses.nextLookup, keeper?.deadline ?? .never)
        rest = pace.rest(after: state.now)
        isDueAfterRest = rest > .zero && next <= state.now + rest
        if !isDueAfterRest { try timer.arm(at: next.nanoseconds) }
    }

    private func serve(_ ready: Int) throws(SystemCallError) {
        server.beginServing()
        for index in 0..<ready {
            switch epoll[index].token {
            case Token.timer: _ = try timer.acknowledge()
            case Token.signals: try takeSignals()
            case Token.wakeup: takeAddresses()
            case Token.sockets..<Token.status: break
            case let token: try server.serve(token, epoll: epoll, state: &state)
            }
        }
        try server.serveWaiting(epoll: epoll, state: &state)
        for request in state.takeDueLookups() { resolver.resolve(request) }
    }
}

extension EventLoop {
    /// Performs what the endpoint asked for: datagrams first.
    private func interpretOutbox() throws(SystemCallError) {
        keepLog()
        guard !outbox.isEmpty else { return }
        keepNumbers()
        transport.send(outbox)
        let unsent = transport.takeUnsent()
        for (datagram, errno) in unsent.datagrams {
            state.endpoint.unsent(datagram, because: SendObstacle(errno), at: state.now, into: &outbox)
        }
        state.noteUnsent(unsent)
        // A ping is of interest only to those who watch; on a lossy link there are many, and each would allocate.
        let tellsPings = server.hasSubscribers || state.logsPings
        for notice in outbox.notices where notice.kind != .pending || tellsPings {
            state.take(notice)
        }
        for remark in outbox.remarks {
            let source = SocketAddress(remark.source).description
            state.announce(
                Announcement(
                    remark, source: source, endpoint: state.endpoint, wall: state.wall, at: state.now))
        }
        try server.push(outbox.heartbeats, state: &state, epoll: epoll)
        outbox.removeAll()
    }

    /// Hands the events of this turn to the thread that writes the causal log: before their datagrams go out.
    private func keepLog() {
        causalLog?.take(from: &state.endpoint, notices: outbox.notices, wall: state.wall)
    }

    /// Tells subscribers, the journal and the service manager what this turn brought.
    private func tell() throws(SystemCallError) {
        keepLog()
        for announcement in state.takeAnnouncements() {
            if let event = announcement.event {
                try server.push(event, peer: event.peer.flatMap { state.peer($0) }, epoll: epoll)
            }
            if let entry = announcement.entry { write(entry, about: announcement.event?.peer) }
            keep(announcement)
            publisher.changed(at: state.now)
        }
        if let level = state.takeNewLogLevel() { output?.write(level) }
        let notifications =
            state.takeNotifications() + publisher.due(at: state.now, text: { state.statusText })
        for notification in notifications {
            output?.write(.notify(notification))
        }
    }

    /// Writes a note to the journal, unless it is one too many of its kind about one peer.
    ///
    /// What the daemon says of itself and of its configuration is always written: it comes once.
    private func write(_ entry: JournalEntry, about peer: String?) {
        guard let peer else { output?.write(.journal(entry)); return }
        let note = JournalNote(kind: entry.messageID, peer: peer)
        let now = Duration.nanoseconds(state.now.nanoseconds)
        guard case .admitted(let suppressed) = limiter.admit(note, at: now) else { return }
        output?.write(.journal(entry.noting(suppressed: suppressed)))
    }

    private func takeAddresses() {
        _ = wakeup.acknowledge()
        let (v4, v6) = (transport.canReach(isIPv4: true), transport.canReach(isIPv4: false))
        for answer in resolver.takeAnswers() {
            state.take(answer) { $0 ? v4 : v6 }
        }
    }

    private func takeSignals() throws(SystemCallError) {
        var reloads = false
        while let signal = try signals.next() {
            if signal.number == SIGHUP { reloads = true } else { isStopping = true }
        }
        // Once a turn, however many come meanwhile. A refused configuration has been told by then; whoever sent the
        // signal cannot be answered.
        if reloads { _ = try? state.reload() }
    }

    /// Sends the first heartbeats, and then says that the service is up.
    private func firstTurn() throws(SystemCallError) {
        beginTurn()
        state.endpoint.wake(at: state.now, into: &outbox)
        try interpretOutbox()
        let identity = "\(state.endpoint.monitor.id), epoch \(state.endpoint.monitor.clock.epoch)"
        let addresses = try transport.localAddresses()
        let pause = state.away.map { ", and goes on after a pause of \(Wording.duration($0))" } ?? ""
        state.announce(
            .start,
            "suspectd \(ReleaseVersion.text) watches as \(identity) on "
                + "\(addresses.map(\.description).joined(separator: ", "))\(pause)", priority: .notice,
            id: .start)
        tellMissing(addresses)
        state.announceWarnings()
        try makeRoom(in: transport)
        output?.write(.notify(.ready(status: state.statusText)))
        for request in state.takeDueLookups() { resolver.resolve(request) }
        try tell()
        // Until it has taken note of READY the service manager watches the sockets that it passed us, and an error on
        // one would make it give up its unit.
        settled = state.now + .seconds(2)
        recallEvents()
        ProgramPages.release()
        try arm()
    }

    /// A planned stop: the service manager first, then every peer.
    ///
    /// Before a restart the peers are not told that we leave: they hear us again before they could miss us.
    private func stop() throws(SystemCallError) {
        let isRestart = keeper != nil && RestartQuestion.ask()
        output?.write(.notify(.stopping(status: isRestart ? "Restarting" : "Leaving")))
        if isRestart {
            state.endpoint.pause(at: state.now, into: &outbox)
        } else {
            state.endpoint.leave(at: state.now, into: &outbox)
        }
        try interpretOutbox()
        let sentence = isRestart ? "stopping, to go on at once" : "leaving as planned"
        state.announce(.stop, sentence, priority: .notice, id: .stop)
        try tell()
        keepSnapshot(isLast: true)
        // From here on the service manager may watch the sockets that it passed us.
        try transport.reportErrors(false)
        try causalLog?.finish()
        try output.take()?.finish()
    }
}

/// What makes two notes of one kind: what happened, and to whom.
private struct JournalNote: Equatable {
    var kind: MessageID?
    var peer: String
}
