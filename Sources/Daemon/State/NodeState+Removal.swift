internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import StatusAPI
internal import Wire

/// Peers that a reload, or a restart with another file, removes: reported to all that watch, and kept in the audit.
extension NodeState {
    /// A peer that is about to be removed, as it is.
    struct RemovedPeer {
        /// The peer.
        let id: HostID
        /// Its last state.
        let state: PeerState
        /// Why it is suspected, if it is.
        let verdict: Verdict?
    }

    /// How many removed peers one reload writes to the history and names in the journal.
    private static let namedPeers = 10

    /// The peers that are not among these, with what is to be kept of them; to be called before they go.
    mutating func retire(allBut settings: [Configuration.PeerSettings]) -> [RemovedPeer] {
        let staying = Set(settings.map(\.id))
        let monitor = endpoint.monitor
        let gone = (0..<monitor.count).filter { !staying.contains(monitor.id(ofPeer: $0).description) }
        guard !gone.isEmpty else { return [] }
        let ids = Set(gone.map { monitor.id(ofPeer: $0).description })
        var audit = ownAudit(of: nil)
        audit.peers.removeAll { !ids.contains($0.id) }
        audit.suspicions.removeAll { !ids.contains($0.peer) }
        former.keep(audit, nowUSec: wall.microseconds(now))
        return gone.map { index in
            let report = monitor.report(ofPeer: index)
            return RemovedPeer(id: report.id, state: report.state, verdict: report.verdict)
        }
    }

    /// Reports each removed peer to those that watch; the first also to the history.
    mutating func announceRemoval(of peers: [RemovedPeer]) {
        for (number, peer) in peers.enumerated() {
            var event = EventReport(
                timeUSec: wall.microseconds(now), dot: DotText(endpoint.monitor.clock.dot), event: .removed,
                peer: peer.id.description,
                evidence: EvidenceReport(
                    reason:
                        "\(peer.id) is no longer configured, and no longer watched; it was \(peer.state.rawValue)"
                ))
            event.cause = peer.verdict.map { ReportedCause($0.cause) }
            event.certainty = peer.verdict.map { ReportedCertainty($0.certainty) }
            announce(Announcement(event: event, entry: nil, isPassing: number >= Self.namedPeers))
        }
    }

    /// The end of the sentence that mentions a reload; nothing where no peer was removed.
    static func removalText(_ peers: [RemovedPeer]) -> String {
        guard !peers.isEmpty else { return "" }
        return "; no longer watched: \(listed(peers.map { "\($0.id) (\($0.state.rawValue))" }))"
    }

    private static func listed(_ names: [String]) -> String {
        let more = names.count > namedPeers ? " and \(names.count - namedPeers) more" : ""
        return names.prefix(namedPeers).joined(separator: ", ") + more
    }

    /// Names the peers that are watched again and had left before they were removed; empty without one.
    func absenceText(besides known: Set<HostID>) -> String {
        let monitor = endpoint.monitor
        let absent = (0..<monitor.count).filter { monitor.state(ofPeer: $0) == .left }
            .map { monitor.id(ofPeer: $0) }.filter { !known.contains($0) }
        guard !absent.isEmpty else { return "" }
        return "; watched again, and still away as planned: \(Self.listed(absent.map(\.description)))"
    }
}
