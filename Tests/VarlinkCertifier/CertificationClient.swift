import LinuxIO
import StatusAPI

/// A client that goes through a certification server, on the same Varlink layer as suspectctl.
struct CertificationClient: ~Copyable {
    /// What went wrong.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let stream: UnixStream
    private var client = VarlinkClient()

    init(path: String) throws {
        stream = try UnixStream.connect(to: path, timeout: CertificationService.patience)
    }

    /// Goes through all methods in order; each reply must be the prescribed one.
    mutating func run() throws {
        try send("Start", CertificationParameters())
        let id = try reply().client_id
        for method in (1...11).map({ ($0 < 10 ? "Test0" : "Test") + "\($0)" }) + ["End"] {
            guard let exchange = CertificationParameters.exchange(method) else { continue }
            var parameters = exchange.sent
            parameters.client_id = id
            try send(method, parameters, more: method == "Test10", oneway: method == "Test11")
            switch method {
            case "Test10": try expectReplies()
            case "Test11": break
            default: try expect(exchange.expected, of: method)
            }
        }
    }

    private mutating func expect(_ expected: CertificationParameters, of method: String) throws {
        var given = try reply()
        given.client_id = nil
        guard given == expected else {
            throw Failure(description: "\(method): \(given) instead of \(expected)")
        }
    }

    private mutating func expectReplies() throws {
        let given = try CertificationValue.replies.map { _ in try reply().string }
        guard given == CertificationValue.replies else { throw Failure(description: "Test10: \(given)") }
    }

    private func send(
        _ method: String, _ parameters: CertificationParameters, more: Bool = false, oneway: Bool = false
    ) throws {
        let message = try VarlinkMessage.call(
            "org.varlink.certification.\(method)", parameters: parameters, more: more, oneway: oneway)
        _ = try message.bytes.withUnsafeBytes {
            try stream.writeAll($0, timeout: CertificationService.patience)
        }
    }

    private mutating func reply() throws -> CertificationParameters {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            if let reply = try client.nextReply() {
                if let error = reply.error { throw Failure(description: error) }
                return try reply.parameters(CertificationParameters.self)
            }
            guard
                case .bytes(let count) = try buffer.withUnsafeMutableBytes({
                    try stream.read(into: $0, timeout: CertificationService.patience)
                })
            else { throw Failure(description: "the server hung up") }
            try client.receive(buffer[..<count])
        }
    }
}
