internal import CausalClock
internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Systemd
internal import Wire

/// Datagrams that were refused, and datagrams that could not be sent: reported, and shown with the peer that they
/// concern.
extension NodeState {
    /// Says that datagrams were refused; of one reason only so often, as source addresses can be forged.
    mutating func noteRefusal(_ remark: Outbox.RefusalNotice) {
        let source = SocketAddress(remark.source).description
        var announcement = Announcement(remark, source: source, endpoint: endpoint, wall: wall, at: now)
        if remark.peer != nil {
            announcement.entry = limited(announcement.entry, kind: remark.refusal.name)
        }
        announce(announcement)
    }

    /// Counts datagrams that could not be sent, and says so at the first, the second, the fourth, the eighth of a peer and an
    /// error, and anew after ten quiet minutes.
    mutating func noteUnsent(_ failures: [Unsent]) {
        losses.unsent += UInt64(failures.count)
        for (datagram, errno) in failures where datagram.peer < endpoint.monitor.count {
            if datagram.destination == endpoint.address(ofPeer: datagram.peer) {
                addresses.noteFailure(ofPeer: datagram.peer, at: now)
            }
            let peer = endpoint.monitor.id(ofPeer: datagram.peer)
            guard let count = sendErrors.note(errno, to: peer, at: now) else { continue }
            reportUnsent(to: peer, at: SocketAddress(datagram.destination), errno, count)
        }
    }

    private mutating func reportUnsent(
        to peer: HostID, at address: SocketAddress, _ errno: Errno, _ count: UInt64
    ) {
        let amount = count == 1 ? "a datagram" : "\(count) datagrams so far"
        let sentence =
            "\(amount) to \(peer) could not be sent (\(errno)), the last to \(address): \(Wording.advice(errno))"
        let entry = JournalEntry(
            .warning, sentence, id: .refusal,
            fields: [
                JournalField(.peer, peer.description), JournalField(.address, address.description),
                JournalField(.reason, "not-sent"),
            ])
        guard let entry = limited(entry, kind: "not-sent \(errno.rawValue)") else { return }
        announce(Announcement(entry: entry))
    }

    /// A note, unless it is one too many of its kind.
    mutating func limited(_ entry: JournalEntry?, kind: String) -> JournalEntry? {
        guard let entry else { return nil }
        switch troubleNotes.admit(kind, at: .nanoseconds(now.nanoseconds)) {
        case .admitted(let suppressed): return entry.noting(suppressed: suppressed)
        case .suppressed: return nil
        }
    }

    /// What was refused from a peer's address, as the status socket shows it.
    func refused(from index: Int) -> RefusedReport? {
        endpoint.refusals(fromPeer: index).map { RefusedReport($0, wall: wall) }
    }

    /// What could not be sent to a peer, as the status socket shows it.
    func unsent(to index: Int) -> UnsentReport? {
        sendErrors.latest(of: endpoint.monitor.id(ofPeer: index)).map { tally in
            UnsentReport(
                error: "\(tally.errno)", count: Int(clamping: tally.count),
                lastUSec: wall.microseconds(tally.last),
                advice: Wording.advice(tally.errno))
        }
    }
}

extension RefusedReport {
    /// Of what is known of refused datagrams.
    init(_ refusals: PeerRefusals, wall: WallClock) {
        let reason = refusals.latest
        let claimed = reason == .unknownPeer ? refusals.claimedID?.description : nil
        self.init(
            reason: reason.name, count: Int(clamping: refusals.tally(of: reason)?.count ?? 0),
            lastUSec: wall.microseconds(refusals.at), source: SocketAddress(refusals.source).description,
            claimedID: claimed, advice: Wording.remedy(reason, claiming: claimed))
    }
}
