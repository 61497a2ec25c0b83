internal import CausalClock
internal import Configuration
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
/// 1. `now` is read once a turn, before anything else: it is the only instant any peer is judged by.
/// 2. Everything that had arrived by `now` is read before any peer is judged.
/// 3. The work of a turn is bounded, whatever arrives.
/// 4. Nothing in a turn blocks: names are resolved, and the journal written, by other threads.
///
/// With the first two, an observer that is stopped for 350 ms under a deadline of 200 ms suspects no peer whose
/// heartbeats arrived meanwhile. Read `turn()` first.
final class EventLoop {
    enum Token {
        static let timer: UInt64 = 0
        static let signals: UInt64 = 1
        static let wakeup: UInt64 = 2
        static let units: UInt64 = 3
        static let sockets: UInt64 = 16
        static let others: UInt64 = 1_024
        static let processes: UInt64 = 2_048
    }

    var epoll: Epoll
    private var timer: TimerDescriptor
    private let signals: SignalDescriptor
    let wakeup: WakeupDescriptor
    var transport: Transport
    /// When to check the interfaces of listeners; `nil` where none is named.
    var nextListenerLook: Instant?
    var desk: StatusDesk
    private var reloads: ReloadQueue
    private let epochs: EpochKeeper
    let resolver: AddressResolver
    let addressFile: AddressFile
    var output: OutputThread?
    let causalLog: CausalLog?
    var keeper: MemoryKeeper?
    /// What is said of this daemon when it has ended, and not as planned.
    var lastWords: LastWordsKeeper
    private var publisher: StatusPublisher
    /// What observes the units of this host's services; `nil` while there are none.
    var units: UnitWatch?
    var processes = WatchedProcesses(from: Token.processes)
    var state: NodeState
    /// Holds the lock that keeps other daemons from our state directory.
    var stateFiles: StateFilesWatch
    var outbox = Outbox()
    private var pace = LoopThrottle()
    /// How long to wait before the next turn, and whether something falls due meanwhile.
    private var (rest, isDueAfterRest) = (TimeSpan.zero, false)
    private var isStopping = false
    /// When the network's reports are to be asked for on sockets that were passed to us; `nil` when that is done.
    var settled: Instant?
    private var gate = JournalGate()

    init(
        state: NodeState, transport: consuming Transport, signals: consuming SignalDescriptor,
        entrance: consuming StatusEntrance, output: consuming OutputThread, causalLog: CausalLog?,
        lock: consuming sending FileLock, keeper: consuming MemoryKeeper?
    ) throws(SystemCallError) {
        let wakeup = try WakeupDescriptor()
        let timer = try TimerDescriptor()
        let epoll = try Self.epoll(
            [(timer.raw, Token.timer), (signals.raw, Token.signals), (wakeup.raw, Token.wakeup)], transport)
        let exchange = try StatusExchange(wakingLoopBy: wakeup)
        try StatusServer.start(entrance, exchange, of: state)
        desk = StatusDesk(exchange)
        reloads = ReloadQueue(path: state.path, wakeup: wakeup)
        epochs = EpochKeeper(of: state, wakeup: wakeup)
        lastWords = LastWordsKeeper(directory: state.configuration.settings.node.stateDirectory)
        stateFiles = StateFilesWatch(of: state, holding: lock)
        resolver = AddressResolver(wakeup: wakeup)
        addressFile = AddressFile(of: state)
        publisher = StatusPublisher(watchdogPeriod: Watchdog.interval().map { TimeSpan($0) }, at: state.now)
        self.epoll = epoll
        self.timer = timer
        self.signals = signals
        self.wakeup = wakeup
        nextListenerLook = transport.mayLoseAddresses ? state.now : nil
        self.transport = transport
        self.state = state
        self.output = .some(output)
        self.keeper = keeper
        self.causalLog = causalLog
        informState()
    }

    /// An epoll that waits for all `descriptors`, by their tokens, and for the sockets of `transport`.
    private static func epoll(
        _ descriptors: [(raw: CInt, token: UInt64)], _ transport: borrowing Transport
    ) throws(SystemCallError) -> Epoll {
        let epoll = try Epoll()
        for (raw, token) in descriptors { try epoll.add(raw, token: token, interest: .read) }
        try transport.watch(with: epoll, base: Token.sockets)
        return epoll
    }

