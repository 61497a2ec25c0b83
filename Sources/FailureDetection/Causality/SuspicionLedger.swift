public import CausalClock

/// One suspicion of ours, and whether it was right.
public struct SuspicionRecord: Sendable {
    /// What is proved about a suspicion.
    public enum Outcome: Sendable, Hashable {
        /// Neither of the others, so far.
        case undecided
        /// The peer acted after it was suspected, in the same incarnation: its event, whose clock includes
        /// the suspicion.
        case provedFalse(by: Dot)
        /// Another process of the peer acts, in a new incarnation or with a number above the last words of the one that was
        /// suspected: that did stop, before the suspicion or after.
        case crashConfirmed(by: Dot)
    }

    /// Our event that was the suspicion.
    public let dot: Dot
    /// Which host.
    public let peer: HostID
    /// Which of its incarnations; `nil` when it had never been heard.
    public let epoch: Epoch?
    /// Its latest event that was had of it directly.
    let latest: PeerEvent
    /// When.
    public let at: Instant
    /// The latest verdict on the cause while it lasted.
    public fileprivate(set) var verdict: Verdict
    /// When the suspicion ended; `nil` while it lasts.
    public fileprivate(set) var ended: Instant?
    /// Whether it was right.
    public fileprivate(set) var outcome = Outcome.undecided
    /// Whether the first message after it may be of a process that continues with the incarnation; `nil` before there is one.
    fileprivate var mayBeContinued: Bool?

    /// Whether it was distinguished from a crash while it lasted: the link was blamed, or this host.
    ///
    /// That the peer lived is then part of the verdict, and no mistake.
    public var isLinkFinding: Bool {
        switch verdict.cause {
        case .link, .inbound, .outbound, .isolated: true
        case .crash, .daemon, .unknown: false
        }
    }
}

/// An event of a peer, and whether its clock had gaps.
struct PeerEvent: Sendable, BitwiseCopyable {
    /// Its number; 0 for none.
    var counter: UInt64 = 0
    /// Whether its clock had gaps.
    var hasGaps = false
}

/// How good the suspicions of one peer were, since the start.
public struct SuspicionAudit: Sendable, BitwiseCopyable, Hashable {
    /// How often it was suspected.
    public var suspicions: UInt64 = 0
    /// How many of these are proved false, and could not be distinguished from a crash.
    public var mistakes: UInt64 = 0
    /// How many blamed the link, or this host, and are proved right: the peer lived.
    public var linkFaults: UInt64 = 0
    /// How many are confirmed by a later incarnation of the peer, or by an event above its last words.
    public var confirmed: UInt64 = 0
    /// How long the mistakes lasted in all; one that lasts counts up to the present.
    public var mistakeDuration = TimeSpan.zero
    /// Suspicions that a message of the peer may still settle.
    var unsettled = 0

    /// How many are neither.
    public var undecided: UInt64 { suspicions - min(mistakes + linkFaults + confirmed, suspicions) }
}

/// The latest suspicions of this host, settled by what the suspects themselves say afterwards.
///
/// A suspicion is an event *S* of ours. Our messages carry its number on. When an event *y* of the suspect, in the
/// incarnation that was suspected, has a clock that includes *S*, then *S* happened before *y*: the suspect
/// acted after it was suspected. That proves the suspicion false without any clock of a wall or bound on
/// delays. A new incarnation of the suspect proves that the old one did stop, and so does an event with a number above its last
/// words (`LastWords`). Anything else proves nothing.
///
/// A process may have ended without last words, and another continues with its incarnation. Its clock has gaps then, for a
/// snapshot does not say whether it held all that could be known. So where the first message after the suspicion has a clock with gaps,
/// and the last one before had none, nothing is proved.
struct SuspicionLedger: Sendable {
    /// The most suspicions that are kept.
    static let capacity = 256

    private var ring: [SuspicionRecord] = []
    private var oldest = 0

    /// The suspicions, oldest first.
    var records: [SuspicionRecord] { Array(ring[oldest...] + ring[..<oldest]) }

    /// Adds a suspicion; the oldest gives way, and stays as undecided as it was.
    ///
    /// - Returns: the one that gave way.
    mutating func open(_ record: SuspicionRecord) -> SuspicionRecord? {
        guard ring.count == Self.capacity else {
            ring.append(record)
            return nil
        }
        let gone = ring[oldest]
        ring[oldest] = record
        oldest = (oldest + 1) % Self.capacity
        return gone
    }

    /// Notes that a peer is no longer suspected.
    ///
    /// - Returns: the suspicion that ended, if it is kept.
    mutating func end(of peer: HostID, at now: Instant) -> SuspicionRecord? {
        guard let index = latest(of: peer), ring[index].ended == nil else { return nil }
        ring[index].ended = now
        return ring[index]
    }

    /// Takes a later verdict on the cause of a suspicion that lasts.
    mutating func revise(_ peer: HostID, verdict: Verdict) {
        guard let index = latest(of: peer), ring[index].ended == nil else { return }
        ring[index].verdict = verdict
    }

