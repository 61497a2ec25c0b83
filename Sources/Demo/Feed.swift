internal import StatusAPI

/// What one daemon says over its status socket, kept up to date without ever waiting for it.
///
/// It holds two connections, because a stream of events admits no questions.
final class Feed {
    /// Nanoseconds between two tries to connect.
    private static let retryPeriod: Int64 = 20_000_000
    /// Nanoseconds between two questions.
    private static let questionPeriod: Int64 = 250_000_000

    /// The peers as they were reported last, sorted by id.
    private(set) var peers: [PeerReport] = []
    /// The daemon itself as it was reported last.
    private(set) var status: StatusReport?
    /// When the daemon last said anything, on the monotonic clock.
    private(set) var lastAnswer: Int64?
    /// Whether the daemon has taken our subscription: from then on no event is missed.
    private(set) var isSubscribed = false

    private let path: String
    private var process: CInt?
    private var events: Channel?
    private var probeRequests: Channel?
    private var unanswered: [MonitorMethod] = []
    private var nextTry: Int64 = 0
    private var nextQuestion: Int64 = 0

    /// Knows nothing yet.
    init(path: String) { self.path = path }

    /// Listens to the daemon with this process id from now on; to none if it is `nil`.
    ///
    /// What the one before said stays until the new one has sent anything.
    func follow(_ process: CInt?) {
        self.process = process
        disconnect()
        nextTry = 0
    }

    /// What to wait for.
    var descriptors: [CInt] { [events, probeRequests].compactMap { $0?.raw } }

    /// Takes what has come and returns the events among it; asks and connects where that is due.
    func advance(at now: Int64) -> [SubscribeReply] {
        do throws(ChannelClosed) {
            try connect(at: now)
            try ask(at: now)
            try takeAnswers(at: now)
            return try takeEvents(at: now)
        } catch {
            disconnect()
            return []
        }
    }

    private func disconnect() {
        (events, probeRequests, unanswered, isSubscribed) = (nil, nil, [], false)
    }

    private func connect(at now: Int64) throws(ChannelClosed) {
        guard let process, events == nil, now >= nextTry else { return }
        nextTry = now + Self.retryPeriod
        let events = try Channel(path: path, process: process)
        let probeRequests = try Channel(path: path, process: process)
        try events.call(.subscribe)
        (self.events, self.probeRequests, nextQuestion) = (events, probeRequests, now)
    }

    private func ask(at now: Int64) throws(ChannelClosed) {
        guard let probeRequests, unanswered.isEmpty, now >= nextQuestion else { return }
        nextQuestion = now + Self.questionPeriod
        for method in [MonitorMethod.getStatus, .listPeers] {
            try probeRequests.call(method)
            unanswered.append(method)
        }
    }

    private func takeAnswers(at now: Int64) throws(ChannelClosed) {
        guard let probeRequests else { return }
        for reply in try probeRequests.replies() {
            guard !unanswered.isEmpty else { throw ChannelClosed() }
            switch unanswered.removeFirst() {
            case .getStatus: status = try decode(reply, as: GetStatusReply.self).status
            default: peers = try decode(reply, as: ListPeersReply.self).peers
            }
            lastAnswer = now
        }
    }

    private func takeEvents(at now: Int64) throws(ChannelClosed) -> [SubscribeReply] {
        guard let events else { return [] }
        var taken: [SubscribeReply] = []
        for reply in try events.replies() {
            let report = try decode(reply, as: SubscribeReply.self)
            if report.event != nil { taken.append(report) }
            take(report.peers ?? [], isSnapshot: report.event == nil)
            isSubscribed = true
            lastAnswer = now
        }
        return taken
    }

    /// A snapshot reports all peers, an event of the one that it changed.
    private func take(_ reports: [PeerReport], isSnapshot: Bool) {
        guard !isSnapshot else { return peers = reports }
        for peer in reports {
            if let index = peers.firstIndex(where: { $0.id == peer.id }) { peers[index] = peer }
        }
    }

    private func decode<Reply: Decodable>(
        _ reply: VarlinkReply, as type: Reply.Type
    ) throws(ChannelClosed) -> Reply {
        guard reply.error == nil, let value = try? reply.parameters(type) else { throw ChannelClosed() }
        return value
    }
}
