import LinuxIO
import StatusAPI

/// A client of a status socket; a class, because tests keep many of them in arrays.
final class StatusClient {
    /// A reply that is an error.
    struct Refused: Error {
        let name: String
    }

    /// The daemon closed the connection.
    struct Closed: Error {}

    /// The daemon says nothing, and the connection is open.
    struct TimedOut: Error {}

    private let stream: UnixStream
    private var client = VarlinkClient()

    /// Connects.
    init(_ path: String) throws {
        stream = try UnixStream.connect(to: path, timeout: second)
    }

    /// Calls a method and returns its first reply.
    func call<Reply: Decodable>(
        _ method: MonitorMethod, _ parameters: some Encodable = NoParameters(), as type: Reply.Type
    ) throws -> Reply {
        try send(
            VarlinkMessage.call(method.fullName, parameters: parameters, more: method.requiresMore).bytes)
        guard let reply = try nextReply() else { throw Closed() }
        if let name = reply.error { throw Refused(name: name) }
        return try reply.parameters(type)
    }

    /// Sends bytes as they are; false when the daemon does not take them within a second, or has closed.
    @discardableResult
    func send(_ bytes: [UInt8], timeout: Int64 = second) throws -> Bool {
        try bytes.withUnsafeBytes { try stream.writeAll($0, timeout: timeout) }
    }

    /// The next reply; `nil` when the daemon closes the connection first.
    func nextReply(within seconds: Int64 = 10) throws -> VarlinkReply? {
        while true {
            if let reply = try client.nextReply() { return reply }
            guard let bytes = try read(within: seconds) else { return nil }
            try client.receive(bytes)
        }
    }

    /// Whether the daemon has closed the connection, or does so soon; what it sends before is passed over.
    func isClosed(within seconds: Int64 = 10) throws -> Bool {
        let deadline = Clocks.monotonic() + seconds * second
        while Clocks.monotonic() < deadline {
            if try read(within: seconds) == nil { return true }
        }
        return false
    }

    /// Says that nothing more will be sent.
    func finishWriting() throws { try stream.finishWriting() }

    private func read(within seconds: Int64) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let outcome = try buffer.withUnsafeMutableBytes {
            try stream.read(into: $0, timeout: seconds * second)
        }
        switch outcome {
        case .bytes(let count): return Array(buffer[..<count])
        case .closed: return nil
        case .wouldBlock: throw TimedOut()
        }
    }
}
