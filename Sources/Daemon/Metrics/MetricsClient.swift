internal import LinuxIO
internal import StatusAPI

/// The thread's connection to the status socket.
final class MetricsClient {
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

    func services() throws -> [ServiceReport] {
        try call(.listServices, ListServicesReply.self).services
    }

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