    /// Hands the state what the parts of the loop know: reach, services of the process before, the causal log.
    private func informState() {
        state.addresses.setReach(
            isIPv4: transport.canReach(isIPv4: true), isIPv6: transport.canReach(isIPv4: false))
        state.services.memory = keeper?.recalledServices ?? []
        state.causalLog = causalLog?.condition
        causalLog?.begin(&state.endpoint)
    }

    /// Runs until a signal ends it.
    ///
    /// - Throws: `SystemCallError` when a descriptor of the loop itself breaks; nothing on the network can cause it.
    func run() throws(SystemCallError) {
        defer { desk.close() }
        try firstTurn()
        while !isStopping { try turn() }
        try stop()
    }

    /// One turn: wait, read the clock, read what arrived, judge, act.
    private func turn() throws(SystemCallError) {
        // What arrives meanwhile carries the kernel's stamp, so that no peer is judged by our rest.
        Clocks.rest(nanoseconds: rest.nanoseconds)
        let ready = try epoll.wait(timeout: isDueAfterRest || desk.hasWork ? 0 : -1)
        beginTurn()
        try resumeErrorReports()
        keepEpoch()
        if isDetectionDue(ready) { try detect(ready) }
        watchServices(ready)
        state.reviewAddresses(into: &outbox)
        state.endpoint.flushRecords(at: state.now, into: &outbox)
        try interpretOutbox()
        noteLosses()
        try serve(ready)
        if desk.reloads != state.reloads { desk.renewStreams(by: state) }
        try resizeReceiveBuffers(in: &transport)
        renewListeners()
        emit()
        keepServices()
        keepSnapshot()
        keepLastWords()
        desk.show(&state)
        try arm()
    }

    func beginTurn() {
        state.now = Instant(nanoseconds: Clocks.boottime())
        state.wall.refresh()
        state.endpoint.setWallClock(seconds: state.wall.seconds(state.now))
        state.endpoint.beginTurn(at: state.now, into: &outbox)
    }

    private func resumeErrorReports() throws(SystemCallError) {
        guard let settled, state.now >= settled else { return }
        self.settled = nil
        try transport.reportErrors(true)
    }

    /// Reads everything that has arrived, then judges the peers.
    private func detect(_ ready: Int) throws(SystemCallError) {
        try transport.drain(
            at: state.now, withErrors: hasNetworkErrors(ready), to: &state.endpoint, into: &outbox)
        state.endpoint.wake(at: state.now, into: &outbox)
        if desk.hasThresholds { desk.judge(by: state) }
    }

    private func noteLosses() {
        state.losses.receiveErrors = transport.receiveErrors
        state.noteKernelDrops()
        state.losses.notes = output?.lost ?? 0
    }

    /// Has the epoch in use stored where that failed, or a later one taken where a peer knows of one.
    private func keepEpoch() {
        for answer in epochs.takeAnswers() { state.take(answer, into: &outbox) }
        if let epoch = state.takeUnstoredEpoch() { epochs.begin(.store(epoch)) }
        if let task = state.takeRenewal() { epochs.begin(task) }
    }

    /// Whether a datagram socket is ready or a deadline has passed.
    ///
    /// Turns for status clients alone need no drain, but no peer is judged without one.
    private func isDetectionDue(_ ready: Int) -> Bool {
        if state.nextDetection() <= state.now { return true }
        if desk.nextLook <= state.now { return true }
        return (0..<ready).contains { Token.sockets..<Token.others ~= epoll[$0].token }
    }

    private func hasNetworkErrors(_ ready: Int) -> Bool {
        (0..<ready).contains {
            Token.sockets..<Token.others ~= epoll[$0].token && epoll[$0].readiness.contains(.error)
        }
    }

    /// Sets the timer to whatever falls due first.
    func arm() throws(SystemCallError) {
        let look = desk.nextLook
        state.endpoint.setCallersDeadline(look)
        let next = min(
            state.nextDetection(), state.nextChore(), look, desk.viewDeadline, publisher.deadline,
            nextListenerLook ?? .never, keeper?.deadline ?? .never, gate.deadline)
        rest = pace.rest(after: state.now)
        isDueAfterRest = rest > .zero && next <= state.now + rest
        if !isDueAfterRest { try timer.arm(at: next.nanoseconds) }
    }

