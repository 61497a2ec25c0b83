public import CausalClock

/// The suspicions of one consumer, by a threshold of its own; the detector it asks is not changed by them.
///
/// Heartbeats cost it nothing. It keeps for each peer the instant at which the silence *would* reach the threshold,
/// as of the last check, and checks again then: usually the peer was heard meanwhile, and the instant moves on. So a peer
/// costs one check in a detection time, however many datagrams come. An interval or a window that shrinks is noticed
/// at that check too, not before.
///
/// As with `Monitor`, judge only after all that had arrived by `now` was handed over, and wake at `nextLook`.
public struct ConsumerWatch: Sendable {
    /// A peer became suspected by the threshold, or is trusted again.
    public struct Change: Sendable, Hashable {
        /// The peer's position in the monitor.
        public var peer: Int
        /// Whether it is suspected now.
        public var isSuspected: Bool
        /// When it was last heard before the silence; `nil` when never.
        public var heardBefore: Instant?
    }

    private struct Member: Sendable {
        var id: HostID
        /// Its position in the monitor.
        var place: Int
        var isSuspected = false
        /// When it was last heard as the suspicion began.
        var heardBefore: Instant?
    }

    /// How much silence is accepted.
    public let threshold: ConsumerThreshold
    private var members: [Member] = []
    private var looks = DeadlineHeap(count: 0)
    /// The members at which there is nothing to check in time: those suspected, and those that have left.
    private var resting: [Int] = []

    /// Watches peers of a monitor, which it must know; the first check is due immediately.
    public init(_ threshold: ConsumerThreshold, peers: [HostID], of monitor: Monitor, at now: Instant) {
        self.threshold = threshold
        watch(peers, of: monitor, at: now)
    }

    /// How many peers are watched.
    public var count: Int { members.count }

    /// When to judge next; never, when only a message can change anything.
    public var nextLook: Instant { looks.soonest?.deadline ?? .never }

    /// Checks every peer for which that is due, and says what has changed.
    public mutating func judge(by monitor: Monitor, at now: Instant, emit: (Change) -> Void) {
        reviewResting(by: monitor, at: now, emit: emit)
        while let (index, look) = looks.soonest, look <= now {
            guard let deadline = monitor.deadline(ofPeer: members[index].place, reaching: threshold) else {
                rest(index)
                continue
            }
            guard deadline <= now else {
                looks.set(deadline, of: index)
                continue
            }
            members[index].heardBefore = monitor.lastHeard(ofPeer: members[index].place)
            members[index].isSuspected = true
            rest(index)
            emit(change(of: index))
        }
    }

    /// Takes over which peers the monitor has now, and in which positions; verdicts on those that stay are kept.
    ///
    /// - Parameters:
    ///   - peers: the peers to watch from now on.
    ///   - monitor: the monitor that has been retuned.
    ///   - now: the present instant.
    public mutating func rewatch(_ peers: [HostID], of monitor: Monitor, at now: Instant) {
        let known = members.filter(\.isSuspected)
        watch(peers, of: monitor, at: now)
        for former in known {
            guard let index = members.firstIndex(where: { $0.id == former.id }) else { continue }
            members[index].isSuspected = true
            members[index].heardBefore = former.heardBefore
            rest(index)
        }
    }

    private mutating func watch(_ peers: [HostID], of monitor: Monitor, at now: Instant) {
        members = peers.compactMap { id in monitor.index(of: id).map { Member(id: id, place: $0) } }
        resting = []
        looks = DeadlineHeap(count: members.count)
        for index in members.indices { looks.set(now, of: index) }
    }

    private mutating func rest(_ index: Int) {
        looks.set(.never, of: index)
        resting.append(index)
    }

    /// Takes back those that were heard in time; what our own pauses forgive ends no suspicion.
    private mutating func reviewResting(by monitor: Monitor, at now: Instant, emit: (Change) -> Void) {
        guard !resting.isEmpty else { return }
        var waiting: [Int] = []
        for index in resting {
            let member = members[index]
            let deadline = monitor.deadline(ofPeer: member.place, reaching: threshold)
            let isHeard = monitor.lastHeard(ofPeer: member.place) != member.heardBefore
            guard let deadline, !member.isSuspected || (isHeard && deadline > now) else {
                waiting.append(index)
                continue
            }
            looks.set(deadline, of: index)
            guard member.isSuspected else { continue }
            members[index].isSuspected = false
            emit(change(of: index))
        }
        resting = waiting
    }

    private func change(of index: Int) -> Change {
        let member = members[index]
        return Change(peer: member.place, isSuspected: member.isSuspected, heardBefore: member.heardBefore)
    }
}
