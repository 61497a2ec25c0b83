public import CausalClock

/// Two processes with one identity, incarnations out of order, and lies.
extension Monitor {
    /// Learns of a later incarnation of ours from a message that is authentic but may have been recorded.
    ///
    /// Its sender may be waiting for that incarnation and refuse this one, so that it never answers; and what
    /// was true of our later incarnation once is true now.
    mutating func noteLaterIncarnation(
        in reception: InboundMessage, from index: Int, at now: Instant, into effects: inout Effects
    ) {
        guard let own = reception.entry(of: clock.owner), own.epoch > clock.epoch else { return }
        noteClaim(own, by: index, at: now, into: &effects)
    }

    /// Searches for contradictions in a message that is believed, before anything of it is taken over.
    mutating func conflict(in reception: InboundMessage, of index: Int) -> Conflict? {
        let known = reception.known(of: clock)
        let stamp = ProcessOrder.Stamp(reception, ours: clock.epoch, known: known)
        var conflict = peers[index].incarnation.order.conflict(with: stamp)
        if isImpossible(reception.dot, of: index, knowing: known) { conflict = conflict ?? .impossible }
        if let rival = peers[index].incarnation.rivalSeen, known > rival {
            conflict = conflict ?? .twoIncarnations
        }
        peers[index].incarnation.order.note(stamp)
        return conflict
    }

    /// Searches for contradictions in a message that is refused; it changes nothing else.
    mutating func checkRefused(
        _ reception: InboundMessage, as refusal: Refusal, of index: Int, at now: Instant,
        into effects: inout Effects
    ) {
        let known = reception.known(of: clock)
        var conflict: Conflict?
        switch refusal {
        case .duplicate:
            let stamp = ProcessOrder.Stamp(reception, ours: clock.epoch, known: known)
            if peers[index].incarnation.order.isAnother(stamp) { conflict = .numberTwice }
        case .outdated:
            if isImpossible(reception.dot, of: index, knowing: known) { conflict = .impossible }
        case .oldEpoch:
            // It acts, and knows that a later incarnation of it has begun. If that one is over it will learn
            // so from us.
            if known >= peers[index].incarnation.began, peers[index].incarnation.rivalSeen == nil {
                peers[index].incarnation.rivalSeen = clock.counter
            }
        default: break
        }
        reportConflict(conflict, of: index, at: now, into: &effects)
    }

    /// Whether an event would have happened before itself: it knows our event at which we knew a later one of its
    /// host.
    private func isImpossible(_ event: Dot, of index: Int, knowing known: UInt64) -> Bool {
        guard known > 0, let place = clock.index(of: event.host, near: index) else { return false }
        let latest = clock.entries[place]
        return latest.epoch == event.epoch && event.precedes(latest) && known >= clock.changedAt[place]
    }

    /// Reports a conflict once in an incarnation of the peer: one that continues contradicting itself is no news.
    mutating func reportConflict(
        _ conflict: Conflict?, of index: Int, at now: Instant, into effects: inout Effects
    ) {
        guard let conflict, !peers[index].incarnation.isConflictReported else { return }
        peers[index].incarnation.isConflictReported = true
        tick(.conflict, about: index, at: now, into: &effects)
        effects.append(
            .notice(
                Notice(
                    kind: .conflict, dot: clock.dot, at: now, peer: peers[index].id,
                    epoch: peers[index].epoch,
                    conflict: conflict)))
    }

