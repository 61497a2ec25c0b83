import CausalClock

@testable import FailureDetection
@testable import Wire

/// Endpoints `a`, `b`, `c`, … that all watch each other, and a network of 1 ms between them that a test cuts.
struct ClusterNetwork {
    /// What one of them reported.
    struct LastReport {
        var by: String
        var kind: Notice.Kind
        var about: String?
        var cause: Cause?
        /// How many observers agreed, as its evidence says.
        var observers: Int
    }

    private(set) var endpoints: [Endpoint]
    private(set) var reported: [LastReport] = []
    private(set) var now = start
    private let names: [String]
    private let settings: (String) -> PeerSettings
    /// Links that carry nothing, by sender and receiver.
    private var cuts: [(from: Int, to: Int)] = []
    /// Links that carry no messages of records, by sender and receiver.
    private var recordless: [(from: Int, to: Int)] = []
    /// Links on which a firewall at the receiver rejects: the sender is informed that the port is closed.
    private var rejects: [(from: Int, to: Int)] = []
    private var unsendable: [(from: Int, to: Int, why: SendObstacle, every: Int)] = []
    private var refusals = 0
    private var dead: [Int] = []
    private var refusing: [Int] = []
    private var underWay: [(at: Instant, from: Int, to: Int, bytes: [UInt8])] = []
    private var outbox = Outbox()
    /// What is longer is dropped without a word.
    var longestDatagram = Int.max
    /// How long the longest datagram was that was sent.
    private(set) var longestSent = 0
    private var incarnations: UInt64 = 5

    init(
        _ count: Int, suffix: String = "", quorum: Quorum = .majority,
        settings: @escaping (String) -> PeerSettings = { WireTests.settings($0) }
    ) {
        let names = (0..<count).map { String(UnicodeScalar(UInt8(97 + $0))) + suffix }
        self.names = names
        self.settings = settings
        endpoints = []
        for place in 0..<count { endpoints.append(makeEndpoint(place, quorum: quorum)) }
    }

    private func makeEndpoint(_ place: Int, quorum: Quorum) -> Endpoint {
        let others = names.filter { $0 != names[place] }
        var endpoint = Endpoint(
            Monitor(
                id: host(names[place]), epoch: Epoch(incarnations), peers: others.map(settings),
                seed: UInt64(place) + incarnations, at: now))
        endpoint.setQuorum(quorum)
        for (index, other) in others.enumerated() {
            endpoint.setAddress(loopback(UInt16(self.place(other))), ofPeer: index)
        }
        return endpoint
    }

    private func place(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }

    /// Stops a host without a word.
    mutating func kill(_ name: String) { dead.append(place(name)) }

    /// Starts a new incarnation of a host.
    mutating func restart(_ name: String, quorum: Quorum = .majority, epoch: Epoch? = nil) {
        incarnations = epoch?.value ?? incarnations + 1
        let place = place(name)
        endpoints[place] = makeEndpoint(place, quorum: quorum)
        dead.removeAll { $0 == place }
    }

    /// Reloads a host's configuration: from now on it watches the hosts in one string.
    mutating func reload(_ name: String, watching others: String) {
        let watched = others.map(String.init).filter { $0 != name }
        endpoints[place(name)].retune(watched.map(settings), at: now)
        address(place(name), watched)
    }

    /// Ends a host's process after a while and begins another, which resumes its incarnation and watches the
    /// hosts in one string; what is sent to it meanwhile is lost.
    mutating func resume(_ name: String, watching others: String, after absence: TimeSpan = .zero) {
        let watched = others.map(String.init).filter { $0 != name }
        let snapshot = self[name].monitor.snapshot(at: now)
        let hasKey = self[name].monitor.requiresFreshness
        kill(name)
        if absence > .zero { run(absence) }
        let place = place(name)
        dead.removeAll { $0 == place }
        self[name] = Endpoint(
            Monitor(resuming: snapshot, peers: watched.map(settings), seed: 99 + incarnations, at: now))
        self[name].monitor.requiresFreshness = hasKey
        address(place, watched)
    }

