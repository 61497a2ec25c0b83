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
    /// The latest incarnation of ours, other than the present one, that a message mentioned.
    private(set) var mentioned = Epoch(0)

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

    /// Notes which incarnation of ours a message mentions.
    mutating func noteMention(_ epoch: Epoch) { if epoch > mentioned { mentioned = epoch } }

    /// Notes that a new incarnation has begun.
    mutating func renew() {
        count += 1
        due = nil
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    var violatedInvariant: String? {
        guard let due, due > latestClaim ?? Epoch(0) else { return nil }
        return "incarnation \(due) is due, and nothing claims it"
    }
}