    /// Notes that a message mentions events of ours that we have not had.
    ///
    /// Of a later incarnation: we were started with an epoch that is too low, because the one on disk was
    /// lost or restored, or another daemon has our identity. Of this incarnation: we are a copy, or there is
    /// one. A later incarnation of ours makes our events our own again in each case; the caller begins it.
    /// A peer that learnt of the incarnation last known may have to learn of a later one still; but after three times another
    /// daemon uses this id, and taking yet another epoch would be a race with it: from then on one an hour is begun, so that no lie holds for good.
    mutating func noteClaim(_ claim: Dot, by index: Int, at now: Instant, into effects: inout Effects) {
        // A host that knew this incarnation as our last has learnt since of a later one, so it began after this one
        // did.
        let isRival = claim.epoch == clock.epoch || peers[index].incarnation.order.knownOfUs > 0
        guard renewal.note(claim.epoch, upTo: latestCredibleEpoch, isRival: isRival, at: now)
        else { return }
        tick(.conflict, about: index, at: now, into: &effects)
        effects.append(
            .notice(
                Notice(
                    kind: .conflict, dot: clock.dot, at: now, peer: peers[index].id, epoch: claim.epoch,
                    conflict: .ownEvents)))
    }

    /// Learns from an authentic message, believed or not, whether its sender accepts this incarnation of ours.
    mutating func noteAcceptance(by reception: InboundMessage, at now: Instant) {
        guard !renewal.isAccepted(credible: latestCredibleEpoch) else { return }
        let known = reception.entry(of: clock.owner)?.epoch
        renewal.note(
            reception.dot.epoch,
            isAccepting: reception.acknowledgedEpoch == clock.epoch || known == clock.epoch, known: known,
            credible: latestCredibleEpoch, at: now)
    }

    /// Whether this incarnation must begin again with the epoch of the wall clock, although that is an earlier one.
    ///
    /// The process began while the clock was more than a day ahead, or after one that did, and peers refuse it
    /// (`Refusal.futureEpoch`). Three signs show it: by our own clock the epoch is not credible; peers have been heard for a
    /// while, and none with a credible epoch accepts it, or none at all where no epoch is credible; and none knows an
    /// incarnation of ours that would be later than the new one. A clock that is behind shows other signs: then no peer's
    /// epoch is credible, and peers accept ours.
    public func isIncarnationPremature(at now: Instant) -> Bool {
        guard clock.epoch > latestCredibleEpoch, latestCredibleEpoch.value > Epoch.tolerance else {
            return false
        }
        return renewal.isUnaccepted(
            for: Self.acceptanceTime, before: Epoch(latestCredibleEpoch.value - Epoch.tolerance),
            credible: latestCredibleEpoch, at: now)
    }

    /// How long peers that are heard have to accept an incarnation before its epoch is doubted.
    private static let acceptanceTime = TimeSpan.seconds(5)

    /// Begins another incarnation of ours in mid-flight; what is known of others stays known.
    ///
    /// The caller has stored `epoch` durably, and found it later than `staleEpoch`, or taken it from the wall clock
    /// because `isIncarnationPremature`.
    public mutating func beginIncarnation(_ epoch: Epoch, at now: Instant, into effects: inout Effects) {
        let former = clock.dot
        guard clock.beginIncarnation(epoch) else { return }
        renewal.renew(at: now)
        round = nil
        coverage.beginIncarnation()
        for index in peers.indices {
            peers[index].forgetUs()
            schedule(index)
        }
        tick(.start, at: now, continuing: former, into: &effects)
        renumberSuspicions()
        effects.append(
            .notice(Notice(kind: .restart, dot: clock.dot, at: now, peer: clock.owner, epoch: epoch)))
        for index in peers.indices where peers[index].settings.mode != .ping {
            send(.heartbeat, to: index, at: now, into: &effects)
        }
    }

    /// Lets suspicions begin with this incarnation: the events in which they did are of one that is over.
    private mutating func renumberSuspicions() {
        for index in peers.indices where peers[index].suspicion?.event != nil {
            peers[index].suspicion?.event?.counter = clock.counter
        }
        opinionBook.isOutdated = true
    }

    /// An incarnation of ours after which a new one must begin; `nil` while this one may continue.
    ///
    /// Either others know events of an incarnation of this name that this process has not had, or this
    /// incarnation has counted all the events it can.
    public var staleEpoch: Epoch? {
        clock.counter >= VectorClock.maximumCounter
            ? max(clock.epoch, renewal.due ?? clock.epoch) : renewal.due
    }
}
