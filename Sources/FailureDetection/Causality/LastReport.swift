internal import CausalClock

/// A message of a peer, and what it knew of us.
struct LastReport: Sendable, BitwiseCopyable {
    /// The sending.
    var dot: Dot
    /// Our latest event that could have influenced it.
    var known: Dot
    /// Whether that is certainly the latest.
    var isExact: Bool
}

extension Monitor {
    /// Keeps what a message of the peer at an index knew of us.
    mutating func rememberReport(_ reception: InboundMessage, by index: Int) {
        guard let own = reception.entry(of: clock.owner),
            peers[index].reportedBefore(reception.dot)
        else { return }
        peers[index].history.lastReport = LastReport(
            dot: reception.dot, known: own, isExact: reception.carriesExactClock)
    }
}
