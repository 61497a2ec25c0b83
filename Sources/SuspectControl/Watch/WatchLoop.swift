internal import Glibc
internal import LinuxIO

/// The loop of the live view: events, keys, signals, and the passing of time.
struct WatchLoop: ~Copyable {
    /// What woke the loop.
    private enum Source: UInt64 {
        case signals
        case keys
        case events
    }

    /// How often ages are drawn anew, in milliseconds.
    private static let period: CInt = 1000
    /// How often a daemon that is not there is tried again, in milliseconds.
    private static let retryPeriod: CInt = 500

    private let context: ControlContext
    private let signals: SignalDescriptor
    private var feed: WatchFeed

    /// Prepares the loop; signals are collected from now on.
    init(socket: String, context: ControlContext) throws(SystemCallError) {
        self.context = context
        signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP, SIGWINCH])
        feed = WatchFeed(socket: socket)
    }

    /// Shows the view until a key or a signal ends it, and returns the exit status.
    mutating func run() throws(SystemCallError) -> Int32 {
        let screen = TerminalScreen(output: context.output)
        while true {
            feed.refresh()
            let now = context.wallClockUSec()
            let view = WatchView(model: feed.model, nowUSec: now, size: TerminalScreen.size)
            screen.draw(view.lines(context.style))
            if let status = try waitForChange(screen) { return status }
        }
    }

    /// Waits until something is to be drawn anew; returns an exit status when the view is to end.
    private mutating func waitForChange(_ screen: borrowing TerminalScreen) throws(SystemCallError) -> Int32?
    {
        // A new set each time: the feed's descriptor changes when the daemon restarts.
        var epoll = try Epoll(capacity: 4)
        try epoll.add(signals.raw, token: Source.signals.rawValue, interest: .read)
        if isatty(STDIN_FILENO) == 1 {
            try epoll.add(STDIN_FILENO, token: Source.keys.rawValue, interest: .read)
        }
        if let descriptor = feed.descriptor {
            try epoll.add(descriptor, token: Source.events.rawValue, interest: .read)
        }
        let count = try epoll.wait(timeout: feed.descriptor == nil ? Self.retryPeriod : Self.period)
        for index in 0..<count {
            let source = Source(rawValue: epoll[index].token)
            if source == .signals, let status = try statusAfterSignals() { return status }
            if source == .keys, endsView(screen.keys()) { return ExitStatus.success }
        }
        return nil
    }

    /// `q`, and Control-D; a terminal that is gone reads as no key at all.
    private func endsView(_ keys: [UInt8]) -> Bool {
        keys.isEmpty || keys.contains(UInt8(ascii: "q")) || keys.contains(4)
    }

    /// A signal other than a change of size ends the view, with the status that shells give it.
    private func statusAfterSignals() throws(SystemCallError) -> Int32? {
        while let signal = try signals.next() {
            if signal.number != SIGWINCH { return 128 + signal.number }
        }
        return nil
    }
}
