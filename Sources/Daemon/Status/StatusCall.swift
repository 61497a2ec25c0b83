internal import FailureDetection
internal import LinuxIO
internal import Records
internal import StatusAPI

/// What a call that is being answered from a view wants of the loop, and what the loop has said to it.
struct StatusCall {
    /// What has to be done before there is an answer.
    enum Wish {
        case open(MonitorStream)
        case reload
        case logLevel(LogLevel)
        case alive(ServiceName, within: TimeSpan?)
    }

    /// What the loop did for it; `nil` before it was asked.
    var outcome: StatusView.Outcome?
    /// What it wants done.
    var wish: Wish?
    /// The stream that its answer opens.
    var opened: MonitorStream?
    /// The process that calls `Alive`.
    var caller: PeerProcess?
}

/// The calls that show more than a view, or change something: their answers need the loop.
extension NodeState {
    mutating func open(_ stream: MonitorStream) throws(VarlinkError) -> Bool {
        if case .events(let parameters) = stream, !parameters.hasThreshold {
            call.opened = stream
            return true
        }
        guard case .opened(let error) = call.outcome else {
            call.wish = .open(stream)
            return false
        }
        if let error { throw error }
        call.opened = stream
        return true
    }

    mutating func reload() throws(ReloadFailure) -> [String]? {
        guard case .reloaded(let result) = call.outcome else {
            call.wish = .reload
            return nil
        }
        return try result.get()
    }

    /// The least urgent level that is written to the journal.
    var logLevel: LogLevel {
        get { wantedLogLevel }
        set {
            wantedLogLevel = newValue
            call.wish = .logLevel(newValue)
        }
    }
}
