import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

/// One daemon: its files in the test's folder, its process, and what its status socket says.
final class TestDaemon {
    let id: String
    /// The file that `--config` names.
    let configuration: String
    let stateFolder: String
    let socket: String
    private let log: String
    private var child: ChildProcess?

    /// Names the files of a daemon and writes its configuration; starts nothing.
    init(_ id: String, in folder: TestFolder, configuration text: (TestDaemon) -> String) throws {
        self.id = id
        configuration = "\(folder.path)/\(id).toml"
        stateFolder = try folder.makeFolder(id)
        socket = "\(stateFolder)/socket"
        log = "\(folder.path)/\(id).log"
        try writeFile(text(self), to: configuration)
    }

    /// Starts it, and waits until it answers.
    func start(environment: [String]? = nil) throws {
        try launch(environment: environment)
        let answers = eventually { (try? status()) != nil }
        try #require(answers, "\(id) does not answer; it wrote: \(logText)")
    }

    /// Starts it, or another program that does.
    func launch(_ program: String = Programs.daemon, _ before: [String] = [], environment: [String]? = nil)
        throws
    {
        child = nil
        child = try ChildProcess(
            program, before + ["--config", configuration],
            environment: environment.map { $0 + Self.sanitizerOptions }, output: .discard,
            errors: .file(log))
    }

    /// The options of this run's sanitizers, for a daemon with an environment of its own.
    private static let sanitizerOptions: [String] = {
        let names: [String] = ["ASAN_OPTIONS", "TSAN_OPTIONS"]
        return names.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
    }()

    /// The number of its process.
    var processID: CInt? { child?.identifier }

    /// Sends it a signal.
    func send(_ signal: Int32) throws { try child?.send(signal) }

    /// How it ends, if it does so within ten seconds.
    func waitForEnd() throws -> LinuxIO.ExitStatus? { try child?.wait(timeout: 10 * second) }

    /// Whether it still runs.
    var isAlive: Bool { ((try? child?.poll()) ?? nil) == nil && child != nil }

    /// Ends it without a word.
    func kill() throws {
        try send(SIGKILL)
        #expect(try waitForEnd() == .signaled(SIGKILL))
    }

    /// What it wrote to standard error.
    var logText: String { textOfFile(log) }

    /// The lines of that.
    var logLines: [Substring] { logText.split(separator: "\n") }
}

/// What it says.
extension TestDaemon {
    func client() throws -> StatusClient { try StatusClient(socket) }

    func status() throws -> StatusReport { try client().call(.getStatus, as: GetStatusReply.self).status }

    func peers() throws -> [PeerReport] { try client().call(.listPeers, as: ListPeersReply.self).peers }

    func peer(_ id: String) throws -> PeerReport {
        try client().call(.getPeer, PeerParameters(id: id), as: GetPeerReply.self).peer
    }

    func why(_ id: String) throws -> WhyReply {
        try client().call(.why, PeerParameters(id: id), as: WhyReply.self)
    }

    func events() throws -> [EventReport] { try client().call(.listEvents, as: ListEventsReply.self).events }

    /// The events of one kind, of all peers or of one.
    func events(_ kind: ReportedEventKind, of peer: String? = nil) throws -> [EventReport] {
        try events().filter { $0.event == kind && (peer == nil || $0.peer == peer) }
    }

    /// Whether it ever suspected any peer, or believed itself cut off.
    func hasSuspected() throws -> Bool {
        try events().contains { $0.event == .suspect || $0.event == .isolated }
    }

    /// How many datagrams it refused for a reason.
    func refused(_ reason: String) throws -> Int {
        try status().dropped.first { $0.reason == reason }?.count ?? 0
    }
}
