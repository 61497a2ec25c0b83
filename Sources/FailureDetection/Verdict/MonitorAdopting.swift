/// What becomes of a verdict on a peer that is suspected already.
extension Monitor {
    /// Takes a new verdict on a suspected peer, unless it only says that nothing is known any more.
    ///
    /// - Returns: whether the verdict says more than that.
    @discardableResult
    mutating func adopt(_ judgement: RankedVerdict, isRelapse: Bool = false, of index: Int) -> Bool {
        takeVote(judgement, of: index)
        let isNews =
            judgement.verdict.cause != .unknown || judgement.rank == .messages
            || !(judgement.hasVote || isRelapse) || peers[index].verdict?.cause == .isolated
        guard isNews, judgement.verdict != peers[index].verdict else { return isNews }
        peers[index].suspicion?.verdict = judgement.verdict
        // One that is heard again has no cause any more; what its silence was stays what it was.
        if judgement.verdict.cause != .unknown {
            ledger.revise(peers[index].id, verdict: judgement.verdict)
        }
        opinionBook.isOutdated = true
        return true
    }

    /// Takes from a new verdict only whether the suspicion counts.
    mutating func takeVote(_ judgement: RankedVerdict, of index: Int) {
        guard judgement.hasVote != peers[index].suspicion?.hasVote else { return }
        peers[index].suspicion?.hasVote = judgement.hasVote
        opinionBook.isOutdated = true
    }
}
