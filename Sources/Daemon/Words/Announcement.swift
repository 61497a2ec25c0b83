internal import CausalClock
internal import FailureDetection
internal import StatusAPI
internal import Systemd
internal import Wire

/// One thing to be reported everywhere: to subscribers, to the history, to the journal.
struct Announcement {
    /// As the status socket reports it; `nil` for what concerns only the journal.
    var event: EventReport?
    /// As the journal reports it; `nil` for what happens too often to be written down.
    var entry: JournalEntry?

    /// The peer that it is about, where there is no event to say so.
    var subject: String?

    /// Whether it is one of so many like it that only those that watch are to see it.
    var isPassing = false

    /// Whether it is kept.
    ///
    /// A peer being pinged is shown to those that watch, and is no history.
    var isKept: Bool { event?.event != .pending && !isPassing }
}

extension Announcement {
    /// Of what the failure detector noticed; `isFirstContact` when it ends an isolation in which no peer had ever been heard.
    init(_ notice: Notice, endpoint: Endpoint, wall: WallClock, logsPings: Bool, isFirstContact: Bool) {
        let index = notice.peer.flatMap { endpoint.monitor.index(of: $0) }
        let places = index.map { PeerPlaces(ofPeer: $0, in: endpoint) } ?? PeerPlaces()
        let sentence =
            Wording.firstContact(notice, among: endpoint.monitor, isFirstContact)
            ?? Wording.sentence(notice, places)
        var event = EventReport(
            timeUSec: wall.microseconds(notice.at), dot: DotText(notice.dot),
            event: notice.kind.report.event,
            peer: notice.peer?.description, cause: notice.reportedCause,
            certainty: notice.verdict.map { ReportedCertainty($0.certainty) },
            evidence: EvidenceReport(reason: sentence))
        if let evidence = notice.evidence {
            let lossOut = index.map { endpoint.monitor.report(ofPeer: $0).lossOut } ?? 0
            event.evidence = EvidenceReport(
                evidence, reason: sentence, lossOut: lossOut, at: notice.at, wall: wall)
            event.evidence.finding = Wording.finding(notice, places)
        }
        self.event = event
        guard notice.kind != .pending || logsPings else { return }
        let report = notice.kind.report
        entry = JournalEntry(report.priority, sentence, id: report.messageID, fields: notice.fields)
    }

    /// Of a kind of refused datagrams: at the first, the second, the fourth, the eighth.
    init(
        _ remark: Outbox.RefusalNotice, source: String, endpoint: Endpoint, wall: WallClock,
        at now: Instant
    ) {
        let isConflict = remark.refusal == .ownIdentity
        let sentence = Wording.sentence(remark, source: source)
        if isConflict {
            event = EventReport(
                timeUSec: wall.microseconds(now), dot: DotText(endpoint.monitor.clock.dot), event: .conflict,
                evidence: EvidenceReport(reason: sentence))
        }
        entry = JournalEntry(
            isConflict ? .error : .warning, sentence, id: isConflict ? .conflict : .refusal,
            fields: [JournalField(.reason, remark.refusal.name), JournalField(.address, source)]
                + (remark.peer.map { [JournalField(.peer, $0.description)] } ?? []))
    }
}

extension Wording {
    /// What is said of refused datagrams.
    static func sentence(_ remark: Outbox.RefusalNotice, source: String) -> String {
        let count = remark.count == 1 ? "a datagram" : "\(remark.count) datagrams so far"
        let origin = remark.peer.map { " from the address of \($0)" } ?? ""
        return
            "refused \(count)\(origin) (\(remark.refusal.name)), the last from \(source): \(remedy(remark.refusal, claiming: remark.claimedID?.description))"
    }

    /// What a refusal means, and what to do.
    static func remedy(_ refusal: Refusal, claiming id: String?) -> String {
        switch refusal {
        case .malformed: "not a whole datagram of suspectd's; \(otherUse)"
        case .version: "another version of the protocol; upgrade the older side"
        case .oversized: "longer than any of suspectd's; \(otherUse)"
        case .unsealed: "it is not sealed, and this node has keys; give its sender the same [security] keys"
        case .sealed: "it is sealed, and this node has no keys; give it the [security] keys of the others"
        case .unopened:
            "another key? no key of [security] keys opens it: its sender seals with another (\"ROTATING KEYS\" in suspectd(8)), "
                + "it was damaged, or it is forged"
        case .misaddressed: "meant for another node; compare the ids and addresses of the [[peer]] entries"
        case .unknownPeer: unknown(id ?? "unknown")
        case .ownIdentity: "it has this node's id; give every node an id of its own"
        case .oldEpoch:
            "from an earlier incarnation of the peer; its clock is behind and its state was lost or restored from a backup, two daemons "
                + "use one id, or it is a replay"
        case .futureEpoch:
            "its epoch is more than a day ahead of this node's clock; set the clock there, or here"
        case .duplicate, .outdated:
            "already received, or too old; the network duplicates or delays, which is harmless, or two daemons use one id"
        case .unsolicited:
            "a pong to no ping that is remembered; harmless when rare, else its round trips are longer than ping.maximum_timeout"
        case .reflected:
            "this node's own datagram: the address of that peer, or what its name stands for, leads back to this host; correct it"
        case .lastWords:
            "last words of a daemon that was not heard here, or, without [security] keys, from another address than that of its "
                + "[[peer]] entry; harmless when rare"
        }
    }

    private static let otherUse = "does something else use this port?"

    private static func unknown(_ id: String) -> String {
        "its id, \"\(id)\", is not among the peers; add a [[peer]] entry, or remove "
            + "that of this node there; if it is a peer by another name, give that host this id in [node]"
    }
}

extension Notice {
    /// The cause as it is reported.
    var reportedCause: ReportedCause? {
        verdict.map { kind == .isolated ? .isolated : ReportedCause($0, by: evidence) }
    }

    fileprivate var fields: [JournalField] {
        var fields = [JournalField(.event, kind.rawValue)]
        if let peer { fields.append(JournalField(.peer, peer.description)) }
        if let epoch { fields.append(JournalField(.epoch, epoch.description)) }
        if let verdict {
            fields.append(JournalField(.cause, (reportedCause ?? .unknown).rawValue))
            fields.append(JournalField(.certainty, verdict.certainty.rawValue))
        }
        if let duration { fields.append(JournalField(.duration, "\(duration.microseconds)")) }
        return fields
    }
}
