internal import LinuxIO
internal import Metrics
internal import StatusAPI

/// Serves metrics to a Prometheus on this host, over HTTP, in a thread of its own.
///
/// The thread is a client of the status socket like any other, so a scrape costs the detector no more than a
/// `suspectctl metrics`, and whatever is sent to the port costs it nothing. One request at a time, each within a few
/// seconds: a scraper that asks every few seconds needs no more.
enum MetricsServer {
    /// How long a client may take, and how long the daemon may take to answer, in nanoseconds.
    private static let patience: Int64 = 2_000_000_000
    private static let requestLimit = 4_096
    private static let pauseAfterError: Int64 = 500_000_000

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - listener: where requests come in.
    ///   - statusSocket: the path of the daemon's own status socket.
    /// - Throws: `SystemCallError` when there is no room for a thread.
    static func start(_ listener: consuming TCPListener, statusSocket: String) throws(SystemCallError) {
        let listener = Shared(listener)
        _ = try BackgroundThread(name: "metrics") {
            while true {
                do {
                    guard let connection = try listener.value.accept(timeout: .max / 4) else { continue }
                    try? serve(connection, statusSocket: statusSocket)
                } catch {
                    // Out of descriptors, or the like: the client waits on, so asking again at once would be in vain.
                    Clocks.rest(nanoseconds: pauseAfterError)
                }
            }
        }
    }

    /// A listener in a closure, which cannot hold what cannot be copied.
    private final class Shared: Sendable {
        let value: TCPListener

        init(_ value: consuming TCPListener) { self.value = value }
    }

    private static func serve(_ connection: borrowing TCPConnection, statusSocket: String) throws {
        guard let request = try readRequest(connection) else { return }
        let response = Array(HTTPResponse(to: request) { metrics(statusSocket: statusSocket) }.text.utf8)
        _ = try response.withUnsafeBytes { try connection.writeAll($0, timeout: patience) }
    }

    /// The head of a request; `nil` when it does not come in time or is too long.
    private static func readRequest(_ connection: borrowing TCPConnection) throws -> String? {
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: requestLimit)
        let deadline = Clocks.monotonic() + patience
        while request.count < requestLimit {
            let rest = deadline - Clocks.monotonic()
            let outcome = try buffer.withUnsafeMutableBytes {
                try connection.read(into: $0, timeout: max(rest, 0))
            }
            guard case .bytes(let count) = outcome else { return nil }
            request += buffer[..<count]
            let text = String(decoding: request, as: UTF8.self)
            if text.contains("\r\n\r\n") || text.contains("\n\n") { return text }
        }
        return nil
    }

    /// The text of all metrics; when the loop does not answer, just that.
    private static func metrics(statusSocket: String) -> String {
        let families: [MetricFamily]
        do {
            let client = try MetricsClient(path: statusSocket, patience: patience)
            families = StatusMetrics.families(try client.status(), peers: try client.peers())
        } catch {
            families = [StatusMetrics.up(false)]
        }
        return families.map(\.text).joined()
    }
}

/// The thread's connection to the status socket.
private final class MetricsClient {
    /// The daemon did not answer in time, or hung up.
    private struct NoAnswer: Error {}

    private let stream: UnixStream
    private let patience: Int64
    private var client = VarlinkClient()

    init(path: String, patience: Int64) throws {
        stream = try UnixStream.connect(to: path, timeout: patience)
        self.patience = patience
    }

    func status() throws -> StatusReport { try call(.getStatus, GetStatusReply.self).status }

    func peers() throws -> [PeerReport] { try call(.listPeers, ListPeersReply.self).peers }

    private func call<Reply: Decodable>(_ method: MonitorMethod, _ type: Reply.Type) throws -> Reply {
        let message = try VarlinkMessage.call(method.fullName)
        _ = try message.bytes.withUnsafeBytes { try stream.writeAll($0, timeout: patience) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let reply = try client.nextReply() { return try reply.parameters(type) }
            let outcome = try buffer.withUnsafeMutableBytes { try stream.read(into: $0, timeout: patience) }
            guard case .bytes(let count) = outcome else { throw NoAnswer() }
            try client.receive(buffer[..<count])
        }
    }
}
