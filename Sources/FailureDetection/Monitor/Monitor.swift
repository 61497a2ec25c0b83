public import CausalClock

/// A failure detector for a set of peers, as a value: events in, effects out.
///
/// It has no clock, socket, thread or randomness of its own. Feed it what happens with `handle`, perform the effects,
/// and wake it at `nextDeadline`. In each turn of the caller's loop, `now` is read once, before anything else:
///
/// 1. `.turnBegan` at `now`: was the loop late?
/// 2. `.received` for everything that had arrived by then,
/// 3. `.wake` at the same `now`: judge the deadlines that have passed.
///
/// In that order, and only in that order, a pause of the caller makes nobody suspected whose message had arrived.
///
/// Silence is answered in two stages. A missed deadline makes a peer `pending`; it is pinged, and the ping is
/// repeated after a timeout that follows the link's round trip. Only when all of that goes unanswered is the peer
/// `suspected`. Any authentic message in between ends it.
public struct Monitor: Sendable {
    /// What is known of the events of all hosts.
    public internal(set) var clock: VectorClock
    /// How this host itself has been doing.
    public internal(set) var health = LocalHealth()
    /// Since when all peers, or most, have been silent at once; `nil` while that is not so.
    public var isolatedSince: Instant? { isolation.since }
    /// Whose silence that is, and when it ends.
    var isolation = IsolationTracker()
    /// The latest epoch that is believed of a peer; the caller keeps it one day ahead of the wall clock.
    public var latestCredibleEpoch = Epoch(.max)
    /// Whether an incarnation of a peer is believed only when it has answered a ping of ours; the caller sets
    /// it where messages are authentic.
    public var requiresFreshness = false
    /// Messages that made us ask whether their sender lives, instead of being believed.
    public internal(set) var challenges: UInt64 = 0
    /// When the caller wants to be woken for reasons of its own: a turn that begins late for that is late as well.
    public var callersDeadline = Instant.never

    var peers: [Peer]
    /// Their names, in the same order: a search touches these only.
    var names: [HostID]
    /// The latest news of each that came through another: written for a hundred peers by one message, and kept together
    /// for that reason.
    var indirectNews: [IndirectNews?]
    var deadlines: DeadlineHeap
    var generator: SplitMix64
    let started: Instant
    /// Whom we suspect now, in order of name: what heartbeats and pings say.
    ///
    /// Empty while we are isolated.
    public internal(set) var opinions: [Opinion] = []
    /// Changes with `opinions`.
    public internal(set) var opinionRevision: UInt64 = 0
    /// How many observers confirm a suspicion.
    public var quorum = Quorum.majority { didSet { opinionsChanged = true } }
    /// Whether anything has changed on which opinions, or their count, depend.
    var opinionsChanged = false
    /// The links of peers that were removed: they still know this incarnation of ours, and refuse its numbers again.
    var retiredLinks = RetiredLinks()
    /// The peers that are overdue or suspected, ascending.
    public internal(set) var silent: [HostID] = []
    /// The event that is the present round of heartbeats: one for all peers.
    var round: UInt64?
    /// Our latest suspicions, and what is proved about them.
    var ledger = SuspicionLedger()
    /// Our latest events with their clocks.
    var recent = RecentEvents()
    /// The latest incarnation of ours of which a message told events that we have not had; `nil` if none did.
    var latestClaim: Epoch?
    /// An incarnation of ours of which others know events that this process has not had.
    var laterIncarnation: Epoch?
    /// How often this process has begun a new incarnation without a restart.
    var renewals = 0
    /// What the peers have asked about hosts that they do not hear, ascending by the place of who asked.
    var probeRequests: [IndirectProbeRequest] = []
    /// From when on the next search for a plan may run: at most one in a turn, and none sooner than `TargetTuner.spacing`
    /// after another.
    var nextSearch = Instant(nanoseconds: .min)
    /// The longest that any peer was given recently from one sign of life to its deadline.
    var slowestPatience = RecentMaximum()
    /// Changes when a target changes the interval at which a peer is sent to.
    public internal(set) var intervalRevision: UInt64 = 0
    /// How many peers told something that we do not know.
    var uncovered = 0
    /// The event of ours after which every host must be heard for our clock to be exact again.
    var lossKnownTo: UInt64?

    /// Makes a detector that has heard nobody.
    ///
    /// - Parameters:
    ///   - id: this host.
    ///   - epoch: its incarnation; later than every earlier one, and durably stored.
    ///   - peers: the peers to watch, in any order, without `id` itself and without duplicates.
    ///   - seed: random bits for nonces; the caller's to choose, so that a simulation can be replayed.
    ///   - now: the present instant.
    public init(id: HostID, epoch: Epoch, peers: [PeerSettings], seed: UInt64, at now: Instant) {
        clock = VectorClock(owner: id, epoch: epoch)
        self.peers = peers.sorted { $0.id < $1.id }.map { Peer($0, at: now) }
        names = self.peers.map(\.id)
        indirectNews = Array(repeating: nil, count: peers.count)
        deadlines = DeadlineHeap(count: peers.count)
        generator = SplitMix64(seed: seed)
        started = now
        clock.tick()
        for index in self.peers.indices { notePatience(with: index, at: now) }
        spreadTuning(from: now)
        scheduleAll()
    }

