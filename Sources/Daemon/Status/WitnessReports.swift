internal import CausalClock
internal import FailureDetection
internal import StatusAPI

/// Which hosts suspect a peer, as the status socket shows it.
extension WitnessReport {
    init(_ witness: Witness, against index: Int, in monitor: borrowing Monitor, wall: WallClock) {
        self.init(
            id: witness.dot.host.description, sinceUSec: wall.microseconds(witness.heard),
            dot: DotText(witness.dot))
        cause = ReportedCause(witness.verdict.cause)
        certainty = ReportedCertainty(witness.verdict.certainty)
        afterAnother = witness.isAfterAnother
        trusted = monitor.isBelieved(witness)
        counted = monitor.counts(witness, on: index)
    }

    /// Our own suspicion.
    init(
        _ opinion: Opinion, of evidence: Evidence, since: Instant, in monitor: borrowing Monitor,
        wall: WallClock
    ) {
        let dot = Dot(host: monitor.id, epoch: monitor.clock.epoch, counter: opinion.counter)
        self.init(
            id: monitor.id.description, sinceUSec: wall.microseconds(since), dot: DotText(dot))
        cause = ReportedCause(opinion.verdict, by: evidence)
        certainty = ReportedCertainty(opinion.verdict.certainty)
        afterAnother = opinion.isAfterAnother
    }
}

extension WitnessesReply {
    init(peer: StatusAPI.PeerReport, at index: Int, in monitor: borrowing Monitor, wall: WallClock) {
        let id = monitor.id(ofPeer: index)
        let since = monitor.report(ofPeer: index).since
        let opinion = monitor.opinions.first { $0.subject == id }
        let agreement = monitor.agreement(on: index)
        let evidence = monitor.evidence(of: index)
        self.init(
            peer: peer,
            own: opinion.map { WitnessReport($0, of: evidence, since: since, in: monitor, wall: wall) },
            observers: agreement.observers, quorum: agreement.needed, members: monitor.count + 1)
    }
}

extension Wording {
    /// How far observers agree that a peer has failed: `2 of the 3 observers that a quorum needs suspect it`.
    static func agreement(_ agreement: Agreement) -> String {
        let observers = countText(agreement.observers, "observer")
        guard let needed = agreement.needed else {
            return "\(observers) suspect\(agreement.observers == 1 ? "s" : "") it; "
                + "no quorum is possible with so few members, so nothing is ever confirmed"
        }
        guard agreement.includesOwn else {
            return
                "\(observers) suspect\(agreement.observers == 1 ? "s" : "") it, and this node does not vote"
        }
        return agreement.isQuorum
            ? "\(observers) suspect it independently, and a quorum is \(needed)"
            : "\(observers) of the \(needed) that a quorum needs suspect\(agreement.observers == 1 ? "s" : "") it"
    }
}
