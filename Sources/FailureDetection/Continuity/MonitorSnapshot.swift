public import CausalClock

/// What a failure detector knows that must outlive its process, so that a restart is no lie: whose
/// incarnation it is, which numbers are used up, and what is thought of every peer.
///
/// It holds what a verdict rests on, and not more: evidence of single pings, relayed news and the record of past
/// mistakes begin anew. Instants are those of the one clock of this host.
public struct MonitorSnapshot: Sendable, Hashable {
    /// This host.
    public var id: HostID
    /// Its incarnation, which continues.
    public var epoch: Epoch
    /// How many events this incarnation has had.
    public var counter: UInt64
    /// Since when all peers, or most, have been silent; `nil` while this node is not isolated.
    public var isolatedSince: Instant?
    /// The silence that this is blamed for is that of the peers last heard by then: of all, or of most.
    public var silentCohortLastHeard = Instant.never
    /// When it was taken, or brought forward to later numbers: until then a process watched.
    public var taken: Instant
    /// The latest known events of other hosts, ascending.
    public var clock: [Dot] = []
    /// The peers, in order of id.
    public var peers: [PeerSnapshot] = []
    /// The last number taken on the link to each peer that was removed in this incarnation; the latest 1,024.
    public var retired: [RetiredLink] = []
    /// The highest number taken on a link that `retired` no longer contains; 0 for none.
    public var forgottenUpTo: UInt64 = 0

    /// A snapshot of a host that knows no peer.
    public init(id: HostID, epoch: Epoch, counter: UInt64, taken: Instant) {
        self.id = id
        self.epoch = epoch
        self.counter = counter
        self.taken = taken
    }
}

/// The numbers taken on the link to a peer that is no longer watched.
public struct RetiredLink: Sendable, BitwiseCopyable, Hashable {
    /// The peer.
    public var id: HostID
    /// The last number.
    public var last: UInt64

    /// A link on which `last` numbers were taken.
    public init(id: HostID, last: UInt64) {
        self.id = id
        self.last = last
    }
}

/// What is kept of one peer.
public struct PeerSnapshot: Sendable, Hashable {
    /// The peer.
    public var id: HostID
    /// Its incarnation that is being watched; `nil` until it is heard.
    public var epoch: Epoch?
    /// What is thought of it, and since when.
    public var state = PeerState.unknown
    /// Since when.
    public var since: Instant
    /// Why, where that is a question.
    public var verdict: Verdict?
    /// Our event in which it became suspected, by which others know it; 0 while it is not.
    public var suspicionEvent: UInt64 = 0
    /// Whether others had said so before.
    public var isAfterAnother = false
    /// Whether the suspicion counts towards a quorum; not where nothing could be sent, or its datagrams are not believed.
    public var hasVote = true
    /// Whether a quorum shared it.
    public var isConfirmed = false
    /// How often it was suspected.
    public var suspicions: UInt64 = 0
    /// How many of these are proved false.
    public var mistakes: UInt64 = 0
    /// How many blamed the link, or this host, and are proved right.
    public var linkFaults: UInt64 = 0
    /// How many are confirmed by a new incarnation.
    public var confirmed: UInt64 = 0
    /// How long those proved false lasted in all.
    public var mistakeDuration = TimeSpan.zero
    /// For how long it was trusted, up to the beginning of its present state.
    public var trustedTime = TimeSpan.zero
    /// When it was last heard.
    public var lastHeard: Instant?
    /// When it is overdue.
    public var deadline: Instant
    /// The interval that it announced.
    public var interval: TimeSpan?
    /// The smoothed round trip, and its deviation.
    public var roundTrip: TimeSpan?
    /// The deviation of that.
    public var variation = TimeSpan.zero
    /// The name of the detector that learnt `samples`.
    public var detector = ""
    /// What the detector has learnt, oldest first.
    public var samples: [Int64] = []
    /// What was received of it.
    public var received = ReceivedLink()
    /// What was learnt through others in its silence; `nil` while it is not suspected.
    public var silence: SilenceSnapshot?
    /// The number of the next datagram to it.
    public var nextSequence: UInt64 = 1
    /// Of our datagrams to it, how many were expected to arrive lately, and how many did.
    public var lossOut = LossCounts()

    /// A peer of which nothing is known.
    public init(id: HostID, since: Instant, deadline: Instant) {
        self.id = id
        self.since = since
        self.deadline = deadline
    }
}

/// What was learnt of a suspected peer through others: a restart takes back no proof.
public struct SilenceSnapshot: Sendable, Hashable {
    /// When the silence was noticed.
    public var began: Instant
    /// The event of this host whose number the peer must know to be proved alive after `markedAt`.
    public var mark: UInt64
    /// When that event was.
    public var markedAt: Instant
    /// The instant after which the peer is proved to have lived.
    public var provedAlive: Instant?
    /// The instant after which it is proved to have got a message of this host.
    public var provedHearing: Instant?
    /// Whether a later incarnation of it was heard since.
    public var hasRestarted = false
    /// What witnesses said last.
    public var reports: [WitnessStatement] = []

    /// A silence of which nothing was learnt yet.
    public init(began: Instant, mark: UInt64, markedAt: Instant) {
        self.began = began
        self.mark = mark
        self.markedAt = markedAt
    }
}

/// What was received directly from a peer, by its link sequence numbers.
public struct ReceivedLink: Sendable, BitwiseCopyable, Hashable {
    /// The highest number; 0 before the first.
    public var highest: UInt64 = 0
    /// Bit *i* is set when `highest − 1 − i` was received.
    public var bitmap: UInt64 = 0
    /// When the highest arrived.
    public var arrival = Instant(nanoseconds: 0)
    /// When the peer sent it, by its clock.
    public var sent = Instant(nanoseconds: 0)
    /// How many were expected lately, and how many arrived.
    public var loss = LossCounts()

    /// Nothing was received.
    public init() {}
}

/// Datagrams that were expected, and of these the ones that arrived.
public struct LossCounts: Sendable, BitwiseCopyable, Hashable {
    /// How many were expected.
    public var expected: UInt64
    /// How many of these arrived.
    public var arrived: UInt64

    /// Counts; none unless given.
    public init(expected: UInt64 = 0, arrived: UInt64 = 0) {
        self.expected = expected
        self.arrived = arrived
    }
}
