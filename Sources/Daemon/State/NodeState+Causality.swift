internal import CausalClock
internal import FailureDetection
internal import StatusAPI
internal import Wire

/// What the status socket answers about causes and effects.
extension NodeState {
    func audit(of id: String?) -> AuditReply { former.added(to: ownAudit(of: id), of: id) }

    /// The audit of the present peers.
    func ownAudit(of id: String?) -> AuditReply {
        let monitor = endpoint.monitor
        let indices = (0..<monitor.count).filter { id == nil || monitor.id(ofPeer: $0).description == id }
        let peers = indices.map { index in
            PeerAuditReport(
                monitor.audit(ofPeer: index, at: now), id: monitor.id(ofPeer: index).description)
        }
        let suspicions = monitor.suspicions.map { SuspicionReport($0, wall: wall) }
        return AuditReply(suspicions: suspicions.filter { id == nil || $0.peer == id }, peers: peers)
    }

    func clock() -> ClockReport {
        let monitor = endpoint.monitor
        return ClockReport(
            dot: DotText(monitor.clock.dot), exact: monitor.isClockExact,
            entries: monitor.clockEntries.map { entry in
                ClockReport.Entry(
                    dot: DotText(entry.dot),
                    ageUSec: entry.learnt.map { Int(max(now - $0, .zero).microseconds) })
            })
    }

    func cut() -> CutReply {
        let monitor = endpoint.monitor
        let fronts = monitor.presentCut.map { front in
            var report = CutFrontReport(
                dot: DotText(front.reach),
                suspects: front.suspects.map {
                    CutFrontReport.Suspicion(
                        peer: $0.peer.description, cause: ReportedCause($0.verdict.cause),
                        certainty: ReportedCertainty($0.verdict.certainty))
                })
            report.reported = front.reported.map { DotText($0) }
            report.reportedUSec = front.arrived.map(wall.microseconds)
            return report
        }
        return CutReply(exact: monitor.isClockExact, fronts: fronts)
    }

    func order(of left: DotText, to right: DotText) -> OrderReply {
        guard let first = Dot(left), let second = Dot(right) else {
            return OrderReply(order: .unknown, basis: [])
        }
        let known = endpoint.monitor.order(of: first, to: second)
        return OrderReply(order: ReportedOrder(known.order), basis: known.basis.map { DotText($0) })
    }
}

extension Dot {
    /// The event of a name that the wire could carry; `nil` for any other.
    fileprivate init?(_ text: DotText) {
        guard let host = HostID(text.id) else { return nil }
        self.init(host: host, epoch: Epoch(UInt64(text.epoch)), counter: UInt64(text.counter))
    }
}

extension ReportedOrder {
    fileprivate init(_ order: CausalOrder?) {
        self =
            switch order {
            case .before: .before
            case .after: .after
            case .concurrent: .concurrent
            case .same: .same
            case .unknown, nil: .unknown
            }
    }
}

extension PeerAuditReport {
    fileprivate init(_ audit: SuspicionAudit, id: String) {
        self.init(
            id: id, suspicions: Int(clamping: audit.suspicions), provedFalse: Int(clamping: audit.mistakes),
            crashConfirmed: Int(clamping: audit.confirmed), undecided: Int(clamping: audit.undecided),
            mistakeUSec: Int(audit.mistakeDuration.microseconds))
        linkFaults = Int(clamping: audit.linkFaults)
    }
}

extension SuspicionReport {
    fileprivate init(_ record: SuspicionRecord, wall: WallClock) {
        self.init(
            dot: DotText(record.dot), peer: record.peer.description, timeUSec: wall.microseconds(record.at),
            cause: record.epoch == nil
                ? ReportedCause(record.verdict, lastHeard: nil, isExplained: true)
                : ReportedCause(record.verdict.cause))
        epoch = record.epoch.map { Int(clamping: $0.value) }
        endedUSec = record.ended.map(wall.microseconds)
        switch record.outcome {
        case .undecided: break
        case .provedFalse(let event):
            (outcome, proof) = (record.isLinkFinding ? .linkFault : .provedFalse, DotText(event))
        case .crashConfirmed(let event): (outcome, proof) = (.crashConfirmed, DotText(event))
        }
    }
}
