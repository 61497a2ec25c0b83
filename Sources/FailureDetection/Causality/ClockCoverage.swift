internal import CausalClock

/// Whether all that one sender's messages could have carried has been taken in, in its present incarnation.
///
/// Kept is one number: all entries of the sender's clock that last changed at its event `known` or before are known.
/// That stays true while they change, for then they change later. So a message that carries what changed after an
/// event no later than `known` continues from there, whichever messages were lost, doubled or reordered.
struct ClockCoverage: Sendable, BitwiseCopyable {
    private var known: UInt64 = 0
    /// The latest event of the sender whose message was not taken in as a whole.
    private var partial: UInt64 = 0

    /// Whether all that the sender reported so far is known.
    var isCovered: Bool { known >= partial }

    /// Up to which event of the sender all changes are known after the message that is its event `counter`.
    ///
    /// A sender that has not heard yet that we have begun a new incarnation builds upon what an earlier one knew.
    func reach(of form: ClockForm, counter: UInt64) -> UInt64 {
        switch form {
        case .full: counter
        case .delta(let base): base <= known ? counter : 0
        case .partial(let base, let through): base <= known ? min(through, counter) : 0
        }
    }

    /// Notes a message.
    ///
    /// - Parameters:
    ///   - counter: the sender's event that it is.
    ///   - reach: up to which event all changes are known with it; 0 when something was passed over.
    mutating func note(_ counter: UInt64, reach: UInt64) {
        known = max(known, reach)
        if reach < counter { partial = max(partial, counter) }
    }
}

extension Monitor {
    /// Keeps account of whether our clock is exact, when a message of the peer at an index was merged.
    ///
    /// - Parameters:
    ///   - index: the peer's position.
    ///   - counter: its event that was the sending.
    ///   - reach: up to which event of it all changes are known with the message.
    ///   - result: what became of the entries.
    mutating func noteCoverage(of index: Int, counter: UInt64, reach: UInt64, result: MergeResult) {
        let wasCovered = peers[index].incarnation.coverage.isCovered
        peers[index].incarnation.coverage.note(counter, reach: result.hasPassedOver ? 0 : reach)
        coverage.note(wasCovered: wasCovered, isCovered: peers[index].incarnation.coverage.isCovered)
        if result.hasLostIncarnation { noteLoss() }
        guard clock.hasGaps, coverage.uncovered == 0, isLossMadeGood else { return }
        coverage.makeGood()
        clock.closeGaps()
    }

    /// Notes that a sender whose clock we do not know in full can no longer send the rest.
    mutating func noteLoss() { coverage.noteLoss(before: clock.counter + 1) }

    /// Forgets the account of a sender that begins a new incarnation, or is watched no more.
    mutating func endCoverage(of index: Int) {
        guard !peers[index].incarnation.coverage.isCovered else { return }
        coverage.note(wasCovered: false, isCovered: true)
        noteLoss()
    }

    /// Whether every host has since sent us an event of its own that came after the loss.
    ///
    /// What was lost happened before; so each host's entry has passed it.
    private var isLossMadeGood: Bool {
        guard let loss = coverage.lossKnownTo else { return true }
        return peers.indices.allSatisfy {
            peers[$0].incarnation.order.knownOfUs >= loss || clock.index(of: names[$0]) == nil
        }
    }
}
