internal import StatusAPI

/// What is kept of peers that a reload removed: the suspicions of them, and how right those were.
///
/// The latest of either, so that reloads in a loop cost no more than a configuration does.
struct FormerPeers {
    private static let peerLimit = 256
    private static let suspicionLimit = 256

    private var figures: [PeerAuditReport] = []
    private var suspicions: [SuspicionReport] = []

    /// Keeps what an audit says of peers that are removed now.
    mutating func keep(_ audit: AuditReply, nowUSec: Int) {
        for peer in audit.peers where peer.suspicions > 0 {
            let sum = figures.first { $0.id == peer.id }.map { $0.adding(peer) } ?? peer
            figures.removeAll { $0.id == peer.id }
            figures.append(sum)
        }
        figures.removeFirst(max(0, figures.count - Self.peerLimit))
        suspicions += audit.suspicions.map { suspicion in
            var suspicion = suspicion
            // It is watched no longer, so the suspicion ends.
            suspicion.endedUSec = suspicion.endedUSec ?? nowUSec
            return suspicion
        }
        suspicions.removeFirst(max(0, suspicions.count - Self.suspicionLimit))
    }

    /// An audit of the present peers with what is kept of the former ones; of one peer, or of all.
    func added(to audit: AuditReply, of id: String?) -> AuditReply {
        var audit = audit
        let former = figures.filter { id == nil || $0.id == id }
        audit.peers = audit.peers.map { peer in former.first { $0.id == peer.id }?.adding(peer) ?? peer }
        let present = Set(audit.peers.map(\.id))
        audit.peers += former.filter { !present.contains($0.id) }
        audit.peers.sort { $0.id < $1.id }
        audit.suspicions += suspicions.filter { id == nil || $0.peer == id }
        audit.suspicions.sort { ($0.timeUSec, $0.dot.counter) < ($1.timeUSec, $1.dot.counter) }
        return audit
    }
}

extension PeerAuditReport {
    /// The figures of two times together.
    fileprivate func adding(_ other: PeerAuditReport) -> PeerAuditReport {
        var sum = PeerAuditReport(
            id: id, suspicions: suspicions.plus(other.suspicions),
            provedFalse: provedFalse.plus(other.provedFalse),
            crashConfirmed: crashConfirmed.plus(other.crashConfirmed),
            undecided: undecided.plus(other.undecided),
            mistakeUSec: mistakeUSec.plus(other.mistakeUSec))
        sum.linkFaults = (linkFaults ?? 0).plus(other.linkFaults ?? 0)
        return sum
    }
}
