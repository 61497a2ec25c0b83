import LinuxIO
import StatusAPI
import Synchronization
import Testing

/// A daemon that answers each method with texts that a test gives, however wrong.
///
/// An open stream gets its texts and then garbage, so that every command ends.
final class LyingDaemon: Sendable {
    private struct Script: Sendable {
        var replies: [String: [String]] = [:]
        var called: Set<String> = []
        var stop = false
        var isRunning = true
    }

    /// Its socket.
    let path = FakeDaemon.freshPath()
    private let script = Mutex(Script())

    init() throws {
        let box = Mutex<UnixListener?>(try UnixListener(binding: path))
        let thread = try BackgroundThread(name: "lying-daemon") { [self] in
            if let listener = box.withLock({ $0.take() }) { try? serve(listener) }
            script.withLock { $0.isRunning = false }
        }
        _ = consume thread
    }

    /// Answers methods with these texts from now on, and forgets what was called.
    func answer(with replies: [String: [String]]) {
        script.withLock {
            $0.replies = replies
            $0.called = []
        }
    }

    /// The methods that were called since the last `answer`, by their full names.
    var called: Set<String> { script.withLock { $0.called } }

    /// Closes everything and waits for it.
    func stop() {
        script.withLock { $0.stop = true }
        waitUntil { !script.withLock { $0.isRunning } }
    }

    private func serve(_ listener: borrowing UnixListener) throws {
        var clients: [Client] = []
        while !script.withLock({ $0.stop }) {
            while let stream = try listener.accept() { clients.append(Client(stream)) }
            clients = clients.filter { client in
                (try? client.serve { method in
                    script.withLock {
                        $0.called.insert(method)
                        return $0.replies[method] ?? []
                    }
                }) ?? false
            }
            if clients.isEmpty { restBriefly() }
        }
    }

    private final class Client {
        private let stream: UnixStream
        private var framer = VarlinkFramer(limit: 1 << 20)

        init(_ stream: consuming UnixStream) { self.stream = stream }

        /// False when the connection is over.
        func serve(_ replies: (String) -> [String]) throws -> Bool {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let outcome = try buffer.withUnsafeMutableBytes { try stream.read(into: $0, timeout: 100_000) }
            switch outcome {
            case .closed: return false
            case .wouldBlock: return true
            case .bytes(let count): try framer.append(buffer[..<count])
            }
            while let message = try framer.next() {
                let call = try JSONText.decode(Call.self, from: message)
                let texts = replies(call.method) + (call.more == true ? ["garbage"] : [])
                for text in texts {
                    let bytes = [UInt8](text.utf8) + [0]
                    guard try bytes.withUnsafeBytes({ try stream.writeAll($0, timeout: 1_000_000_000) })
                    else { return false }
                }
            }
            return true
        }
    }

    private struct Call: Decodable {
        let method: String
        let more: Bool?
    }
}

/// What every method answers, each field set: from the golden files of the interface.
enum GoldenReplies {
    /// The texts of successful replies, by full method name; of a stream all of them.
    static func load() throws -> [String: [String]] {
        var replies: [String: [String]] = [:]
        for method in MonitorMethod.allCases.map(\.fullName) + ServiceMethod.allCases.map(\.fullName) {
            let bytes = try #require(try DurableFile.read("\(folder)/\(method).txt"), "\(method)")
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            let texts = lines.filter { $0.hasPrefix("< ") && !$0.hasPrefix("< {\"error\"") }
                .map { String($0.dropFirst(2)) }
            replies[method] = texts.first?.contains("\"continues\":true") == true ? texts : [texts[0]]
        }
        return replies
    }

    private static let folder =
        #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/StatusAPITests/Golden"
}