    /// Removes the suspicions of a peer that is no longer watched.
    mutating func forget(_ peer: HostID) {
        ring = records.filter { $0.peer != peer }
        oldest = 0
    }

    /// Settles what a message of a peer proves about the suspicions of that peer.
    mutating func settle(by proof: Proof, settled: (SuspicionRecord) -> Void) {
        for index in ring.indices
        where ring[index].peer == proof.event.host && ring[index].outcome == .undecided {
            proof.settle(&ring[index])
            if ring[index].outcome != .undecided { settled(ring[index]) }
        }
    }

    private func latest(of peer: HostID) -> Int? {
        for distance in 1...max(1, ring.count) where !ring.isEmpty {
            let index = (oldest + ring.count - distance) % ring.count
            if ring[index].peer == peer { return index }
        }
        return nil
    }
}

extension Monitor {
    /// The latest suspicions of ours, oldest first, and what is proved about them.
    public var suspicions: [SuspicionRecord] { ledger.records }

    /// How good the suspicions of the peer at an index were, since the start.
    public func audit(ofPeer index: Int, at now: Instant) -> SuspicionAudit {
        var audit = peers[index].history.audit
        audit.suspicions = peers[index].history.suspicions
        // One that lasts counts up to the present.
        if let last = ledger.lasting(of: peers[index].id), case .provedFalse = last.outcome,
            !last.isLinkFinding
        {
            audit.mistakeDuration = audit.mistakeDuration + (now - last.at)
        }
        return audit
    }

    /// Opens the record of a suspicion that was just reported as our latest event.
    mutating func recordSuspicion(of index: Int, verdict: Verdict, at now: Instant) {
        let record = SuspicionRecord(
            dot: clock.dot, peer: peers[index].id, epoch: peers[index].epoch,
            latest: peers[index].incarnation.latest, at: now, verdict: verdict)
        if record.epoch != nil { peers[index].history.audit.unsettled += 1 }
        guard let gone = ledger.open(record), gone.outcome == .undecided, gone.epoch != nil,
            let place = self.index(of: gone.peer)
        else { return }
        peers[place].history.audit.unsettled -= 1
    }

    /// Closes the record of a suspicion that is over.
    mutating func endSuspicion(of index: Int, at now: Instant) {
        guard let record = ledger.end(of: peers[index].id, at: now), case .provedFalse = record.outcome,
            !record.isLinkFinding
        else { return }
        peers[index].history.audit.mistakeDuration =
            peers[index].history.audit.mistakeDuration + (now - record.at)
    }

    /// Settles what a message of the peer at an index proves about our suspicions of it.
    mutating func settleSuspicions(of index: Int, by reception: InboundMessage) {
        guard peers[index].history.audit.unsettled > 0 else { return }
        let counter = reception.known(of: clock)
        let proof = SuspicionLedger.Proof(
            event: reception.dot, hasGaps: reception.hasGaps,
            known: Dot(host: clock.owner, epoch: counter > 0 ? clock.epoch : Epoch(0), counter: counter),
            lastWords: peers[index].lastWords.number)
        var audit = peers[index].history.audit
        ledger.settle(by: proof) { audit.count($0) }
        peers[index].history.audit = audit
    }
}

extension SuspicionLedger {
    /// What a message of a suspect, or of one that was, says of its suspicions.
    struct Proof: Sendable, BitwiseCopyable {
        /// Its sending.
        var event: Dot
        /// Whether its clock had gaps.
        var hasGaps: Bool
        /// Our latest event that it knew.
        var known: Dot
        /// The number of the latest last words of the incarnation; 0 for none.
        var lastWords: UInt64

        fileprivate func settle(_ record: inout SuspicionRecord) {
            guard let epoch = record.epoch, epoch <= event.epoch else { return }
            let isAfterEnd = record.latest.counter < lastWords && lastWords < event.counter
            guard epoch == event.epoch, !isAfterEnd else {
                record.outcome = .crashConfirmed(by: event)
                return
            }
            guard event.counter > record.latest.counter else { return }
            let mayBeContinued = record.mayBeContinued ?? (hasGaps && !record.latest.hasGaps)
            record.mayBeContinued = mayBeContinued
            guard !mayBeContinued, !known.precedes(record.dot) else { return }
            record.outcome = .provedFalse(by: event)
        }
    }

    /// The suspicion of a peer that lasts, if it is kept.
    func lasting(of peer: HostID) -> SuspicionRecord? {
        latest(of: peer).map { ring[$0] }.flatMap { $0.ended == nil ? $0 : nil }
    }
}

extension SuspicionAudit {
    /// Counts a suspicion that was settled.
    fileprivate mutating func count(_ record: SuspicionRecord) {
        unsettled -= 1
        guard case .provedFalse = record.outcome else {
            confirmed += 1
            return
        }
        guard !record.isLinkFinding else {
            linkFaults += 1
            return
        }
        mistakes += 1
        if let ended = record.ended { mistakeDuration = mistakeDuration + (ended - record.at) }
    }
}
