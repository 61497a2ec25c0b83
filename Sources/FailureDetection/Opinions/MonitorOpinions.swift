public import CausalClock

/// What others think, and what follows from it: a suspicion of ours is confirmed when a quorum shares it.
///
/// An opinion counts while its observer is trusted or overdue, in its present incarnation, and while it refers to the latest
/// incarnation of the peer that we know of. Observers suspect by their own timeouts only, and never because another did.
/// Nothing is confirmed that we do not suspect ourselves, so a liar can add one voice and no more.
extension Monitor {
    /// Takes which hosts an observer suspects; what it said before is replaced.
    ///
    /// A list that the observer made before the latest one, or in another incarnation than the one that is heard, is
    /// passed over.
    mutating func take(_ list: OpinionList, arrived: Instant) {
        guard list.isWellFormed, let observer = index(of: list.dot.host),
            list.dot.epoch == peers[observer].epoch,
            isNews(list.dot, of: observer) || list.dot == opinionsKnown(ofPeer: observer)
        else { return }
        var repeated = 0
        for opinion in list.items where take(opinion, in: list.dot, arrived: arrived, of: observer) {
            repeated += 1
        }
        guard list.isComplete else { return }
        peers[observer].incarnation.lastOpinions = ReceivedOpinions(dot: list.dot, arrived: arrived)
        guard peers[observer].opinionsHeld > repeated else { return }
        for subject in peers.indices {
            let isRepeated = list.items.contains { $0.subject == peers[subject].id }
            if !isRepeated { withdrawOpinion(of: observer, on: subject) }
        }
    }

    /// Notes that at a later event an observer still suspected those of its latest list, and no others.
    ///
    /// - Parameters:
    ///   - index: the observer's position among the peers.
    ///   - dot: its event.
    ///   - arrived: when that was learnt.
    public mutating func noteSameOpinions(ofPeer index: Int, at dot: Dot, arrived: Instant) {
        guard dot.epoch == peers[index].epoch, isNews(dot, of: index) else { return }
        peers[index].incarnation.lastOpinions = ReceivedOpinions(dot: dot, arrived: arrived)
    }

    /// Up to which event of the peer at an index its opinions are known; a list as of that one may be given again.
    public func opinionsKnown(ofPeer index: Int) -> Dot? { peers[index].incarnation.lastOpinions?.dot }

    /// Whether an event of an observer is later than the one up to which its opinions are known.
    private func isNews(_ dot: Dot, of observer: Int) -> Bool {
        peers[observer].incarnation.lastOpinions.map { $0.dot.precedes(dot) } ?? true
    }

    /// - Returns: whether the opinion is of one of our peers, and is kept.
    private mutating func take(
        _ opinion: Opinion, in dot: Dot, arrived: Instant, of observer: Int
    ) -> Bool {
        guard let subject = index(of: opinion.subject), subject != observer else { return false }
        let witness = Witness(opinion, of: dot, heard: arrived)
        switch peers[subject].witnesses.note(witness) {
        case .new:
            peers[observer].opinionsHeld += 1
            opinionBook.isOutdated = true
        case .revised: opinionBook.isOutdated = true
        case .none: break
        }
        return true
    }

    private mutating func withdrawOpinion(of observer: Int, on subject: Int) {
        guard peers[subject].witnesses.remove(peers[observer].id) else { return }
        peers[observer].opinionsHeld -= 1
        opinionBook.isOutdated = true
    }

    /// Forgets all that an earlier incarnation of a peer said.
    mutating func forgetOpinions(of observer: Int) {
        guard peers[observer].opinionsHeld > 0 else { return }
        for subject in peers.indices { withdrawOpinion(of: observer, on: subject) }
    }

    /// After new settings: forgets those that are gone, and counts anew.
    mutating func recountOpinions() {
        for subject in peers.indices { peers[subject].opinionsHeld = 0 }
        for subject in peers.indices {
            for witness in peers[subject].witnesses.items {
                if let observer = index(of: witness.dot.host) {
                    peers[observer].opinionsHeld += 1
                } else {
                    _ = peers[subject].witnesses.remove(witness.dot.host)
                }
            }
        }
        opinionBook.isOutdated = true
    }

    /// Says, at the end of an event, which suspicions a quorum shares now, or no longer, and gathers what we think.
    mutating func settleOpinions(at now: Instant, into effects: inout Effects) {
        guard opinionBook.takeOutdated() else { return }
        for index in peers.indices where peers[index].state == .suspected {
            guard let suspicion = peers[index].suspicion else { continue }
            guard suspicion.review > now else {
                // It has just been heard, or is due: what is thought of it is judged later in this turn.
                opinionBook.isOutdated = true
                continue
            }
            settleConfirmation(of: index, at: now, into: &effects)
        }
        gatherOpinions()
    }

    private mutating func settleConfirmation(of index: Int, at now: Instant, into effects: inout Effects) {
        // While we find fault with ourselves, and until the silence that we blamed on us is judged anew, we
        // confirm nothing; what was, is reported anew afterwards.
        if peers[index].suspicion?.isConfirmed == false, isShared(index) {
            // What completes the quorum may have refuted the cause.
            adopt(judge(index, at: now), of: index)
        }
        let isConfirmed = isShared(index)
        guard var suspicion = peers[index].suspicion, isConfirmed != suspicion.isConfirmed else { return }
        suspicion.isConfirmed = isConfirmed
        if isolatedSince == nil { suspicion.emitted = suspicion.verdict }
        peers[index].suspicion = suspicion
        guard isolatedSince == nil else { return }
        // That a quorum is lost is reported as the suspicion that is left.
        note(
            isConfirmed ? .confirm : .suspect, of: index, at: now, verdict: suspicion.verdict,
            withEvidence: true, into: &effects)
    }

    private mutating func gatherOpinions() {
        var items: [Opinion] = []
        for index in peers.indices {
            guard isOwnOpinion(index), let suspicion = peers[index].suspicion, let event = suspicion.event
            else { continue }
            items.append(
                Opinion(
                    subject: peers[index].id, epoch: event.epoch, verdict: suspicion.verdict,
                    isAfterAnother: event.isAfterAnother, counter: event.counter))
        }
        opinionBook.replace(with: items)
    }
}
