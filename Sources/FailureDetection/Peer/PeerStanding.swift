/// What is thought of a peer, with what belongs to that state and ends with it.
///
/// Data of one silence cannot outlive the silence: what leaves a state leaves its data behind.
enum PeerStanding: Sendable, BitwiseCopyable {
    /// Never heard.
    case unknown
    /// Heard in time; its acknowledgements may show that it does not hear us.
    case trusted(isUnheard: Bool)
    /// Overdue, and being pinged.
    case pending(PendingCheck)
    /// Silent beyond its deadline and all retries.
    case suspected(Suspicion)
    /// Announced a planned stop.
    case left

    /// The state without its data.
    var state: PeerState {
        switch self {
        case .unknown: .unknown
        case .trusted: .trusted
        case .pending: .pending
        case .suspected: .suspected
        case .left: .left
        }
    }
}

/// The pings that follow a missed deadline, as far as they are more than those on any link.
struct PendingCheck: Sendable, BitwiseCopyable {
    /// Whether the peer was unknown or had left before, so that it was never emitted that it is trusted.
    var wasUnknown: Bool
    /// Whether it did not hear us before.
    var isUnheard: Bool
    /// Since when it was trusted before; `nil` where it was not.
    var trustedSince: Instant?
    /// The schedule of the pings, where so much was lost before the silence that there are more of them.
    var lossyRound: PingRound?
    /// By how much rules have put the verdict off.
    var postponements = Postponements()
    /// When the heartbeat is due that is waited for since the pings ended; `nil` for none.
    var awaitedHeartbeat: Instant?
}

/// A suspicion while it lasts.
struct Suspicion: Sendable, BitwiseCopyable {
    /// Why the peer is silent.
    var verdict: Verdict
    /// The verdict that was emitted last.
    var emitted: Verdict
    /// When the cause is checked again.
    var review: Instant
    /// Our event in which it began, and whether others had said so before.
    var event: OwnSuspicion?
    /// Whether it may count towards a quorum.
    var hasVote = true
    /// Whether a quorum shares it.
    var isConfirmed = false
    /// Until when that is remembered from an earlier process, which had heard the others.
    var heldUntil: Instant?
    /// The pings that it still lacks, because those of its round never left this node.
    var missingRound: MissingRound?
    /// By how much rules have put it off.
    var postponements = Postponements()
    /// The schedule of the round before it, where there were more pings for losses.
    var lossyRound: PingRound?

    /// Begins, or continues, with a verdict that is checked again at `review`.
    init(_ verdict: Verdict, review: Instant) {
        (self.verdict, emitted, self.review) = (verdict, verdict, review)
    }
}

extension Peer {
    /// The suspicion of it, while there is one; setting it changes no state.
    var suspicion: Suspicion? {
        get { if case .suspected(let suspicion) = standing { suspicion } else { nil } }
        set {
            guard let newValue, case .suspected = standing else { return }
            standing = .suspected(newValue)
        }
    }

    /// Why it is suspected, or that it does not hear us.
    var verdict: Verdict? {
        switch standing {
        case .suspected(let suspicion): suspicion.verdict
        case .trusted(true): Verdict(.outbound, .suspected)
        case .pending(let verification) where verification.isUnheard: Verdict(.outbound, .suspected)
        case .unknown, .trusted, .pending, .left: nil
        }
    }

    /// The schedule of the pings of the present silence, where there are more of them than on a link that loses nothing.
    var lossyRound: PingRound? {
        switch standing {
        case .pending(let verification): verification.lossyRound
        case .suspected(let suspicion): suspicion.lossyRound
        case .unknown, .trusted, .left: nil
        }
    }

    /// Whether it is pending, and was unknown or had left before.
    var wasUnknown: Bool {
        if case .pending(let verification) = standing { verification.wasUnknown } else { false }
    }

    /// Becomes trusted, or left; an illegal transition is a programmer's error.
    mutating func become(_ next: PeerStanding, at now: Instant) {
        precondition(
            state.mayBecome(next.state), "peer \(id): \(state.rawValue) may not become \(next.state.rawValue)"
        )
        history.trustedTime = history.trustedTime + presentTrust(at: now)
        if case .trusted = next, state == .suspected { settleOnRecovery(at: now) }
        if state == .pending { probes.end() }
        standing = next
        stateSince = now
    }

    /// Becomes overdue: its pings are planned by what was lost before, for a peer that has crashed must not look like losses.
    mutating func becomePending(at now: Instant) {
        let check = PendingCheck(
            wasUnknown: state == .unknown || state == .left, isUnheard: verdict?.cause == .outbound,
            trustedSince: state == .trusted ? stateSince : nil,
            lossyRound: plannedRound(timeout: pingTimeout, losses: linkLosses()))
        become(.pending(check), at: now)
    }

    /// Becomes suspected.
    mutating func becomeSuspected(_ suspicion: Suspicion, at now: Instant) {
        var suspicion = suspicion
        suspicion.lossyRound = lossyRound
        become(.suspected(suspicion), at: now)
        history.suspicions += 1
        // A closed port may end the patience early; a deadline still to come would look as if it were heard again.
        deadline = min(deadline, now)
        lessons.suspect(since: deadline)
    }

    /// Is heard in time again while it is pinged: it has been trusted all the time, and whether it hears us is as it was.
    mutating func becomeTrustedAgain(at now: Instant) {
        var before = now
        if case .pending(let check) = standing { before = check.trustedSince ?? now }
        become(.trusted(isUnheard: verdict?.cause == .outbound), at: now)
        history.trustedTime = history.trustedTime - (now - before)
        stateSince = before
    }

    /// Checks the cause of its suspicion at `instant`, if not before.
    mutating func hasten(reviewTo instant: Instant) {
        guard let review = suspicion?.review, instant < review else { return }
        suspicion?.review = instant
    }

    /// Checks the cause of its suspicion again after the usual time.
    mutating func scheduleReview(after now: Instant) {
        let next = now + reviewPeriod
        suspicion?.review = next
    }
}
