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
/// In that order, and only in that order, a pause of the caller makes no peer suspected whose message had arrived.
///
/// Silence is answered in two stages. A missed deadline makes a peer `pending`; it is pinged, and the ping is
/// repeated after a timeout that follows the link's round trip. Only when all of that goes unanswered is the peer
/// `suspected`. Any authentic message in between ends it.
public struct Monitor: Sendable {
    /// What is known of the events of all hosts.
    public internal(set) var clock: VectorClock
    /// How this host itself has been doing.
    public internal(set) var health = LocalHealth()
    /// Since when all peers, or most, have been silent simultaneously; `nil` while that is not so.
    public var isolatedSince: Instant? { isolation.since }
    /// Whose silence that is, and when it ends.
    var isolation = IsolationTracker()
    /// The latest epoch that is believed of a peer; the caller keeps it one day ahead of the wall clock.
    public var latestCredibleEpoch = Epoch(.max) {
        didSet {
            let isSetBack = oldValue.value - min(oldValue.value, latestCredibleEpoch.value) > Epoch.tolerance
            if isSetBack { renewal.reconsiderAcceptance() }
        }
    }
    /// Whether an incarnation of a peer is believed only when it has answered a ping of ours; the caller sets
    /// it where messages are authentic.
    public var requiresFreshness = false
    /// Messages that do not prove that their sender is running now: they made us ask, or are answers that came too late.
    public internal(set) var challenges: UInt64 = 0
    /// When the caller wants to be woken for reasons of its own: a turn that begins late for that is late as well.
    public var callersDeadline = Instant.never

    var peers: PeerTable
    /// Their names, in the same order: a search touches these only.
    var names: [HostID]
    /// The latest news of each that came through another: written for a hundred peers by one message, and kept together
    /// for that reason.
    var indirectNews: [IndirectNews?]
    /// Which peers that left have a later incarnation, as the message says that is being merged.
    var returned: [Int] = []
    var deadlines: DeadlineHeap
    var generator: SplitMix64
    let started: Instant
    /// Which peers we suspect now.
    var opinionBook = OpinionBook()
    /// How many observers confirm a suspicion.
    public var quorum = Quorum.majority { didSet { opinionBook.isOutdated = true } }
    /// The links of peers that were removed: they still know this incarnation of ours, and refuse its numbers again.
    var retiredLinks = RetiredLinks()
    /// The peers that others are asked about: overdue, suspected, or left and seemingly back; ascending by id.
    public internal(set) var silent: [HostID] = []
    /// The event that is the present round of heartbeats: one for all peers.
    var round: UInt64?
    /// Our latest suspicions, and what is proved about them.
    var ledger = SuspicionLedger()
    /// Our latest events with their clocks.
    var recent = RecentEvents()
    /// Whether a new incarnation of ours must begin.
    var renewal = IncarnationRenewal()
    /// What the peers have asked about hosts that they do not hear.
    var questions = QuestionBook()
    /// From when on the next search for a plan may run: at most one in a turn, and none sooner than `TargetTuner.spacing`
    /// after another.
    var nextSearch = Instant(nanoseconds: .min)
    /// The longest that any peer was given recently from one sign of life to its deadline.
    var slowestPatience = RecentMaximum()
    /// Changes when a target changes the interval at which a peer is sent to.
    public internal(set) var intervalRevision: UInt64 = 0
    /// Whether all is known that may have influenced us.
    var coverage = CoverageAccount()

    /// Which peers we suspect now, in order of name: to be reported to all others (`Event.opinions`).
    ///
    /// Empty while we are isolated.
    public var opinions: [Opinion] { opinionBook.items }

    /// The same, as the others take it.
    public var opinionList: OpinionList { OpinionList(opinions, at: clock.dot) }

    /// Changes with `opinions`, and only with them.
    public var opinionRevision: UInt64 { opinionBook.revision }

    /// This host's name.
    public var id: HostID { clock.owner }

    /// How many peers are watched; their indices are 0 to `count − 1`, in order of id.
    public var count: Int { peers.count }

    /// When the detector next wants a `.wake`, and why; `nil` when only a message can change anything.
    ///
    /// The answer may change with every event.
    public var nextDeadline: Deadline? {
        if let end = isolation.unreportedEnd { return Deadline(instant: end.at, reason: .review, peer: 0) }
        guard let (index, instant) = deadlines.soonest, instant < .never else { return nil }
        return Deadline(instant: instant, reason: deadlines.reasons[index], peer: index)
    }

    /// Hands out the heartbeats of the peer at an index from now on, as effects, or no longer.
    public mutating func record(peer index: Int, _ isRecorded: Bool) { peers[index].isRecorded = isRecorded }

    /// Makes its storage unique again after a copy was handed out: immediately, instead of amid the next event.
    public mutating func detach() {
        peers.detach()
        unsafe indirectNews.withUnsafeMutableBufferPointer { _ in }
    }
}
