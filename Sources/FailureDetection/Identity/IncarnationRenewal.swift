internal import CausalClock

/// What other nodes know of incarnations of this one, and what follows from it.
///
/// Invariant: a later incarnation is due only while a claim of it is the latest or later than that.
struct IncarnationRenewal: Sendable, BitwiseCopyable {
    /// How often a process may begin a new incarnation because of what others report.
    static let maximum = 3

    /// The latest incarnation of which a message mentioned events that this process has not had; `nil` if none did.
    private var latestClaim: Epoch?
    /// An incarnation of ours of which others know events that this process has not had.
    private(set) var due: Epoch?
    /// How often this process has begun a new incarnation without a restart.
    private var count = 0
    /// Whether a message has shown that its sender accepts the present incarnation.
    private(set) var isAccepted = false
    /// When the first message arrived that did not; `nil` before.
    private var firstHeard: Instant?
    /// The latest other incarnation of ours that such a message mentioned.
    private var mentioned = Epoch(0)

    /// Notes a claim of events in an incarnation of ours.
    ///
    /// The other daemon of our name continues counting, so a claim of the same incarnation is no news.
    ///
    /// - Parameters:
    ///   - epoch: that incarnation.
    ///   - limit: the latest epoch that is believed.
    ///   - isRival: whether another process had the identity while this one did.
    /// - Returns: whether it is a conflict: new, and no restart that was forgotten.
    mutating func note(_ epoch: Epoch, upTo limit: Epoch, isRival: Bool) -> Bool {
        guard epoch > latestClaim ?? Epoch(0) else { return false }
        latestClaim = epoch
        let isRecoverable = count < Self.maximum && epoch < limit
        if isRecoverable { due = max(epoch, due ?? epoch) }
        return !isRecoverable || count > 0 || isRival
    }

    /// Notes what an authentic message shows of the present incarnation, until one accepts it.
    ///
    /// - Parameters:
    ///   - acknowledged: the incarnation of ours whose datagrams its sender acknowledges.
    ///   - known: the latest that its clock has; `nil` if it has none.
    ///   - present: the present incarnation.
    ///   - now: the present instant.
    mutating func note(acknowledged: Epoch?, known: Epoch?, of present: Epoch, at now: Instant) {
        firstHeard = firstHeard ?? now
        isAccepted = acknowledged == present || known == present
        if let known, known != present { mentioned = max(mentioned, known) }
    }

    /// Whether peers have been heard for a time and none has accepted the present incarnation, nor knows one from
    /// `limit`.
    func isUnaccepted(for time: TimeSpan, before limit: Epoch, at now: Instant) -> Bool {
        guard !isAccepted, let firstHeard else { return false }
        return now - firstHeard >= time && mentioned < limit
    }

    /// Notes that a new incarnation has begun.
    mutating func renew() {
        count += 1
        due = nil
        isAccepted = false
        firstHeard = nil
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    var violatedInvariant: String? {
        guard let due, due > latestClaim ?? Epoch(0) else { return nil }
        return "incarnation \(due) is due, and nothing claims it"
    }
}
