internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Synchronization
internal import Systemd
internal import Wire

/// Where the peers are reached, and what is reported of it.
extension NodeState {
    /// Takes the answer to a look-up.
    mutating func take(_ answer: AddressResolver.Answer) { addresses.take(answer, at: now) }

    /// Checks whether what is sent arrives, and where else it could be sent to.
    mutating func reviewAddresses(into outbox: inout Outbox) {
        addresses.review(at: now, endpoint: &endpoint, into: &outbox)
        for news in addresses.takeNews() { announce(news) }
    }

    /// The names that are to be looked up now.
    mutating func takeDueLookups() -> [String] { addresses.takeDue(at: now) }

    /// How the names of the peers fare; `nil` when all is well.
    var names: NamesReport? {
        let names = addresses.plan.names
        let failing = names.filter(\.isReported)
        let waiting = addresses.plan.waiting(at: now)
        guard !failing.isEmpty || waiting > 0 else { return nil }
        return NamesReport(
            unresolved: failing.count, waiting: waiting, reason: failing.first?.failure?.description)
    }

    /// For how long a report of an undelivered datagram is worth a word.
    private static let reportMemory = TimeSpan.seconds(30)

    /// What `why` says of the way to a peer, besides the evidence.
    func whereabouts(ofPeer place: Int, in state: PeerState) -> String {
        var text = ""
        if let failure = addresses.failure(place) { text += "; its name cannot be resolved: \(failure)" }
        if let report = endpoint.deliveryReport(ofPeer: place), now - report.at <= Self.reportMemory,
            // What was acknowledged afterwards was delivered.
            endpoint.acknowledged(ofPeer: place).map({ $0 < report.at }) ?? true
        {
            let reporter = SocketAddress(report.reporter).hostDescription
            text +=
                "; \(reporter) reports that datagrams to this peer are not delivered: \(Errno(rawValue: report.error))"
        }
        guard let source = endpoint.source(ofPeer: place),
            let present = endpoint.proof(ofPeer: place).present,
            source != present.address, present.waitingSince.map({ now - $0 > .seconds(1) }) ?? false
        else { return text }
        return text
            + Wording.move(from: SocketAddress(present.address), to: SocketAddress(source), in: state)
    }

    private mutating func announce(_ news: AddressBook.News) {
        var entry = JournalEntry(news.priority, news.sentence, id: .address)
        if let peer = news.peer { entry.fields.append(JournalField(.peer, peer)) }
        announce(Announcement(entry: entry, subject: news.peer))
    }
}

extension AddressBook.News {
    fileprivate var priority: JournalPriority {
        switch self {
        case .moved, .better, .unresolved: .warning
        case .resolved: .notice
        }
    }

    /// The peer that it is about, if it is one.
    fileprivate var peer: String? {
        switch self {
        case .moved(let peer, _, _, _), .better(let peer, _, _, _, _): peer
        case .unresolved(_, let peers, _, _), .resolved(_, let peers): peers.count == 1 ? peers.first : nil
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .moved(let peer, let former?, let next, let isGuess):
            "\(peer) does not answer at \(SocketAddress(former)); continuing with \(SocketAddress(next)), "
                + (isGuess ? "for which its name stands now" : "where it does")
        case .moved(let peer, nil, let next, _): "\(peer) is reached at \(SocketAddress(next))"
        case .better(let peer, let former, let lost, let next, let lostThere):
            "of what is sent to \(peer) at \(SocketAddress(former)) \(lost) % is lost, at \(SocketAddress(next)) "
                + "\(lostThere) %; continuing with \(SocketAddress(next))"
        case .unresolved(let host, let peers, let failure, let isReached):
            "the name \(host) of \(Self.list(peers)) does not resolve (\(failure)); "
                + (isReached ? "it is still reached where it was" : "nothing reaches it until it does")
        case .resolved(let host, let peers): "the name \(host) of \(Self.list(peers)) resolves again"
        }
    }

    private static func list(_ peers: [String]) -> String {
        peers.count > 3
            ? "\(peers.prefix(2).joined(separator: ", ")) and \(peers.count - 2) others"
            : peers.joined(separator: ", ")
    }
}

/// The file of addresses, written by threads of its own: a disk may take its time.
final class AddressFile: Sendable {
    private let path: String
    private let isBusy = Mutex(false)

    init(of state: NodeState) { path = Self.path(state.configuration.settings.node.stateDirectory) }

    private static func path(_ directory: String) -> String { directory + "/addresses" }

    /// What an earlier process wrote; what cannot be read is only looked up anew.
    static func read(directory: String) -> KeptAddresses {
        guard let bytes = try? DurableFile.read(path(directory), limit: 4 << 20) else {
            return KeptAddresses()
        }
        return KeptAddresses(bytes)
    }

    /// Whether another can be written.
    var isIdle: Bool { isBusy.withLock { !$0 } }

    /// Replaces the file; one that cannot be written is only missed by a restart without name servers.
    func write(_ bytes: [UInt8]) {
        isBusy.withLock { $0 = true }
        let thread = try? BackgroundThread(name: "addresses") {
            try? DurableFile.write(bytes, to: self.path)
            self.isBusy.withLock { $0 = false }
        }
        if thread == nil { isBusy.withLock { $0 = false } }
    }
}
