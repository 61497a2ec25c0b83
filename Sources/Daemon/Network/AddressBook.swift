internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Wire

/// Where each peer is reached: as it was configured, as its name resolved, and where it acknowledges what we send.
///
/// An address is good if datagrams that are sent to it are acknowledged; that the peer is heard says nothing of it. As
/// soon as the present one fails, all others of the name are asked, and the one that acknowledges becomes the present
/// one. A name that does not resolve takes no address away that works.
struct AddressBook {
    /// Something that is reported once.
    enum News: Equatable {
        /// A peer is sent to at another address from now on: that answers, or `isGuess`, it is all that there is.
        case moved(peer: String, from: Wire.NetworkAddress?, to: Wire.NetworkAddress, isGuess: Bool)
        /// A peer is sent to at another address from now on, because less is lost on the way there.
        case better(
            peer: String, from: Wire.NetworkAddress, lostPercent: Int, to: Wire.NetworkAddress,
            lostPercentThere: Int)
        /// A name does not resolve; `isReached` says whether its peers are reached nevertheless.
        case unresolved(host: String, peers: [String], NameResolutionError, isReached: Bool)
        /// It resolves again.
        case resolved(host: String, peers: [String])
    }

    struct Entry {
        var peer = ""
        var address: Configuration.NetworkAddress?
        /// The position of the name; `nil` for a numeric address.
        var name: Int?
        /// When the present address was seen to fail, if it has not acknowledged anything since.
        var failed: Instant?
        /// When the other addresses were asked last.
        var asked: Instant?
        /// Whether the peer was reached at the last check.
        var isSettled = false
        /// Which of many addresses are asked next.
        var turn = 0
        /// How much arrives at this and at the others.
        var comparison = Comparison()
    }

    /// For so long the present address has the same chance to acknowledge as the others that are asked.
    static let chance = TimeSpan.milliseconds(500)
    /// How often it is checked whether the addresses of peers with names are still acknowledged.
    private static let reviewPeriod = TimeSpan.milliseconds(500)
    /// At most so many addresses of a peer are asked at a time, and of all peers in one turn.
    static let (asksPerPeer, asksPerTurn) = (4, 256)
    /// How often the file of addresses is written at most.
    private static let writePeriod = TimeSpan.seconds(5)

    /// In the order of the endpoint's peers.
    var entries: [Entry] = []
    private(set) var plan = LookupPlan()
    /// The families for which there is a socket.
    private var (reachesIPv4, reachesIPv6) = (true, true)
    private(set) var kept = KeptAddresses()
    private var nextWrite = Instant(nanoseconds: 0)
    var nextReview = Instant.never
    var asksLeft = 0
    var news: [News] = []

    /// The earliest instant at which something is to be done.
    var deadline: Instant { min(plan.nextDue, nextReview) }

    /// The address of a peer as it stands in the configuration.
    func configured(_ place: Int) -> String { entries[place].address?.description ?? "" }

    /// Why a peer's name could not be resolved last; `nil` when it could.
    func failure(_ place: Int) -> String? {
        guard let name = entries[place].name.map({ plan.names[$0] }) else { return nil }
        return name.failure?.description ?? (isOutOfReach(name) ? Self.familyIsMissing : nil)
    }

    private static let familyIsMissing = "its addresses are of a family that [node] listen does not cover"

    private func isOutOfReach(_ name: LookupPlan.Name) -> Bool {
        name.addresses.map { !$0.isEmpty && !$0.contains { isInReach($0) } } ?? false
    }

    func isInReach(_ address: SocketAddress) -> Bool {
        address.isIPv4 ? reachesIPv4 : reachesIPv6
    }

    /// Continues with what an earlier process wrote down, before `configure`.
    mutating func recall(_ addresses: KeptAddresses) { kept = addresses }

    /// What is to be reported since the last call.
    mutating func takeNews() -> [News] {
        guard !news.isEmpty else { return [] }
        defer { news = [] }
        return news
    }

    /// The file of addresses, when it has changed, but not too often.
    mutating func takeFile(at now: Instant) -> [UInt8]? {
        guard kept.isChanged, nextWrite <= now else { return nil }
        nextWrite = now + Self.writePeriod
        return kept.takeText()
    }

