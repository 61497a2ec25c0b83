import LinuxIO
import StatusAPI
import Synchronization
import Testing

/// What a fake daemon knows; answered through the real Varlink layer.
struct FakeState: MonitorProvider, Sendable {
    var userID: UInt32 = .max
    var logLevel = LogLevel.info
    let environment = ["LANG=C.UTF-8"]
    var statusReport = FakeState.status
    var allPeers: [PeerReport] = []
    var allEvents: [EventReport] = []
    var allServices: [ServiceReport] = []
    var quorum: Int? = 2
    /// The calls of `Alive` that counted.
    var calls: [AliveParameters] = []

    func serviceReports() -> [ServiceReport] { allServices }

    mutating func alive(_ parameters: AliveParameters, from caller: VarlinkCaller) throws(VarlinkError) {
        guard parameters.service != "strange" else {
            throw MonitorInterface.aliveRefused("it is not of the service")
        }
        guard allServices.contains(where: { $0.service == parameters.service }) else {
            throw MonitorInterface.noSuchService(ServiceParameters(host: "db1", service: parameters.service))
        }
        calls.append(parameters)
    }

    func explanation(of asked: ServiceParameters) -> WhyServiceReply? {
        allServices.first { $0.id == asked.id }.map {
            WhyServiceReply(
                service: $0, layers: [LayerReport(layer: "process", finding: "its main process 7 runs")],
                history: allEvents.filter { $0.service == asked.service && $0.peer == asked.host })
        }
    }
    var refusal: ReloadFailure?
    var auditReply = AuditReply(suspicions: [], peers: [])
    var orderReply = OrderReply(order: .unknown, basis: [])
    var clockReport = ClockReport(dot: DotText(id: "db1", epoch: 7, counter: 1), exact: true, entries: [])

    var cutReply = CutReply(exact: true, fronts: [])

    func cut() -> CutReply { cutReply }

    func audit(of id: String?) -> AuditReply {
        AuditReply(
            suspicions: auditReply.suspicions.filter { id == nil || $0.peer == id },
            peers: auditReply.peers.filter { id == nil || $0.id == id })
    }

    func clock() -> ClockReport { clockReport }

    func order(of left: DotText, to right: DotText) -> OrderReply { orderReply }
    var subscriptionProblem: String?
    var opened: [MonitorStream] = []

    func status() -> StatusReport {
        var status = statusReport
        status.count(allPeers.map(\.state))
        return status
    }

    func peers() -> [PeerReport] { allPeers }

    func peer(_ id: String) -> PeerReport? { allPeers.first { $0.id == id } }

    func explanation(of id: String) -> WhyReply? {
        peer(id).map {
            WhyReply(peer: $0, evidence: Sample.evidence, history: allEvents.filter { $0.peer == id })
        }
    }

    func witnesses(of id: String) -> WitnessesReply? {
        peer(id).map { peer in
            let own = WitnessReport(id: "db1", sinceUSec: Sample.now, dot: nil)
            return WitnessesReply(
                peer: peer, own: peer.state == .suspected ? own : nil,
                observers: 1 + peer.witnesses.count { $0.counted }, quorum: quorum, members: 3)
        }
    }

    func events(last: Int?) -> [EventReport] { Array(allEvents.suffix(last ?? .max)) }

    mutating func open(_ stream: MonitorStream) throws(VarlinkError) -> Bool {
        if let subscriptionProblem { throw MonitorInterface.subscriptionRefused(subscriptionProblem) }
        opened.append(stream)
        return true
    }

    func reload() throws(ReloadFailure) -> [String]? {
        if let refusal { throw refusal }
        return ["margin is smaller than the interval"]
    }

    static let status = StatusReport(
        node: "db1", epoch: 1_700_000_000, version: "0.1.0", pid: 99, startedUSec: Sample.now - 90_000_000,
        uptimeUSec: 90_000_000, authenticated: true,
        configuration: ConfigurationReport(path: "/etc/suspectd/suspectd.toml", loadedUSec: Sample.now))
}