    private func serve(_ ready: Int) throws(SystemCallError) {
        for index in 0..<ready {
            switch epoll[index].token {
            case Token.timer: _ = try timer.acknowledge()
            case Token.signals: try takeSignals()
            case Token.wakeup: takeAnswers()
            default: break
            }
        }
        reload(desk.takeRequests(state: &state))
        lookUpNames()
    }
}

extension EventLoop {
    /// Performs what the endpoint asked for: datagrams first.
    func interpretOutbox() throws(SystemCallError) {
        keepLog()
        guard !outbox.isEmpty else { return }
        if !outbox.datagrams.isEmpty { transport.send(outbox, at: state.now) }
        noteUnsent()
        takeReports()
        state.reviewServices(after: outbox)
        state.noteSilenced(outbox.silencedPeers)
        if !outbox.heartbeats.isEmpty { desk.push(outbox.heartbeats, state: &state) }
        outbox.removeAll()
    }

    /// Takes back what could not be sent, and the paths that led nowhere.
    private func noteUnsent() {
        for address in transport.takeLostPaths() { state.endpoint.forgetPath(to: address) }
        let unsent = transport.takeUnsent()
        for (datagram, errno) in unsent {
            state.endpoint.unsent(datagram, because: SendObstacle(errno), at: state.now, into: &outbox)
        }
        state.noteUnsent(unsent)
    }

    /// Takes what the endpoint found, for everything that reports it.
    private func takeReports() {
        for notice in outbox.notices where notice.kind != .pending || reportsPings { state.take(notice) }
        for remark in outbox.remarks { state.noteRefusal(remark) }
        for news in outbox.payloadNews { state.announce(news) }
        for host in outbox.recordConflicts { state.noteRecordConflict(of: host) }
        for host in outbox.unequalPeers { state.noteUnequalRecords(of: host) }
    }

    /// Whether a round of pings is reported: it is of interest only to those that watch.
    ///
    /// On a lossy link there are many rounds, and each report would allocate.
    private var reportsPings: Bool { desk.hasSubscribers || state.logsPings }

    /// Hands the events of this turn to the thread that writes the causal log: before their datagrams go out, and not before
    /// their numbers are kept, or a process that is killed would leave a log with events that its successor counts again.
    private func keepLog() {
        keepNumbers()
        causalLog?.take(from: &state.endpoint, notices: outbox.notices, wall: state.wall)
    }

    /// Reports what this turn brought to subscribers, the journal and the service manager.
    func emit() {
        keepLog()
        state.announceSilenced()
        for announcement in state.takeAnnouncements() { publish(announcement) }
        for entry in gate.takeDue(at: state.now) { output?.write(.journal(entry)) }
        if let level = state.takeNewLogLevel() { output?.write(level) }
        let notifications =
            state.takeNotifications() + publisher.due(at: state.now, text: { state.statusText })
        for notification in notifications {
            output?.write(.notify(notification))
        }
    }

    private func publish(_ announcement: Announcement) {
        if let event = announcement.event, desk.hasSubscribers {
            desk.push(event, peer: event.peer.flatMap { state.peer($0) })
        }
        if let entry = announcement.entry {
            write(entry, about: announcement.event?.peer ?? announcement.subject)
        }
        keep(announcement)
        publisher.changed(at: state.now)
    }

    /// Writes a note to the journal, unless it is one too many of its kind about one peer.
    ///
    /// What the daemon says of itself and of its configuration is always written: it comes once.
    private func write(_ entry: JournalEntry, about peer: String?) {
        guard let peer else { output?.write(.journal(entry)); return }
        if let entry = gate.admit(entry, about: peer, at: state.now) { output?.write(.journal(entry)) }
    }

    private func takeSignals() throws(SystemCallError) {
        var reloads = false
        while let signal = try signals.next() {
            if signal.number == SIGHUP { reloads = true } else { isStopping = true }
        }
        if reloads { self.reloads.ask(for: []) }
    }

    /// Has the configuration read again, and takes what was read.
    private func reload(_ clients: [UInt64]) {
        if !clients.isEmpty { reloads.ask(for: clients) }
        if let outcome = reloads.take() {
            let result = Result { () throws(ReloadFailure) in try state.endReload(outcome.result) }
            if case .success = result { renewServices() }
            // A reload is an event, and the client that asked for it may ask for the clock next.
            keepNumbers()
            desk.answer(outcome.clients, result)
        }
        if reloads.begin() { state.beginReload() }
    }
}