    /// Says for which families there is a socket.
    mutating func setReach(isIPv4: Bool, isIPv6: Bool) { (reachesIPv4, reachesIPv6) = (isIPv4, isIPv6) }

    /// Takes the configured addresses; numeric ones are known immediately, names are to be looked up now.
    ///
    /// An operator who reloads may have changed what a name stands for, and not the name.
    mutating func configure(_ peers: [Configuration.PeerSettings], at now: Instant, endpoint: inout Endpoint)
    {
        let known = Dictionary(entries.map { ($0.peer, $0) }, uniquingKeysWith: { first, _ in first })
        entries = Array(repeating: Entry(), count: endpoint.monitor.count)
        let named = peers.filter(\.address.isName)
        let places = plan.configure(named.map(\.address.host), at: now)
        let names = Dictionary(
            zip(named.map(\.address.host), places), uniquingKeysWith: { first, _ in first })
        for peer in peers {
            guard let place = endpoint.index(ofPeer: peer.id) else { continue }
            entries[place].peer = peer.id
            entries[place].address = peer.address
            entries[place].name = peer.address.isName ? names[peer.address.host] : nil
            if known[peer.id]?.address != peer.address { begin(place, endpoint: &endpoint) }
        }
        kept.keep(only: Set(named.map(\.id)))
        nextReview = named.isEmpty ? .never : now
    }

    /// Sets where a peer is sent to until its name is resolved: where it answered last, if that is known.
    private mutating func begin(_ place: Int, endpoint: inout Endpoint) {
        guard let address = entries[place].address else { return }
        let known =
            SocketAddress(host: address.host, port: address.port)
            ?? kept.address(of: entries[place].peer, configured: address.description)
        if let known, isInReach(known) || !address.isName {
            endpoint.setAddress(NetworkAddress(known), ofPeer: place)
        }
    }

    /// The names that are to be looked up now.
    mutating func takeDue(at now: Instant) -> [String] { plan.takeDue(at: now) }

    /// Takes an answer; what follows from it is for `review`.
    mutating func take(_ answer: AddressResolver.Answer, at now: Instant) {
        if plan.take(answer, at: now) != nil { nextReview = now }
    }

    /// Notes that what is sent to a peer does not arrive, or cannot be sent.
    mutating func noteFailure(ofPeer place: Int, at now: Instant) {
        guard entries.indices.contains(place), let name = entries[place].name, entries[place].failed == nil
        else { return }
        entries[place].failed = now
        plan.note(name) { $0.isUrgent = true }
        plan.hasten(name, after: LookupPlan.urgentPeriod, at: now)
        nextReview = now
    }

    /// Checks the addresses of all peers with names: whether they are acknowledged, and what to do if not.
    ///
    /// - Parameters:
    ///   - now: the one instant of this turn.
    ///   - endpoint: knows what is acknowledged, and sends.
    ///   - outbox: brings what was learnt in this turn, and takes the pings that ask for addresses.
    mutating func review(at now: Instant, endpoint: inout Endpoint, into outbox: inout Outbox) {
        asksLeft = Self.asksPerTurn
        for item in outbox.addressNews {
            switch item {
            case .failing(let peer): noteFailure(ofPeer: peer, at: now)
            case .unanswered(let peer): askElsewhere(peer, at: now, endpoint: &endpoint, into: &outbox)
            case .proved: nextReview = now
            }
        }
        guard nextReview <= now else { return }
        nextReview = now + Self.reviewPeriod
        var urgent = Array(repeating: false, count: plan.names.count)
        for place in entries.indices {
            guard let name = entries[place].name else { continue }
            if !review(place, of: plan.names[name], at: now, endpoint: &endpoint, into: &outbox) {
                urgent[name] = true
            }
        }
        for name in urgent.indices { settle(name, isUrgent: urgent[name], at: now, endpoint: endpoint) }
    }

    /// Asks a peer at its other addresses along with the next ping of a round: one of its networks may have failed.
    ///
    /// What it answers there shows that it is running, before the round is over; which address is used from then on is for
    /// `review`.
    private mutating func askElsewhere(
        _ place: Int, at now: Instant, endpoint: inout Endpoint, into outbox: inout Outbox
    ) {
        guard entries.indices.contains(place), let name = entries[place].name else { return }
        askOthers(
            place, among: usable(place, of: plan.names[name]), at: now, endpoint: &endpoint, into: &outbox)
    }