    private mutating func address(_ place: Int, _ others: [String]) {
        for other in others {
            guard let index = endpoints[place].monitor.index(of: host(other)) else { continue }
            endpoints[place].setAddress(loopback(UInt16(self.place(other))), ofPeer: index)
        }
    }

    /// Lets a host announce that it stops, and stops it.
    mutating func leave(_ name: String) {
        outbox.removeAll()
        endpoints[place(name)].leave(at: now, into: &outbox)
        send(from: place(name))
        kill(name)
    }

    /// Cuts the links between two groups, both ways; hosts in one string.
    mutating func cut(_ some: String, _ others: String) {
        for one in some {
            for other in others {
                cutOneWay(from: String(one), to: String(other))
                cutOneWay(from: String(other), to: String(one))
            }
        }
    }

    mutating func cutOneWay(from: String, to: String) { cuts.append((place(from), place(to))) }

    /// Loses from now on what carries records from one host to another, and nothing else.
    mutating func loseRecords(from: String, to: String) { recordless.append((place(from), place(to))) }

    /// The host of a dead daemon says from now on that no process listens.
    mutating func refusesFrom(_ name: String) { refusing.append(place(name)) }

    /// The receiver's firewall rejects from now on what one of them sends to another.
    mutating func reject(from: String, to: String) { rejects.append((place(from), place(to))) }

    /// The kernel of a host refuses from now on what it sends to another.
    ///
    /// Of so many datagrams, `every`, one is refused.
    mutating func refuseToSend(from: String, to: String, because obstacle: SendObstacle, every: Int = 1) {
        if obstacle == .noAddress {
            let index = self[from].monitor.index(of: host(to)) ?? 0
            self[from].setAddress(nil, ofPeer: index)
        } else {
            unsendable.append((place(from), place(to), obstacle, every))
        }
    }

    private mutating func refuses(_ every: Int) -> Bool {
        refusals += 1
        return refusals.isMultiple(of: every)
    }

    mutating func forgetLongest() { longestSent = 0 }

    mutating func allowToSend() { unsendable = [] }

    /// A host continues under another name, which no other host knows.
    mutating func rename(_ name: String, to other: String) {
        incarnations += 1
        let place = place(name)
        var endpoint = Endpoint(
            Monitor(
                id: host(other), epoch: Epoch(incarnations),
                peers: names.filter { $0 != name }.map(settings), seed: incarnations, at: now))
        for (index, peer) in names.filter({ $0 != name }).enumerated() {
            endpoint.setAddress(loopback(UInt16(self.place(peer))), ofPeer: index)
        }
        endpoints[place] = endpoint
    }

    /// What was reported of records, and at which host.
    private(set) var recordNews: [(at: Instant, by: String, news: Outbox.RecordNews)] = []
    /// In whose name records were forged, as hosts found.
    private(set) var recordConflicts: [(by: String, about: HostID)] = []

    /// Which peers were said to hold other records for good.
    private(set) var unequalPeers: [(by: String, about: HostID)] = []

    /// Does something at a host, and sends what follows from it.
    mutating func act(_ name: String, _ action: (inout Endpoint, Instant, inout Outbox) -> Void) {
        let place = place(name)
        outbox.removeAll()
        action(&endpoints[place], now, &outbox)
        endpoints[place].flushRecords(at: now, into: &outbox)
        takeRecords(place)
        send(from: place)
    }

    private mutating func takeRecords(_ place: Int) {
        recordNews += outbox.recordNews.map { (now, names[place], $0) }
        unequalPeers += outbox.unequalPeers.map { (names[place], $0) }
        recordConflicts += outbox.recordConflicts.map { (names[place], $0) }
    }

    /// Repairs everything.
    mutating func heal() { (cuts, rejects) = ([], []) }

    subscript(name: String) -> Endpoint {
        get { endpoints[place(name)] }
        set { endpoints[place(name)] = newValue }
    }

