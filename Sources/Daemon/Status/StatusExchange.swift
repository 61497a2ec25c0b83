internal import FailureDetection
internal import LinuxIO
internal import Records
internal import StatusAPI
internal import Synchronization

/// What the loop and the thread that serves the status socket hand each other; neither waits for the other.
final class StatusExchange: Sendable {
    /// What the thread asks of the loop; a connection has at most one of them under way.
    enum Request: Sendable {
        /// A view that is taken later than this.
        case view(ticket: UInt64)
        /// A stream that the loop has to feed: verdicts by a threshold, or heartbeats.
        case open(client: UInt64, MonitorStream)
        /// The client is gone.
        case close(client: UInt64)
        /// Another configuration.
        case reload(client: UInt64)
        /// Another level for the journal.
        case logLevel(LogLevel)
        /// A service makes progress.
        case alive(ServiceName, within: TimeSpan?)
        /// A client could not be accepted.
        case unaccepted(SystemCallError)
        /// So many clients found no connection left.
        case refused(count: Int)
        /// The file of the socket is not what it was.
        case moved(StatusSocketChange)
    }

    /// What the loop hands over, in the order in which it happened.
    enum Delivery: Sendable {
        case view(StatusView)
        case event(EventReport, peer: StatusAPI.PeerReport?)
        /// By the threshold of one client.
        case verdict(client: UInt64, EventReport, peer: StatusAPI.PeerReport?)
        case heartbeats(of: String, RecordReply)
        /// The stream has nothing more to report.
        case end(client: UInt64)
    }

    /// How many deliveries wait at most; a thread that is so far behind has its subscribers begin anew.
    static let capacity = 8_192

    private struct Box: Sendable {
        var deliveries: [Delivery] = []
        var isOverfull = false
        var isClosed = false
    }

    private let requests = Mutex<[Request]>([])
    private let box = Mutex(Box())
    private let listening = Atomic<Int>(0)
    private let loopWakeup: WakeupDescriptor
    private let threadWakeup: WakeupDescriptor
    private let ended: WakeupDescriptor

    /// Makes an exchange that wakes the loop by `loopWakeup`.
    init(wakingLoopBy loopWakeup: WakeupDescriptor) throws(SystemCallError) {
        self.loopWakeup = loopWakeup
        threadWakeup = try WakeupDescriptor()
        ended = try WakeupDescriptor()
    }
}

/// The thread's side.
extension StatusExchange {
    /// The descriptor that becomes readable when there is something for the thread.
    var threadDescriptor: CInt { threadWakeup.raw }

    /// Asks something of the loop.
    func ask(_ request: Request) {
        requests.withLock { $0.append(request) }
        loopWakeup.signal()
    }

    /// Says how many clients wait for events; before the view is asked for that the last of them begins with.
    func setListening(_ count: Int) { listening.store(count, ordering: .sequentiallyConsistent) }

    /// What the loop handed over since the last call, whether some of it was lost, and whether that was all.
    func takeDeliveries() -> (items: [Delivery], isOverfull: Bool, isClosed: Bool) {
        threadWakeup.acknowledge()
        return box.withLock { box in
            defer { (box.deliveries, box.isOverfull) = ([], false) }
            return (box.deliveries, box.isOverfull, box.isClosed)
        }
    }

    /// Says that the thread is done.
    func threadEnded() { ended.signal() }
}

/// The loop's side.
extension StatusExchange {
    /// Whether any client waits for events.
    var hasListeners: Bool { listening.load(ordering: .sequentiallyConsistent) > 0 }

    /// What the thread asked since the last call.
    func takeRequests() -> [Request] {
        requests.withLock { requests in
            defer { requests = [] }
            return requests
        }
    }

    /// Hands something over; a view always, anything else while there is space.
    func deliver(_ delivery: Delivery) {
        box.withLock { box in
            if case .view = delivery {
                box.deliveries.append(delivery)
            } else if box.deliveries.count < Self.capacity {
                box.deliveries.append(delivery)
            } else {
                box.isOverfull = true
            }
        }
        threadWakeup.signal()
    }

    /// Has the thread hand out what it has, and end; waits for it, but not for long.
    func close() {
        let wasOpen = box.withLock { box in
            defer { box.isClosed = true }
            return !box.isClosed
        }
        guard wasOpen else { return }
        threadWakeup.signal()
        try? ended.wait(milliseconds: 1_000)
    }
}

/// Everything that clients can be shown, as it was at one instant: a copy, which costs the loop the same whatever is
/// asked of it.
final class StatusView: Sendable {
    /// What the loop did for one client.
    enum Outcome: Sendable {
        /// It feeds the stream, or says why not.
        case opened(VarlinkError?)
        /// The configuration was loaded, with warnings, or refused.
        case reloaded(Result<[String], ReloadFailure>)
    }

    let state: NodeState
    /// The latest request that was made before the view was taken.
    let ticket: UInt64
    let outcomes: [UInt64: Outcome]

    init(_ state: NodeState, ticket: UInt64, outcomes: [UInt64: Outcome]) {
        (self.state, self.ticket, self.outcomes) = (state, ticket, outcomes)
    }
}

/// What became of the file of the status socket.
enum StatusSocketChange: Sendable {
    /// It could not be bound at the start.
    case unbound(path: String, SystemCallError)
    /// It could be bound after all.
    case bound(path: String)
    /// It was gone, or another one; the socket was bound anew.
    case boundAnew(path: String)
    /// It is gone, and cannot be made again.
    case lost(path: String, SystemCallError)
    /// It is gone, and is the service manager's to make.
    case lostByManager(path: String)
}
