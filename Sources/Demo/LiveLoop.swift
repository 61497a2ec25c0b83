internal import Glibc
internal import LinuxIO

/// The live table: draws what the daemons say, and does what the keys ask for.
struct LiveLoop {
    /// Nanoseconds between two pictures at most, so that ages move.
    private static let longestPause: Int64 = 150_000_000
    /// Nanoseconds between two pictures at least.
    private static let shortestPause: Int64 = 40_000_000

    private let cluster: DemoCluster
    private var model = LiveModel()
    private var nextPicture: Int64 = 0

    /// Prepares the table of daemons that have not been started.
    init(_ cluster: DemoCluster) { self.cluster = cluster }

    /// Shows the table until a key or a signal ends it, and returns the exit status.
    mutating func run() throws(DemoFailure) -> Int32 {
        for node in cluster.nodes { try node.start() }
        try cluster.service.start()
        // From here on the terminal is changed; it is changed back when this goes.
        let screen = Screen()
        while true {
            let now = Clocks.monotonic()
            if now >= nextPicture { draw(screen, at: now) }
            let news = cluster.observe(until: nextPicture, input: STDIN_FILENO)
            if model.take(news) { nextPicture = min(nextPicture, now + Self.shortestPause) }
            for signal in cluster.takeSignals() {
                if signal == SIGWINCH { nextPicture = 0 }
                if [SIGINT, SIGTERM, SIGHUP].contains(signal) { return signal == SIGINT ? 0 : 128 + signal }
            }
            guard let keys = screen.keys() else { return 0 }
            if try !press(keys) { return 0 }
        }
    }

    private mutating func draw(_ screen: borrowing Screen, at now: Int64) {
        let wall = Int(Clocks.realtime() / 1_000)
        let nodes = cluster.nodes.map { NodePicture($0, now: now) }
        let view = LiveView(
            nodes: nodes, model: model, wallClockUSec: wall, columns: Screen.size.columns)
        screen.draw(view.lines(rows: Screen.size.rows))
        nextPicture = now + Self.longestPause
    }

    /// Does what the keys ask for; false when they end the demo.
    private mutating func press(_ keys: [UInt8]) throws(DemoFailure) -> Bool {
        for key in keys {
            guard let key = LiveKey(key) else { continue }
            switch key {
            case .quit: return false
            case .select(let index): model.selected = index
            case .act(let action): try perform(action)
            }
        }
        if !keys.isEmpty { nextPicture = 0 }
        return true
    }

    private func perform(_ action: LiveKey.Action) throws(DemoFailure) {
        let node = cluster.nodes[model.selected]
        switch action {
        case .kill: node.send(SIGKILL)
        case .stop: node.send(SIGSTOP)
        case .resume: node.send(SIGCONT)
        case .leave:
            // A stopped process takes no other signal before it is continued.
            node.send(SIGCONT)
            node.send(SIGTERM)
        case .restart: try node.start()
        }
    }
}

/// What a key asks for.
enum LiveKey {
    /// Something to do with the selected node.
    enum Action {
        case kill
        case stop
        case resume
        case restart
        case leave
    }

    /// Another node, by its index.
    case select(Int)
    case act(Action)
    case quit

    /// Reads a key; `nil` for one without a meaning.
    init?(_ byte: UInt8) {
        switch UInt8(byte) {
        case UInt8(ascii: "a"), UInt8(ascii: "1"): self = .select(0)
        case UInt8(ascii: "b"), UInt8(ascii: "2"): self = .select(1)
        case UInt8(ascii: "c"), UInt8(ascii: "3"): self = .select(2)
        case UInt8(ascii: "k"): self = .act(.kill)
        case UInt8(ascii: "s"): self = .act(.stop)
        case UInt8(ascii: "n"): self = .act(.resume)
        case UInt8(ascii: "r"): self = .act(.restart)
        case UInt8(ascii: "l"): self = .act(.leave)
        // Control-D too.
        case UInt8(ascii: "q"), 4: self = .quit
        default: return nil
        }
    }

    /// The line at the bottom.
    static let help = "a b c select   k kill -9   s stop   n continue   r restart   l leave   q quit"
}
