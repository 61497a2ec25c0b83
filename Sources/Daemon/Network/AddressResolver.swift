internal import LinuxIO
internal import Synchronization

/// Turns names into addresses in threads of its own: a name server that does not answer must hold up neither a
/// heartbeat nor another name.
///
/// Which name is asked for when is for `LookupPlan` to say; it asks for no more at a time than there are threads.
final class AddressResolver {
    /// What came of a look-up.
    struct Answer: Sendable {
        /// The name that was asked for.
        var host: String
        /// Its addresses, without ports.
        var result: Result<[SocketAddress], NameResolutionError>
    }

    /// Looks a name up, however long that takes.
    typealias LookUp = @Sendable (_ host: String) throws(NameResolutionError) -> [SocketAddress]

    private let requests = BoundedQueue<String>(capacity: LookupPlan.limit)
    private let mailbox: Mailbox
    private let lookUp: LookUp
    /// Threads that were started, and questions that have no answer yet.
    private var (threads, running) = (0, 0)

    /// Starts no thread yet: a node with only numeric peers needs none.
    ///
    /// `wakeup` is signalled when there are answers.
    init(
        wakeup: WakeupDescriptor,
        lookUp: @escaping LookUp = { (host) throws(NameResolutionError) in
            try NameResolver.resolve(host: host, port: 0)
        }
    ) {
        mailbox = Mailbox(wakeup)
        self.lookUp = lookUp
    }

    deinit { requests.close() }

    /// Asks for a name.
    func resolve(_ host: String) {
        running += 1
        if running > threads { startThread() }
        guard threads == 0 || !requests.tryEnqueue(host) else { return }
        let failure = NameResolutionError(host: host, reason: "no thread can be started", isTemporary: true)
        mailbox.put(Answer(host: host, result: .failure(failure)))
    }

    private func startThread() {
        guard threads < LookupPlan.limit else { return }
        let (requests, mailbox, lookUp) = (requests, mailbox, lookUp)
        let thread = try? BackgroundThread(name: "resolver") {
            while let host = requests.dequeue() { mailbox.put(Answer(host, lookUp)) }
        }
        if thread != nil { threads += 1 }
    }

    /// The answers since the last call.
    func takeAnswers() -> [Answer] {
        let answers = mailbox.take()
        running -= answers.count
        return answers
    }
}

extension AddressResolver.Answer {
    fileprivate init(_ host: String, _ lookUp: AddressResolver.LookUp) {
        self.host = host
        do throws(NameResolutionError) {
            result = .success(try lookUp(host))
        } catch {
            result = .failure(error)
        }
    }
}

/// Where the threads leave their answers for the loop.
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
