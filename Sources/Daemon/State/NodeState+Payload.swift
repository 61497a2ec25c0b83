internal import CausalClock
internal import StatusAPI
internal import Systemd
internal import Wire

/// Paths that drop large datagrams.
extension NodeState {
    /// Reports that the limit on the size of datagrams to a peer has changed.
    mutating func announce(_ news: Outbox.PayloadNews) {
        let sentence = Wording.sentence(news.finding, peer: news.peer)
        announce(
            Announcement(
                entry: JournalEntry(
                    news.finding == nil ? .notice : .warning, sentence,
                    fields: [JournalField(.peer, news.peer.description)])))
    }
}

extension PayloadReport {
    init(_ finding: PayloadFinding) {
        self.init(
            limitBytes: finding.limit, lostBytes: finding.lost,
            advice:
                "the MTU of the path is smaller than that of its ends; correct it, or let ICMP \"fragmentation needed\" "
                + "through")
    }
}

extension Wording {
    /// What is said of a path that drops large datagrams, or has ceased to.
    static func sentence(_ finding: PayloadFinding?, peer: HostID) -> String {
        guard let finding else { return "large datagrams get through to \(peer) again" }
        let packet = "\(finding.lost + 28) with IPv4 and \(finding.lost + 48) with IPv6"
        return
            "large datagrams do not get through to \(peer): those of \(finding.lost) bytes and more (\(packet)) are lost, "
            + "smaller ones arrive; at most \(finding.limit) bytes are sent to it now; correct the MTU of the path"
    }
}