/// A daemon without a detector: a thread that serves a UNIX socket until it is stopped.
final class FakeDaemon: Sendable {
    /// What a test asks of the thread.
    private struct Orders: Sendable {
        var state: FakeState
        var pushes: [VarlinkMessage] = []
        var garbage = false
        var stop = false
        var subscribers = 0
        var isRunning = true
    }

    let path: String
    private let orders: Mutex<Orders>

    init(_ state: FakeState, path: String = FakeDaemon.freshPath()) throws {
        self.path = path
        orders = Mutex(Orders(state: state))
        let listener = try UnixListener(binding: path)
        let box = Mutex<UnixListener?>(listener)
        let thread = try BackgroundThread(name: "fake-daemon") { [self] in
            if let listener = box.withLock({ $0.take() }) { try? serve(listener) }
            orders.withLock { $0.isRunning = false }
        }
        _ = consume thread
    }

    static func freshPath() -> String {
        "/tmp/suspectctl-test-\(getProcessID())-\(UInt64.random(in: 0...(.max))).socket"
    }

    var subscribers: Int { orders.withLock { $0.subscribers } }

    /// Changes what the daemon knows.
    func update(_ change: (inout FakeState) -> Void) {
        orders.withLock { change(&$0.state) }
    }

    /// Remembers an event and notifies the subscribers.
    func happen(_ event: EventReport) throws {
        let message = try VarlinkMessage.event(event)
        orders.withLock {
            $0.state.allEvents.append(event)
            $0.pushes.append(message)
        }
    }

    /// What the clients' open calls asked for.
    var opened: [MonitorStream] { orders.withLock { $0.state.opened } }

    /// The calls of `Alive` that counted.
    var calls: [AliveParameters] { orders.withLock { $0.state.calls } }

    /// Whether everything that was to be sent has been.
    var isIdle: Bool { orders.withLock { $0.pushes.isEmpty } }

    /// Sends a message to every open stream.
    func send(_ message: VarlinkMessage) { orders.withLock { $0.pushes.append(message) } }

    /// Sends what is no reply to every connection.
    func sendGarbage() { orders.withLock { $0.garbage = true } }

    /// Closes everything and waits for it.
    func stop() {
        orders.withLock { $0.stop = true }
        waitUntil { !orders.withLock { $0.isRunning } }
    }

    private func serve(_ listener: borrowing UnixListener) throws {
        var clients: [FakeClient] = []
        while !orders.withLock({ $0.stop }) {
            while let stream = try listener.accept() { clients.append(try FakeClient(stream)) }
            try orders.withLock { orders in
                clients = try clients.filter {
                    try $0.serve(&orders.state, orders.pushes, garbage: orders.garbage)
                }
                orders.pushes = []
                orders.garbage = false
                orders.subscribers = clients.filter(\.isSubscribed).count
            }
            restBriefly()
        }
    }
}

/// One connection to the fake daemon.
private final class FakeClient {
    private let stream: UnixStream
    private var session: VarlinkSession
    private let service = MonitorInterface.service(version: "0.1.0")

    var isSubscribed: Bool { session.openStream != nil }

    init(_ stream: consuming UnixStream) throws {
        let credentials = try stream.peerCredentials()
        self.stream = stream
        session = VarlinkSession(
            caller: VarlinkCaller(userID: credentials.user, processID: credentials.process))
    }

    /// Does what there is to do; false when the connection is to be closed.
    func serve(_ state: inout FakeState, _ pushes: [VarlinkMessage], garbage: Bool) throws -> Bool {
        if garbage { _ = try [UInt8]("garbage\0".utf8).withUnsafeBytes { try stream.write($0) } }
        for message in pushes { try session.push(message) }
        if session.wantsInput, try !read(&state) { return false }
        try session.advance(service: service, handler: &state)
        while !session.pendingOutput.isEmpty {
            let outcome = try session.pendingOutput.withUnsafeBytes { try stream.write($0) }
            guard case .bytes(let count) = outcome else { return outcome == .wouldBlock }
            session.consumeOutput(count)
        }
        return true
    }

    private func read(_ state: inout FakeState) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        switch try buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }) {
        case .bytes(let count): try session.receive(buffer[..<count], service: service, handler: &state)
        case .wouldBlock: break
        case .closed: return false
        }
        return true
    }
}