    /// What `observer` thinks of `peer`.
    func report(_ observer: String, on peer: String) -> PeerReport? {
        let monitor = self[observer].monitor
        return monitor.index(of: host(peer)).map { monitor.report(ofPeer: $0) }
    }

    func isConfirmed(_ observer: String, on peer: String) -> Bool {
        report(observer, on: peer)?.isConfirmed ?? false
    }

    /// The names of those of which `observer` knows that they suspect `peer`.
    func witnesses(_ observer: String, on peer: String) -> [String] {
        let monitor = self[observer].monitor
        return monitor.index(of: host(peer)).map { monitor.witnesses(ofPeer: $0).map(\.dot.host.description) }
            ?? []
    }

    /// What was reported of a kind.
    func reported(_ kind: Notice.Kind, by: String? = nil, about: String? = nil) -> [LastReport] {
        reported.filter {
            $0.kind == kind && (by == nil || $0.by == by) && (about == nil || $0.about == about)
        }
    }

    mutating func run(_ span: TimeSpan) {
        let end = now + span
        while true {
            let living = endpoints.indices.filter { !dead.contains($0) }
            let due = living.map { endpoints[$0].nextWake }.min() ?? .never
            let next = min(due, underWay.map(\.at).min() ?? .never)
            guard next < end else { break }
            now = max(now, next)
            for place in living { turn(place) }
        }
        now = end
    }

    private func isRejected(_ from: Int, _ to: Int) -> Bool {
        rejects.contains { $0.from == from && $0.to == to }
    }

    private mutating func turn(_ place: Int) {
        outbox.removeAll()
        endpoints[place].beginTurn(at: now, into: &outbox)
        for datagram in underWay
        where datagram.to == place && datagram.at <= now && !isRejected(datagram.from, datagram.to) {
            endpoints[place].receive(
                datagram.bytes.span, from: loopback(UInt16(datagram.from)), arrived: datagram.at, at: now,
                into: &outbox)
        }
        for datagram in underWay
        where datagram.from == place && datagram.at <= now
            && (refusing.contains(datagram.to) || isRejected(datagram.from, datagram.to))
        {
            let refuser = loopback(UInt16(datagram.to))
            endpoints[place].portUnreachable(
                refuser, reportedBy: refuser, quoting: datagram.bytes.span, at: now, into: &outbox)
        }
        let (rejected, dead, now) = (rejects, dead, now)
        underWay.removeAll { datagram in
            let isRejected = rejected.contains { $0.from == datagram.from && $0.to == datagram.to }
            guard datagram.at <= now else { return false }
            return isRejected
                ? datagram.from == place : datagram.to == place || dead.contains(datagram.to)
        }
        endpoints[place].wake(at: now, into: &outbox)
        for notice in outbox.notices {
            reported.append(
                LastReport(
                    by: names[place], kind: notice.kind, about: notice.peer?.description,
                    cause: notice.verdict?.cause, observers: notice.evidence?.agreement.observers ?? 0))
        }
        takeRecords(place)
        send(from: place)
    }

    private mutating func send(from place: Int) {
        for datagram in outbox.datagrams {
            let to = Int(datagram.destination.port)
            if let refusal = unsendable.first(where: { $0.from == place && $0.to == to }),
                refuses(refusal.every)
            {
                var scratch = Outbox()
                endpoints[place].unsent(datagram, because: refusal.why, at: now, into: &scratch)
                continue
            }
            guard !cuts.contains(where: { $0.from == place && $0.to == to }) else { continue }
            let bytes = outbox.bytes(datagram)
            if recordless.contains(where: { $0.from == place && $0.to == to }),
                bytes[Envelope.headerLength] == MessageLayout.records
            {
                continue
            }
            longestSent = max(longestSent, bytes.count)
            guard bytes.count <= longestDatagram else { continue }
            underWay.append((now + .milliseconds(1), place, to, bytes))
        }
    }
}
