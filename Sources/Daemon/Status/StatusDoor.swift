internal import LinuxIO
internal import Synchronization

/// Where clients come in: the listening socket, and the file that leads to it.
struct StatusDoor: ~Copyable {
    /// How often it is checked whether the file is still there, in nanoseconds.
    private static let period: Int64 = 1_000_000_000
    /// `nil` while it cannot be bound.
    private var listener: UnixListener?
    private let token: UInt64
    private let path: String
    /// When to try again to accept clients, after descriptors ran out; `nil` while the listener is watched.
    private var acceptAgain: Int64?
    private var nextLook = Clocks.monotonic() + StatusDoor.period
    /// Whether the loop was informed that the file is gone, and cannot be made again.
    private var isLossReported = false

    init(_ entrance: consuming StatusEntrance, token: UInt64, epoll: borrowing Epoll) throws(SystemCallError)
    {
        path = entrance.path
        listener = entrance.listener.take()
        self.token = token
        isLossReported = listener == nil
        if let raw = listener?.raw { try epoll.add(raw, token: token, interest: .read) }
    }

    /// Takes one of the clients that wait; `nil` when none does, or none can be taken.
    mutating func accept(epoll: borrowing Epoll, reportingTo exchange: StatusExchange) -> UnixStream? {
        do throws(SystemCallError) {
            return try listener?.accept()
        } catch {
            // Out of descriptors: clients wait in the queue until one goes, or a while.
            exchange.ask(.unaccepted(error))
            acceptAgain = Clocks.monotonic() + 1_000_000_000
            if let raw = listener?.raw { try? epoll.remove(raw) }
            return nil
        }
    }

    /// Accepts clients again, as one has gone.
    mutating func reopen(epoll: borrowing Epoll) {
        guard acceptAgain != nil else { return }
        acceptAgain = nil
        if let raw = listener?.raw { try? epoll.add(raw, token: token, interest: .read) }
    }

    /// Checks, now and then, whether the file still leads here, and makes it, or makes it again, if not.
    mutating func look(epoll: borrowing Epoll, reportingTo exchange: StatusExchange) {
        let now = Clocks.monotonic()
        if let acceptAgain, acceptAgain <= now { reopen(epoll: epoll) }
        guard nextLook <= now else { return }
        nextLook = now + Self.period
        let former = listener?.raw
        guard !path.isEmpty, !(listener?.isInPlace ?? false) else { return isLossReported = false }
        guard listener?.isOwn ?? true else { return reportLoss(.lostByManager(path: path), exchange) }
        do throws(SystemCallError) {
            let fresh = try UnixListener(binding: path, mode: 0o666)
            try epoll.add(fresh.raw, token: token, interest: .read)
            if acceptAgain == nil, let former { try? epoll.remove(former) }
            listener = .some(fresh)
            (acceptAgain, isLossReported) = (nil, false)
            exchange.ask(.moved(former == nil ? .bound(path: path) : .boundAnew(path: path)))
        } catch {
            reportLoss(.lost(path: path, error), exchange)
        }
    }

    private mutating func reportLoss(_ change: StatusSocketChange, _ exchange: StatusExchange) {
        if !isLossReported { exchange.ask(.moved(change)) }
        isLossReported = true
    }
}
