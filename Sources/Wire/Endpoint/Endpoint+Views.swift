internal import CausalClock
internal import FailureDetection
internal import Records

/// Views: a host's own says which others it suspects, and from theirs it learns which they do.
///
/// A view counts when its author has vouched for it: has sent it itself, or has shown by its digests that it holds it. What
/// others send in a host's name spreads, and has no vote. A host that can write messages in another's name can vouch in it, too.
extension Endpoint {
    /// Publishes which hosts this host suspects, if that has changed.
    ///
    /// A host without a view suspects no other, so that the first one is written with the first suspicion.
    mutating func publishView(at now: Instant, into outbox: inout Outbox) {
        guard monitor.opinionRevision != viewRevision else { return }
        viewRevision = monitor.opinionRevision
        let view = View(suspects: monitor.opinions.map(report(of:)))
        let key = RecordKey(.view, monitor.id)
        guard !view.suspects.isEmpty || ownBody(of: key) != nil else { return }
        publish(.view(view), at: now, into: &outbox)
    }

    private func report(of opinion: Opinion) -> SuspicionReport {
        SuspicionReport(
            subject: exchange.store.hash.of(host: opinion.subject), epoch: opinion.epoch,
            counter: opinion.counter, verdict: opinion.verdict, isAfterAnother: opinion.isAfterAnother)
    }

    /// What heartbeats and pings say of the store.
    ///
    /// Equal digests vouch for this host's view. So those that leave before a changed view is published are equal to no one's.
    var presentDigests: RecordDigests {
        var digests = exchange.store.digests
        if monitor.opinionRevision != viewRevision || isViewWaiting { digests.facts = ~digests.facts }
        return digests
    }

    /// Whether this host's view is held back, or waits because it has changed too often.
    private var isViewWaiting: Bool {
        let key = RecordKey(.view, monitor.id)
        return hold?.body(of: key) != nil || exchange.isWaiting(key)
    }

    /// Takes the peer's own view, if it is among the records of its message.
    ///
    /// - Parameters:
    ///   - records: what the message carries.
    ///   - dot: the peer's event that was the sending; it cannot know of later ones.
    ///   - index: the peer's position.
    ///   - arrived: when the message arrived.
    ///   - now: the one instant of this turn.
    ///   - outbox: takes what is to be reported.
    mutating func takeView(
        in records: [Record], of dot: Dot, from index: Int, arrived: Instant, at now: Instant,
        into outbox: inout Outbox
    ) {
        let own = records.last { $0.host == dot.host && $0.view != nil }
        guard let own, own.epoch == dot.epoch, own.counter <= dot.counter, isNews(own, of: index),
            links[index].viewBudget.take(at: now)
        else { return }
        adopt(own, at: own.dot, of: index, arrived: arrived, now, into: &outbox)
    }

    /// Learns what the peer at an index held at its event `dot`: if it is all that this host holds, its own view, too.
    mutating func noteRecords(
        _ digests: RecordDigests, of index: Int, at dot: Dot, arrived: Instant, _ now: Instant,
        into outbox: inout Outbox
    ) {
        guard digests == exchange.store.digests else {
            return retakeView(of: index, arrived: arrived, at: now, into: &outbox)
        }
        guard dot.epoch == monitor.epoch(ofPeer: index) else { return }
        compareView(of: index, at: dot, arrived: arrived, now, into: &outbox)
        guard links[index].view?.isComplete != false else { return }
        monitor.noteSameOpinions(ofPeer: index, at: dot, arrived: arrived)
    }

    /// Takes the view in the store for the peer's own, if it is later than the one that the peer has sent.
    private mutating func compareView(
        of index: Int, at dot: Dot, arrived: Instant, _ now: Instant, into outbox: inout Outbox
    ) {
        let facts = exchange.store.digests.facts
        if let compared = links[index].comparedFacts, compared == (dot.epoch, facts) { return }
        links[index].comparedFacts = (dot.epoch, facts)
        guard let held = exchange.store.record(RecordKey(.view, dot.host)), held.epoch == dot.epoch,
            held.counter <= dot.counter, isNews(held, of: index)
        else { return }
        adopt(held, at: dot, of: index, arrived: arrived, now, into: &outbox)
    }

    private func isNews(_ view: Record, of index: Int) -> Bool {
        links[index].view.map { $0.dot.precedes(view.dot) } ?? true
    }

    private mutating func adopt(
        _ record: Record, at dot: Dot, of index: Int, arrived: Instant, _ now: Instant,
        into outbox: inout Outbox
    ) {
        let isComplete = record.view?.isPartial == false
        links[index].view = (record.dot, isComplete)
        let list = OpinionList(opinions(in: record), at: dot, isComplete: isComplete)
        handle(.opinions(list, arrived: arrived), at: now, answering: nil, into: &outbox)
    }

    /// What a view says of hosts that are members here, ascending.
    private func opinions(in record: Record) -> [Opinion] {
        let suspects = record.view?.suspects ?? []
        let opinions = suspects.compactMap { report in
            exchange.store.host(hashed: report.subject).map { subject in
                Opinion(
                    subject: subject, epoch: report.epoch, verdict: report.verdict,
                    isAfterAnother: report.isAfterAnother, counter: report.counter)
            }
        }
        return opinions.filter { $0.subject != record.host }.sorted { $0.subject < $1.subject }
    }

    /// Forgets which views were taken: there may be peers now of which they were not.
    ///
    /// The next digests have them taken again.
    mutating func forgetViews() {
        for index in links.indices {
            if let view = links[index].view { links[index].vouched = view.dot }
            (links[index].view, links[index].comparedFacts) = (nil, nil)
        }
    }

    /// Takes a view again for which the peer had vouched before a reload: what else it holds may stay different from what this
    /// host does, and it does not send again what was acknowledged.
    private mutating func retakeView(
        of index: Int, arrived: Instant, at now: Instant, into outbox: inout Outbox
    ) {
        guard links[index].view == nil, let vouched = links[index].vouched,
            let held = exchange.store.record(RecordKey(.view, vouched.host)), held.dot == vouched,
            let latest = monitor.opinionsKnown(ofPeer: index), latest.epoch == vouched.epoch
        else { return }
        adopt(held, at: latest, of: index, arrived: arrived, now, into: &outbox)
    }
}