    /// - Returns: whether the peer is reached.
    private mutating func review(
        _ place: Int, of name: LookupPlan.Name, at now: Instant, endpoint: inout Endpoint,
        into outbox: inout Outbox
    ) -> Bool {
        let state = endpoint.monitor.state(ofPeer: place)
        let isProved = isProved(place, at: now, in: endpoint)
        if isProved { keep(place, endpoint: endpoint) }
        let isSettled = isProved && state == .trusted
        noteChange(place, isSettled: isSettled, at: now)
        if state != .left, compare(place, of: name, at: now, endpoint: &endpoint, into: &outbox) {
            return true
        }
        guard !isSettled || name.isFresh || endpoint.isKnownElsewhere(ofPeer: place) else { return true }
        let usable = usable(place, of: name)
        guard !usable.isEmpty else { return isSettled }
        let present = endpoint.address(ofPeer: place)
        let isCurrent = present.map { usable.contains($0) } ?? false
        if name.isFresh, !isCurrent, !isProved {
            move(place, to: usable[0], isGuess: true, endpoint: &endpoint)
        }
        if moveIfProved(place, among: usable, isCurrent: isCurrent, at: now, endpoint: &endpoint) {
            return true
        }
        guard state != .left, !isSettled || !isCurrent else { return isSettled }
        let isDue = entries[place].asked.map { name.isFresh || now - $0 >= LookupPlan.retryPeriod } ?? true
        if isDue { ask(place, among: usable, at: now, endpoint: &endpoint, into: &outbox) }
        return isSettled
    }

    /// What has just ceased to be reached is asked for elsewhere immediately.
    private mutating func noteChange(_ place: Int, isSettled: Bool, at now: Instant) {
        let ceased = entries[place].isSettled && !isSettled
        entries[place].isSettled = isSettled
        guard ceased, let name = entries[place].name else { return }
        if let asked = entries[place].asked, now - asked >= .seconds(1) { entries[place].asked = nil }
        plan.hasten(name, after: LookupPlan.urgentPeriod, at: now)
    }

    /// Notes where a peer answers, for after a restart.
    mutating func keep(_ place: Int, endpoint: Endpoint) {
        guard let address = endpoint.address(ofPeer: place), let configured = entries[place].address else {
            return
        }
        kept.note(
            entries[place].peer, configured: configured.description, address: SocketAddress(address))
    }

    /// Plans the next look-up of a name, and says when it has ceased or begun to resolve.
    private mutating func settle(_ place: Int, isUrgent: Bool, at now: Instant, endpoint: Endpoint) {
        let name = plan.names[place]
        plan.note(place) {
            $0.isUrgent = isUrgent
            $0.isFresh = false
        }
        if isUrgent { plan.hasten(place, after: LookupPlan.retryPeriod, at: now) }
        guard name.isFresh else { return }
        let users = entries.indices.filter { entries[$0].name == place }
        let peers = users.map { entries[$0].peer }
        if let failure = name.failure {
            let isReached = users.allSatisfy { isProved($0, at: now, in: endpoint) }
            guard !name.isReported, !failure.isTemporary || name.failures > 1 || !isReached else { return }
            plan.note(place) { $0.isReported = true }
            news.append(.unresolved(host: name.host, peers: peers, failure, isReached: isReached))
        } else if name.isReported {
            plan.note(place) { $0.isReported = false }
            news.append(.resolved(host: name.host, peers: peers))
        }
    }
}

extension Endpoint {
    /// The index of the peer that is configured under this id.
    func index(ofPeer id: String) -> Int? { HostID(id).flatMap { monitor.index(of: $0) } }
}

extension Configuration.NetworkAddress {
    /// Whether what it stands for can change: a name, or an interface that is named.
    var isName: Bool {
        guard kind == .ipv6, let zone = host.split(separator: "%", maxSplits: 1).dropFirst().first else {
            return kind == .name
        }
        return UInt32(zone) == nil
    }
}
