internal import LinuxIO
internal import Metrics
internal import StatusAPI

/// Serves metrics to a Prometheus on this host, over HTTP, in a thread of its own.
///
/// The thread is a client of the status socket like any other, so a scrape costs the detector no more than a
/// `suspectctl metrics`, and whatever is sent to the port costs it nothing. Connections are served side by side; a client
/// that asks nothing in time is dropped, and when there are too many, the one that has waited longest.
struct MetricsServer: ~Copyable {
    /// The most connections at a time.
    static let connectionLimit = 64
    /// How long a client may take to ask, and to read the answer, in nanoseconds.
    private static let headTime: Int64 = 2_000_000_000
    private static let readingTime: Int64 = 5_000_000_000
    /// How long the daemon may take to answer, in nanoseconds.
    private static let patience: Int64 = 2_000_000_000
    /// For how long a page answers further requests: a crowd of requests gets one page.
    private static let freshness: Int64 = 250_000_000

    private let listener: TCPListener
    private let statusSocket: String
    private var epoll: Epoll
    private var connections: [MetricsConnection] = []
    private var nextToken: UInt64 = 1
    private var page: (text: String, made: Int64)?
    /// When to accept again, after descriptors ran out; `nil` while the listener is watched.
    private var acceptAgain: Int64?

    private init(_ listener: consuming TCPListener, statusSocket: String) throws(SystemCallError) {
        let epoll = try Epoll()
        try epoll.add(listener.raw, token: 0, interest: .read)
        self.epoll = epoll
        self.listener = listener
        self.statusSocket = statusSocket
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - listener: where requests come in.
    ///   - statusSocket: the path of the daemon's own status socket.
    /// - Throws: `SystemCallError` when there is no space for a thread.
    static func start(_ listener: consuming TCPListener, statusSocket: String) throws(SystemCallError) {
        let handover = Handover(try MetricsServer(listener, statusSocket: statusSocket))
        _ = try BackgroundThread(name: "metrics") { handover.take()?.run() }
    }

    /// Starts a thread that serves as soon as there is a listener; it checks once a second.
    static func startLater(
        statusSocket: String, _ listen: @escaping @Sendable () throws(SystemCallError) -> TCPListener?
    ) {
        _ = try? BackgroundThread(name: "metrics") {
            while true {
                Clocks.rest(nanoseconds: 999_999_999)
                guard let listener = (try? listen()) ?? nil,
                    let server = try? MetricsServer(listener, statusSocket: statusSocket)
                else { continue }
                server.run()
            }
        }
    }

    private consuming func run() {
        while true {
            guard let ready = try? epoll.wait(timeout: connections.isEmpty && acceptAgain == nil ? -1 : 100)
            else {
                // Only for want of memory: others may have more use for it at present.
                Clocks.rest(nanoseconds: 100_000_000)
                continue
            }
            for index in 0..<ready {
                let token = epoll[index].token
                if token == 0 { accept() } else { serve(token) }
            }
            let now = Clocks.monotonic()
            for connection in connections where connection.deadline <= now { close(connection) }
            if let acceptAgain, acceptAgain <= now { resumeAccepting() }
        }
    }

    private mutating func accept() {
        do throws(SystemCallError) {
            while let stream = try listener.accept() { admit(stream) }
        } catch {
            // Out of descriptors, or the like: the client waits on, so asking again immediately would be
            // useless.
            try? epoll.remove(listener.raw)
            acceptAgain = Clocks.monotonic() + 500_000_000
        }
    }

    private mutating func resumeAccepting() {
        acceptAgain = nil
        try? epoll.add(listener.raw, token: 0, interest: .read)
    }

    private mutating func admit(_ stream: consuming TCPConnection) {
        if connections.count == Self.connectionLimit,
            let oldest = connections.first(where: { !$0.isAnswered })
                ?? connections.first
        {
            close(oldest)
        }
        let connection = MetricsConnection(
            stream, token: nextToken, deadline: Clocks.monotonic() + Self.headTime)
        nextToken += 1
        guard (try? epoll.add(connection.raw, token: connection.token, interest: .read)) != nil else {
            return
        }
        connections.append(connection)
    }

    private mutating func serve(_ token: UInt64) {
        guard let connection = connections.first(where: { $0.token == token }) else { return }
        if !connection.isAnswered {
            switch connection.readHead() {
            case .whole(let head):
                let response = HTTPResponse(to: head) { freshPage() }
                connection.answer(response.text, deadline: Clocks.monotonic() + Self.readingTime)
            case .incomplete: return
            case .unusable: return close(connection)
            }
        }
        guard connection.flush() else { return close(connection) }
        try? epoll.modify(connection.raw, token: token, interest: .write)
    }

    private mutating func close(_ connection: MetricsConnection) {
        try? epoll.remove(connection.raw)
        connections.removeAll { $0 === connection }
        if acceptAgain != nil { resumeAccepting() }
    }

    private mutating func freshPage() -> String {
        if let page, Clocks.monotonic() - page.made < Self.freshness { return page.text }
        let text = metrics()
        page = (text, Clocks.monotonic())
        return text
    }

    /// The text of all metrics; when the loop does not answer, just that.
    private func metrics() -> String {
        let families: [MetricFamily]
        do {
            let client = try MetricsClient(path: statusSocket, patience: Self.patience)
            families = StatusMetrics.families(
                try client.status(), peers: try client.peers(), services: try client.services())
        } catch {
            families = [StatusMetrics.up(false)]
        }
        return families.map(\.text).joined()
    }
}

/// One client of the port.
private final class MetricsConnection {
    enum Head {
        case whole(String)
        case incomplete
        /// Too long, or the client is gone.
        case unusable
    }

    private static let headLimit = 4_096

    let token: UInt64
    /// When the client is dropped, by `Clocks.monotonic()`.
    private(set) var deadline: Int64
    private(set) var isAnswered = false
    private let stream: TCPConnection
    private var head: [UInt8] = []
    private var response: ArraySlice<UInt8> = []

    init(_ stream: consuming TCPConnection, token: UInt64, deadline: Int64) {
        self.stream = stream
        self.token = token
        self.deadline = deadline
    }

    var raw: CInt { stream.raw }

    /// Reads what has come of the head of the request.
    func readHead() -> Head {
        var buffer = [UInt8](repeating: 0, count: Self.headLimit)
        let outcome = buffer.withUnsafeMutableBytes { try? stream.read(into: $0) }
        switch outcome {
        case .wouldBlock: return .incomplete
        case .closed, nil: return .unusable
        case .bytes(let count): head += buffer[..<count]
        }
        let text = String(decoding: head, as: UTF8.self)
        if text.contains("\r\n\r\n") || text.contains("\n\n") { return .whole(text) }
        return head.count < Self.headLimit ? .incomplete : .unusable
    }

    func answer(_ text: String, deadline: Int64) {
        (response, self.deadline, isAnswered) = (Array(text.utf8)[...], deadline, true)
    }

    /// Sends what can be sent; false when that was all, or the client is gone.
    func flush() -> Bool {
        while !response.isEmpty {
            switch response.withUnsafeBytes({ try? stream.write($0) }) {
            case .bytes(let count): response = response.dropFirst(count)
            case .wouldBlock: return true
            case .closed, nil: return false
            }
        }
        return false
    }
}
