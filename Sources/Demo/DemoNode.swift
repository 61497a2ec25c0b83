internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// One daemon of the demo: its files, its process, and what it says.
final class DemoNode {
    /// How its process is doing.
    enum Condition: Equatable {
        /// Not started yet.
        case absent
        case running
        /// By SIGSTOP.
        case stopped
        case ended(ExitStatus)
    }

    /// The node's id, `a`, `b` or `c`.
    let id: String
    /// What it says over its status socket.
    let feed: Feed
    /// How its process is doing.
    private(set) var condition = Condition.absent
    /// Whether its end was asked for.
    private(set) var isToEnd = false
    /// Its process id; that of the last process if there is none now.
    private(set) var process: CInt = 0
    /// What it writes to standard error.
    let log: LogFile

    private let program: String
    private let configuration: String
    private var child: ChildProcess?

    /// Names the files of a node and makes its state folder; starts nothing.
    init(id: String, program: String) throws(DemoFailure) {
        self.id = id
        self.program = program
        configuration = "config/demo/\(id).toml"
        let folder = "build/demo/\(id)"
        guard access(configuration, R_OK) == 0 else {
            throw .cannot(
                "\(configuration): \(String(cString: strerror(errno))); run this at the top of the source tree, or "
                    + "name that with --directory")
        }
        try makeFolders(folder)
        log = LogFile(path: "\(folder)/log")
        feed = Feed(path: "\(folder)/io.suspectd.Monitor")
    }

    /// Starts the daemon; one that still runs is killed first.
    func start() throws(DemoFailure) {
        child = nil
        do throws(SystemCallError) {
            let child = try ChildProcess(
                program, ["--config", configuration], output: .discard, errors: .file(log.path))
            process = child.identifier
            self.child = consume child
        } catch {
            throw DemoFailure(error)
        }
        (condition, isToEnd) = (.running, false)
        feed.follow(process)
    }

    /// Sends the daemon a signal; nothing happens when it has ended.
    func send(_ signal: CInt) {
        // It can end on its own at any moment, so a signal that finds no process is no failure.
        try? child?.send(signal)
        switch signal {
        case SIGKILL, SIGTERM: isToEnd = true
        case SIGSTOP where condition == .running: condition = .stopped
        case SIGCONT where condition == .stopped: condition = .running
        default: break
        }
    }

    /// Checks whether the process has ended.
    func refresh() {
        guard isAlive, let status = (try? child?.poll()) ?? nil else { return }
        condition = .ended(status)
        feed.follow(nil)
    }

    /// Whether there is a process, running or stopped.
    var isAlive: Bool { condition == .running || condition == .stopped }

    /// Whether its present process says that it trusts both others, and will report every change to us.
    var trustsBothOthers: Bool {
        feed.isSubscribed && feed.peers.count == 2 && feed.peers.allSatisfy { $0.state == .trusted }
    }

    /// What to wait for: news, and the end.
    var descriptors: [CInt] {
        guard isAlive, let end = child?.raw else { return feed.descriptors }
        return feed.descriptors + [end]
    }
}

/// Makes a folder and those above it.
func makeFolders(_ path: String) throws(DemoFailure) {
    var made = ""
    for part in path.split(separator: "/") {
        made += made.isEmpty ? String(part) : "/\(part)"
        guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
            throw .cannot(
                "mkdir \(made): \(String(cString: strerror(errno))); the demo keeps its daemons' state there")
        }
    }
}

extension ExitStatus {
    /// For people: `exit status 1`, `signal 9`.
    var text: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
