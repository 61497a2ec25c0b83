internal import CausalClock
internal import FailureDetection
internal import StatusAPI
internal import Wire

/// The suspects behind an isolation: it is one finding, but subscribers are notified of each of them.
extension NodeState {
    /// How many suspects one turn reports, as thousands may fall silent simultaneously.
    private static let suspectsPerTurn = 16
    /// How many of one isolation the history keeps.
    private static let keptSuspects = 32

    /// Remembers the peers that became suspected while this host blames itself.
    mutating func noteSilenced(_ places: [Int]) {
        for place in places { isolationReport.waiting.append(endpoint.monitor.id(ofPeer: place)) }
    }

    /// Reports some of those that were not reported yet, and are suspected still.
    mutating func announceSilenced() {
        guard !isolationReport.waiting.isEmpty else { return }
        let monitor = endpoint.monitor
        if monitor.isolatedSince != isolationReport.began {
            (isolationReport.began, isolationReport.suspects) = (monitor.isolatedSince, 0)
        }
        for id in isolationReport.waiting.prefix(Self.suspectsPerTurn) {
            guard let index = monitor.index(of: id), monitor.state(ofPeer: index) == .suspected else {
                continue
            }
            let report = monitor.report(ofPeer: index)
            guard report.verdict?.cause == .isolated else { continue }
            isolationReport.suspects += 1
            announce(
                Announcement(
                    event: silence(of: report), entry: nil,
                    isPassing: isolationReport.suspects > Self.keptSuspects))
        }
        isolationReport.waiting.removeFirst(min(Self.suspectsPerTurn, isolationReport.waiting.count))
    }

    private func silence(of peer: FailureDetection.PeerReport) -> EventReport {
        let hasHeardPeers = endpoint.monitor.hasHeardPeers
        let cause = hasHeardPeers ? "isolated, likely" : "never heard"
        let finding = hasHeardPeers ? isolationText : "no peer has been heard yet"
        return EventReport(
            timeUSec: wall.microseconds(peer.since), dot: DotText(endpoint.monitor.clock.dot),
            event: .suspect,
            peer: peer.id.description, cause: hasHeardPeers ? .isolated : .neverHeard, certainty: .suspected,
            evidence: EvidenceReport(
                reason: "\(peer.id) is suspected (\(cause)): \(finding)", finding: finding))
    }

    /// How many peers fell silent, and which are heard, as the cause `isolated` rests on it.
    var isolationText: String {
        let monitor = endpoint.monitor
        var (silent, overdue, heard) = (0, 0, [String]())
        for index in 0..<monitor.count {
            switch monitor.state(ofPeer: index) {
            case .suspected: silent += 1
            case .pending: overdue += 1
            case .trusted: heard.append(monitor.id(ofPeer: index).description)
            case .unknown, .left: break
            }
        }
        return Wording.isolation(silent: silent, overdue: overdue, heard: heard)
    }
}

extension Wording {
    /// What a notice says of a node that has heard no peer yet, or its first; `nil` for every other.
    static func firstContact(_ notice: Notice, among monitor: Monitor, _ isFirst: Bool) -> String? {
        switch notice.kind {
        case .isolated where !monitor.hasHeardPeers: StatusReport.noneHeard(by: monitor.id.description)
        case .rejoined where isFirst: "a peer is heard, the first since this daemon started"
        case .trust where notice.duration != nil && isFirstSign(notice.peer, monitor):
            notice.peer.map { "\($0) is heard for the first time, and trusted" }
        default: nil
        }
    }

    /// Whether the latest suspicion of a peer was of one that had never been heard.
    private static func isFirstSign(_ peer: HostID?, _ monitor: Monitor) -> Bool {
        let suspicion = monitor.suspicions.last { $0.peer == peer }
        return suspicion != nil && suspicion?.epoch == nil
    }

    /// What `isolated` rests on, in one clause.
    static func isolation(silent: Int, overdue: Int, heard: [String]) -> String {
        let fault = "so this node or its network is more likely at fault"
        guard !heard.isEmpty else { return "no peer is heard, \(fault)" }
        let names =
            heard.prefix(3).joined(separator: ", ") + (heard.count > 3 ? " and \(heard.count - 3) more" : "")
        let more = overdue == 0 ? "" : ", \(overdue) more \(overdue == 1 ? "is" : "are") overdue"
        return
            "\(silent) of \(silent + overdue + heard.count) peers fell silent together\(more), and \(names) "
            + (heard.count == 1 ? "is" : "are") + " heard, \(fault)"
    }
}
