internal import LinuxIO
internal import StatusAPI

/// The other end of a status socket is gone, or sends what we do not understand.
struct ChannelClosed: Error {}

/// A connection to one daemon's status socket that never waits: a stopped daemon must not stop the demo.
///
/// A class, because it has one socket and comes and goes with its daemon.
final class Channel {
    private let stream: UnixStream
    private var client = VarlinkClient()
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// Connects to the daemon with this process id; another one that answers is not ours.
    init(path: String, process: CInt) throws(ChannelClosed) {
        // The kernel makes the connection immediately, whether or not the daemon runs; a full backlog is a failure.
        guard let stream = try? UnixStream.connect(to: path, timeout: 10_000_000) else {
            throw ChannelClosed()
        }
        guard let listener = try? stream.peerCredentials(), listener.process == process else {
            throw ChannelClosed()
        }
        self.stream = stream
    }

    /// The number, to wait for.
    var raw: CInt { stream.raw }

    /// Sends a call.
    func call(_ method: MonitorMethod) throws(ChannelClosed) {
        let message = try? VarlinkMessage.call(method.fullName, more: method.requiresMore)
        guard let message else { throw ChannelClosed() }
        // A call is far shorter than an empty socket's space, and none is sent before the last was answered.
        let outcome = message.bytes.withUnsafeBytes { try? stream.write($0) }
        guard outcome == .bytes(message.bytes.count) else { throw ChannelClosed() }
    }

    /// The replies that have come.
    func replies() throws(ChannelClosed) -> [VarlinkReply] {
        do {
            while try readSome() {}
            var replies: [VarlinkReply] = []
            while let reply = try client.nextReply() { replies.append(reply) }
            return replies
        } catch {
            throw ChannelClosed()
        }
    }

    private func readSome() throws -> Bool {
        let outcome = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
        switch outcome {
        case .bytes(let count):
            try client.receive(buffer[..<count])
            return true
        case .wouldBlock: return false
        case .closed: throw ChannelClosed()
        }
    }
}
