internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import Records
internal import StatusAPI
internal import Systemd
internal import Wire

/// Records: what this host says of itself to every other, and what is wrong with what others say.
extension NodeState {
    /// Publishes which release runs here; with it every host learns of this incarnation, and forgets what the one before
    /// has said.
    ///
    /// Where there are services it goes out with what they do: from then on the others know them.
    mutating func publishMember(into outbox: inout Outbox) {
        if !configuration.settings.services.isEmpty {
            endpoint.holdRecords(until: now + Self.longestHold)
        }
        endpoint.publish(MemberFacts(version: ReleaseVersion.text), at: now, into: &outbox)
    }

    /// How long the service manager is waited for at the start.
    private static let longestHold = TimeSpan.seconds(2)

    /// Reports records in the name of a host that this host did not write.
    ///
    /// Anyone with a key can forge as many as it likes, so that not each is written to the journal.
    mutating func noteRecordConflict(of host: HostID) {
        guard
            let entry = limited(
                Self.conflictEntry(host, isOwn: host == endpoint.monitor.id), kind: "conflict of records")
        else { return }
        announce(Announcement(entry: entry))
    }

    /// Reports, once, that this host and a peer hold different records for good.
    mutating func noteUnequalRecords(of peer: HostID) {
        let sentence =
            "\(peer) and this node do not hold the same records, and exchanging them does not help: "
        announce(
            Announcement(
                entry: JournalEntry(
                    .information, sentence + whyUnequal, id: .configuration,
                    fields: [JournalField(.peer, peer.description)])))
    }

    /// Why records stay different, and what to do.
    private var whyUnequal: String {
        let monitor = endpoint.monitor
        guard monitor.clock.epoch > monitor.latestCredibleEpoch else {
            let isAhead = endpoint.records.refusals[.epochAhead] > 0
            return
                "their configurations may name different hosts; compare the [[peer]] entries if both are meant to know all"
                + (isAhead
                    ? "; also compare the clocks of all hosts, for records of incarnations that began more than a day ahead are refused"
                    : "")
        }
        return
            "this node's epoch, \(monitor.clock.epoch), lies more than a day after the wall clock, so that its records are "
            + "refused; see that the clocks are right: it takes another epoch once it is sure that no peer accepts this one"
    }

    private static func conflictEntry(_ host: HostID, isOwn: Bool) -> JournalEntry {
        let finding =
            isOwn
            ? "another host sends records in the name of this node, which are overridden"
            : "two different records of one event of \(host) were received"
        return JournalEntry(
            .warning,
            "\(finding): a second daemon uses the id, a snapshot was restored, or a host lies; give every node an id and a "
                + "state_directory of its own",
            id: .conflict, fields: [JournalField(.peer, host.description)])
    }

    /// How many records were not believed, as the status socket shows it; nothing if none.
    var refusedRecords: [DropReport] {
        let count = endpoint.records.refusals.total + endpoint.unreadRecords
        return count == 0 ? [] : [DropReport(reason: "record-refused", count: Int(clamping: count))]
    }
}
