import LinuxIO
import StatusAPI

/// A server of `org.varlink.certification`, on the same Varlink layer as the daemon's status socket.
struct CertificationService: VarlinkHandler {
    private static let methods = ["Start"] + (1...11).map { ($0 < 10 ? "Test0" : "Test") + "\($0)" } + ["End"]

    static let service = VarlinkService(
        vendor: "suspectd", product: "varlink-certifier", version: "1", url: "man:suspectd(8)",
        interfaces: [
            VarlinkInterface(
                name: "org.varlink.certification",
                methods: methods.map { .init($0, requiresMore: $0 == "Test10") }, description: description)
        ])

    /// The method that must come next; clients go through all of them in order.
    private var next = 0

    mutating func answer(
        _ call: VarlinkCall, from caller: VarlinkCaller
    ) throws(VarlinkError) -> VarlinkAnswer {
        guard call.member == Self.methods[next] else { throw wrong(Self.methods[next], call.member) }
        next = (next + 1) % Self.methods.count
        guard call.member != "Start" else { return .reply(CertificationParameters(client_id: "one")) }
        var given = try call.parameters(CertificationParameters.self)
        guard given.client_id == "one", let exchange = CertificationParameters.exchange(call.member) else {
            throw VarlinkError("org.varlink.certification.ClientIdError")
        }
        given.client_id = nil
        guard given == exchange.sent else { throw wrong("\(exchange.sent)", "\(given)") }
        guard call.member == "Test10" else { return .reply(exchange.expected) }
        return .replies(CertificationValue.replies.map { CertificationParameters(string: $0) })
    }

    private func wrong(_ wants: String, _ got: String) -> VarlinkError {
        VarlinkError(
            "org.varlink.certification.CertificationError", ["wants": ["text": wants], "got": ["text": got]])
    }

    /// How long anything is waited for, in nanoseconds.
    static let patience: Int64 = 10_000_000_000

    /// Serves one client until it hangs up.
    static func serveOne(at path: String) throws {
        let listener = try UnixListener(binding: path, mode: 0o600)
        var epoll = try Epoll(capacity: 1)
        try epoll.add(listener.raw, token: 0, interest: .read)
        print("listening")
        var handler = CertificationService()
        var stream: UnixStream?
        while stream == nil {
            _ = try epoll.wait(timeout: 10_000)
            stream = try listener.accept()
        }
        guard let stream = stream.take() else { return }
        var session = VarlinkSession(caller: VarlinkCaller(userID: 0, processID: 0))
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while case .bytes(let count) = try buffer.withUnsafeMutableBytes({
            try stream.read(into: $0, timeout: patience)
        }) {
            try session.receive(buffer[..<count], service: service, handler: &handler)
            while session.pendingOutputCount > 0 {
                let bytes = Array(session.pendingOutput)
                _ = try bytes.withUnsafeBytes { try stream.writeAll($0, timeout: patience) }
                session.consumeOutput(bytes.count)
            }
        }
    }
}