    /// This host's name.
    public var id: HostID { clock.owner }

    /// How many peers are watched; their places are 0 to `count − 1`, in order of id.
    public var count: Int { peers.count }

    /// The name of the peer at an index.
    public func id(ofPeer index: Int) -> HostID { peers[index].id }

    /// The incarnation of the peer at an index, as far as it was heard.
    public func epoch(ofPeer index: Int) -> Epoch? { peers[index].epoch }

    /// The place of a peer, or `nil` when it is not watched.
    public func index(of id: HostID) -> Int? {
        let place = names.partitioningIndex { $0 >= id }
        return place < names.count && names[place] == id ? place : nil
    }

    /// When the detector next wants a `.wake`, and why; `nil` when only a message can change anything.
    ///
    /// The answer may change with every event.
    public var nextDeadline: Deadline? {
        if let end = isolation.unreportedEnd { return Deadline(instant: end.at, reason: .review, peer: 0) }
        guard let (index, instant) = deadlines.soonest, instant < .never else { return nil }
        return Deadline(instant: instant, reason: deadlines.reasons[index], peer: index)
    }

    /// Takes one event at the instant `now` and appends what is to be done to `effects`.
    public mutating func handle(_ event: Event, at now: Instant, into effects: inout Effects) {
        round = nil
        if let duration = isolation.takeUnreportedEnd() {
            reportEnd(ofIsolationFor: duration, at: now, into: &effects)
        }
        switch event {
        case .turnBegan: beginTurn(at: now, into: &effects)
        case .received(let reception): receive(reception, at: now, into: &effects)
        case .portUnreachable(let peer, let isVerified):
            noteUnreachable(peer, isVerified: isVerified, at: now, into: &effects)
        case .unsent(let peer, let obstacle): noteUnsent(peer, obstacle, at: now)
        case .unproved(let peer, let reason): noteUnproved(peer, reason, at: now)
        case .asking(let peer):
            if peers.indices.contains(peer) { sendPing(to: peer, use: .address, at: now, into: &effects) }
        case .kernelDropped(let count): noteDropped(count, at: now)
        case .wake: wake(at: now, into: &effects)
        case .leaving(let absence): leave(returningWithin: absence, at: now, into: &effects)
        case .pausing: pause(at: now, into: &effects)
        }
        if isolation.isUnsupported { endIsolation(at: now, into: &effects) }
        settleOpinions(at: now, into: &effects)
        assertInvariants()
    }

    /// Hands out the heartbeats of the peer at an index from now on, as effects, or no longer.
    public mutating func record(peer index: Int, _ isRecorded: Bool) { peers[index].isRecorded = isRecorded }

    /// Makes what it keeps its own again after a copy was handed out: at once, instead of amid the next event.
    public mutating func detach() {
        unsafe peers.withUnsafeMutableBufferPointer { _ in }
        unsafe indirectNews.withUnsafeMutableBufferPointer { _ in }
    }

    /// What this host last acknowledged of a peer's datagrams, to be sent to it.
    public func acknowledgement(toPeer index: Int, at now: Instant) -> LinkAcknowledgement {
        let receiver = peers[index].receiver
        return LinkAcknowledgement(
            highest: receiver.highest, bitmap: receiver.bitmap,
            delay: max(now - receiver.highestArrival, .zero))
    }

    /// Sets the first looks at the peers' targets 10 ms apart: many searches in one turn would be a stall of our own.
    ///
    /// Those that fall due later stay where they are.
    mutating func spreadTuning(from now: Instant) {
        for index in peers.indices where peers[index].tuner.map({ $0.due <= now }) ?? false {
            peers[index].postponeTuning(to: now + .milliseconds(10) * Int64(index))
        }
    }

    /// Asks one peer something; asked in its array, it would be copied as a whole first.
    mutating func look<Answer>(at index: Int, _ question: (inout Peer) -> Answer) -> Answer {
        question(&peers[index])
    }

    /// Puts a peer in its place among the deadlines and among the silent.
    mutating func schedule(_ index: Int) {
        let late = health.reading.bound
        deadlines.set(look(at: index) { $0.nextDeadline(late: late) }, of: index)
        if isolation.since != nil { isolation.note(names[index], isBlamed: supportsIsolation(index)) }
        let isSilent = peers[index].isSilent
        if isSilent != peers[index].watch.isOpen { followSilence(of: index, isSilent) }
    }

    /// The state of the peer at an index has changed: its silence begins, or is over.
    private mutating func followSilence(of index: Int, _ isSilent: Bool) {
        let place = silent.partitioningIndex { $0 >= names[index] }
        if isSilent {
            peers[index].watch.begin(next: clock.counter + 1, at: peers[index].stateSince)
            silent.insert(names[index], at: place)
        } else {
            peers[index].watch.end()
            silent.remove(at: place)
        }
    }

    /// Lists the silent peers anew: a reload changes the list, and no silence.
    mutating func relistSilent() {
        silent.removeAll(keepingCapacity: true)
        for index in peers.indices where peers[index].watch.isOpen { silent.append(names[index]) }
    }

    /// Puts every peer in its place.
    mutating func scheduleAll() {
        for index in peers.indices { schedule(index) }
    }
}
