internal import FailureDetection
internal import LinuxIO
internal import Synchronization

/// Turns the names of peers into addresses, again and again, in a thread of its own: a name server that does not
/// answer must not hold up a heartbeat.
///
/// Names of trusted peers are looked up every half minute, those of all others every five seconds, for ever.
final class AddressResolver: Sendable {
    /// A name to look up.
    struct Request: Sendable, Hashable {
        var peer: String
        var host: String
        var port: UInt16
    }

    /// What came of it.
    struct Answer: Sendable {
        var request: Request
        var result: Result<[SocketAddress], NameResolutionError>
    }

    static let settledPeriod = TimeSpan.seconds(30)
    static let retryPeriod = TimeSpan.seconds(5)

    private let requests = BoundedQueue<Request>(capacity: 8_192)
    private let mailbox: Mailbox

    /// Starts the thread; `wakeup` is signalled when there are answers.
    init(wakeup: WakeupDescriptor) throws(SystemCallError) {
        let (requests, mailbox) = (requests, Mailbox(wakeup))
        self.mailbox = mailbox
        _ = try BackgroundThread(name: "resolver") {
            while let request = requests.dequeue() { mailbox.put(Answer(request)) }
        }
    }

    deinit { requests.close() }

    /// Asks for one name; what a full queue refuses is asked again in the next round.
    func resolve(_ request: Request) { _ = requests.tryEnqueue(request) }

    /// The answers since the last call.
    func takeAnswers() -> [Answer] { mailbox.take() }
}

extension AddressResolver.Answer {
    /// Looks the name up, however long that takes.
    fileprivate init(_ request: AddressResolver.Request) {
        self.request = request
        do throws(NameResolutionError) {
            result = .success(try NameResolver.resolve(host: request.host, port: request.port))
        } catch {
            result = .failure(error)
        }
    }
}

/// Where the thread leaves its answers for the loop.
private final class Mailbox: Sendable {
    private let answers = Mutex<[AddressResolver.Answer]>([])
    private let wakeup: WakeupDescriptor

    init(_ wakeup: WakeupDescriptor) { self.wakeup = wakeup }

    func put(_ answer: AddressResolver.Answer) {
        answers.withLock { $0.append(answer) }
        wakeup.signal()
    }

    func take() -> [AddressResolver.Answer] {
        answers.withLock { answers in
            defer { answers = [] }
            return answers
        }
    }
}
