/// Whether all is known that may have influenced this node, as far as its peers can say.
///
/// Invariant: `uncovered` is the number of peers whose `ClockCoverage` has gaps.
struct CoverageAccount: Sendable, BitwiseCopyable {
    /// How many peers have reported something that is not known.
    private(set) var uncovered = 0
    /// The event of ours after which every host must be heard for our clock to be exact again; `nil` if none need be.
    private(set) var lossKnownTo: UInt64?

    /// Notes that a peer has, or has no longer, reported something that is not known.
    mutating func note(wasCovered: Bool, isCovered: Bool) {
        guard wasCovered != isCovered else { return }
        uncovered += isCovered ? -1 : 1
    }

    /// Notes that a sender whose clock is not known in full can report the rest no more; our next event is `next`.
    mutating func noteLoss(before next: UInt64) { lossKnownTo = next }

    /// Notes that nothing is missing any more.
    mutating func makeGood() { lossKnownTo = nil }

    /// Our events are counted anew.
    mutating func beginIncarnation() { lossKnownTo = lossKnownTo.map { _ in 1 } }
}
