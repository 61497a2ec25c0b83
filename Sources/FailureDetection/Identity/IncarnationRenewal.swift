internal import CausalClock

/// What other nodes know of incarnations of this one, and what follows from it.
///
/// Invariant: a later incarnation is due only while a claim of it is the latest or later than that.
struct IncarnationRenewal: Sendable, BitwiseCopyable {
    /// How often a process may begin a new incarnation in a row because of what others report.
    static let maximum: Int64 = 3
    /// After how long it may once more.
    static let period = TimeSpan.seconds(3_600)

    /// The latest incarnation of which a message mentioned events that this process has not had; `nil` if none did.
    private var latestClaim: Epoch?
    /// An incarnation of ours of which others know events that this process has not had.
    private(set) var due: Epoch?
    /// The latest claim that no incarnation was left for; `nil` where there was one.
    private var refused: Epoch?
    /// Whether this process has begun a new incarnation without a restart.
    private var hasRenewed = false
    /// How many more it may begin.
    private var allowance = TokenBucket(period: Self.period, burst: Self.maximum)
    /// What messages show of whether peers accept the present incarnation.
    private var acceptance = Acceptance()

    /// Signs by which to see whether peers accept an incarnation; of each kind the one of the earliest sender.
    private struct Acceptance: Sendable, BitwiseCopyable {
        /// When the first message arrived; `nil` before.
        var firstHeard: Instant?
        /// The earliest epoch of a sender.
        var earliestSender = Epoch(.max)
        /// The earliest epoch of a sender that accepts the incarnation.
        var earliestAccepting = Epoch(.max)
        /// The latest other incarnation of ours that a sender with a credible epoch mentioned.
        var mentioned = Epoch(0)
    }

    /// Notes a claim of events in an incarnation of ours.
    ///
    /// The other daemon of our name continues counting, so a claim of the same incarnation is no news; but it holds where no
    /// incarnation was left for it, and there is one by now.
    ///
    /// - Parameters:
    ///   - epoch: that incarnation.
    ///   - limit: the latest epoch that is believed.
    ///   - isRival: whether another process had the identity while this one did.
    ///   - now: the present instant.
    /// - Returns: whether it is a conflict: new, and no restart that was forgotten.
    mutating func note(_ epoch: Epoch, upTo limit: Epoch, isRival: Bool, at now: Instant) -> Bool {
        let isNew = epoch > latestClaim ?? Epoch(0)
        guard isNew || epoch == refused else { return false }
        latestClaim = epoch
        let isRecoverable = allowance.availableAt(now) <= now && epoch < limit
        refused = isRecoverable ? nil : epoch
        if isRecoverable { due = max(epoch, due ?? epoch) }
        return isNew && (!isRecoverable || hasRenewed || isRival)
    }

    /// Whether a peer with a credible epoch has accepted the present incarnation.
    ///
    /// - Parameter latest: the latest credible epoch.
    /// - Returns: whether one has.
    func isAccepted(credible latest: Epoch) -> Bool { acceptance.earliestAccepting <= latest }

    /// Notes what an authentic message shows of the present incarnation.
    ///
    /// - Parameters:
    ///   - sender: the incarnation of its sender.
    ///   - isAccepting: whether it acknowledges or mentions the present one of ours.
    ///   - known: the latest of ours that its clock has; `nil` if it has none.
    ///   - latest: the latest credible epoch.
    ///   - now: the present instant.
    mutating func note(
        _ sender: Epoch, isAccepting: Bool, known: Epoch?, credible latest: Epoch, at now: Instant
    ) {
        acceptance.firstHeard = acceptance.firstHeard ?? now
        acceptance.earliestSender = min(acceptance.earliestSender, sender)
        if isAccepting {
            acceptance.earliestAccepting = min(acceptance.earliestAccepting, sender)
        } else if let known, sender <= latest {
            acceptance.mentioned = max(acceptance.mentioned, known)
        }
    }

    /// Whether peers have been heard for `time` and none accepts the present incarnation, nor knows one from `limit` on.
    ///
    /// Those with credible epochs decide where there are any: hosts whose clocks were ahead together accept each other.
    func isUnaccepted(for time: TimeSpan, before limit: Epoch, credible latest: Epoch, at now: Instant)
        -> Bool
    {
        guard let firstHeard = acceptance.firstHeard, now - firstHeard >= time, acceptance.mentioned < limit
        else { return false }
        return acceptance.earliestSender <= latest
            ? !isAccepted(credible: latest) : acceptance.earliestAccepting == Epoch(.max)
    }

    /// Forgets what messages showed: the clock was set back, and other epochs are credible now.
    mutating func reconsiderAcceptance() { acceptance = Acceptance() }

    /// Notes that a new incarnation has begun.
    mutating func renew(at now: Instant) {
        _ = allowance.take(at: now)
        hasRenewed = true
        due = nil
        acceptance = Acceptance()
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    var violatedInvariant: String? {
        guard let due, due > latestClaim ?? Epoch(0) else { return nil }
        return "incarnation \(due) is due, and nothing claims it"
    }
}
