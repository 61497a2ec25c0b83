internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// The loop of the live view: events, keys, signals, and the passing of time.
struct WatchLoop: ~Copyable {
    /// What woke the loop.
    private enum Source: UInt64 {
        case signals
        case keys
        case events
    }

    /// What the loop does next.
    private enum Step {
        case wait
        case draw
        case end(Int32)
    }

    /// How often ages are drawn anew, in milliseconds.
    private static let period: CInt = 250
    /// How often a daemon that is not there is tried again, in milliseconds.
    private static let retryPeriod: CInt = 500
    /// For how long after a frame no event causes another one, in milliseconds.
    ///
    /// A storm of events must not become a storm of questions to the daemon.
    private static let rest: CInt = 100

    private let context: ControlContext
    private let signals: SignalDescriptor
    private var feed: WatchFeed
    private var keyboard = WatchKeys()

    /// Prepares the loop; signals are collected from now on.
    init(
        socket: String, parameters: SubscribeParameters, context: ControlContext
    ) throws(SystemCallError) {
        self.context = context
        signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP, SIGWINCH])
        feed = WatchFeed(socket: socket, parameters: parameters)
    }

    /// Shows the view until a key or a signal ends it, and returns the exit status.
    mutating func run() throws(SystemCallError) -> Int32 {
        let screen = TerminalScreen(output: context.output)
        while true {
            feed.refresh()
            var view = WatchView(
                model: feed.model, nowUSec: context.wallClockUSec(), size: TerminalScreen.size)
            keyboard.bound(by: view.lastOffset)
            view.offset = keyboard.offset
            screen.draw(view.lines(context.style).map(context.shown))
            switch try nextStep(screen) {
            case .wait, .draw: continue
            case .end(let status): return status
            }
        }
    }

    private mutating func nextStep(_ screen: borrowing TerminalScreen) throws(SystemCallError) -> Step {
        let early = try wait(timeout: Self.rest, events: nil, screen)
        guard case .wait = early else { return early }
        let timeout = feed.descriptor == nil ? Self.retryPeriod : Self.period
        return try wait(timeout: timeout, events: feed.descriptor, screen)
    }

    /// Waits for keys and signals, and for events too if their descriptor is given.
    private mutating func wait(
        timeout: CInt, events: CInt?, _ screen: borrowing TerminalScreen
    ) throws(SystemCallError) -> Step {
        // A new set each time: the descriptor of the events changes when the daemon restarts.
        var epoll = try Epoll(capacity: 4)
        try epoll.add(signals.raw, token: Source.signals.rawValue, interest: .read)
        if isatty(STDIN_FILENO) == 1 {
            try epoll.add(STDIN_FILENO, token: Source.keys.rawValue, interest: .read)
        }
        if let events { try epoll.add(events, token: Source.events.rawValue, interest: .read) }
        let count = try epoll.wait(timeout: timeout)
        for index in 0..<count {
            let source = Source(rawValue: epoll[index].token)
            if source == .signals, let status = try statusAfterSignals() { return .end(status) }
            if source == .keys, keyboard.take(screen.keys()) { return .end(ExitStatus.success) }
        }
        return count > 0 ? .draw : .wait
    }

    /// A signal other than a change of size ends the view, with the status that shells give it.
    private func statusAfterSignals() throws(SystemCallError) -> Int32? {
        while let signal = try signals.next() {
            if signal.number != SIGWINCH { return 128 + signal.number }
        }
        return nil
    }
}
