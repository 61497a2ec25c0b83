import StatusAPI
import Testing

extension Full {
    static let audit: AuditReply = {
        var suspicion = SuspicionReport(
            dot: dot, peer: "db2", timeUSec: 1_700_000_001_000_000, cause: .link)
        suspicion.epoch = 1_699_999_999
        suspicion.endedUSec = 1_700_000_002_000_000
        suspicion.outcome = .provedFalse
        suspicion.proof = DotText(id: "db2", epoch: 1_699_999_999, counter: 7)
        var figures = PeerAuditReport(
            id: "db2", suspicions: 4, provedFalse: 1, crashConfirmed: 1, undecided: 1, mistakeUSec: 1_000_000)
        figures.linkFaults = 1
        return AuditReply(suspicions: [suspicion], peers: [figures])
    }()

    static let clock = ClockReport(
        dot: dot, exact: true,
        entries: [.init(dot: DotText(id: "db2", epoch: 1_699_999_999, counter: 7), ageUSec: 80_000)])

    static let cut: CutReply = {
        var front = CutFrontReport(
            dot: dot, suspects: [.init(peer: "db2", cause: .crash, certainty: .suspected)])
        front.reported = dot
        front.reportedUSec = 1_700_000_001_000_000
        return CutReply(exact: true, fronts: [front])
    }()

    static let order = OrderReply(order: .before, basis: [dot])
}

extension FakeProvider {
    func audit(of id: String?) -> AuditReply {
        id == nil || id == "db2" ? Full.audit : AuditReply(suspicions: [], peers: [])
    }

    func clock() -> ClockReport { Full.clock }

    func cut() -> CutReply { Full.cut }

    func order(of left: DotText, to right: DotText) -> OrderReply {
        left == right ? OrderReply(order: .same, basis: []) : Full.order
    }
}

/// What is picked out of all events.
@Suite("Conflicts")
struct ConflictTests {
    @Test("of all events the conflicts are listed")
    func conflicts() throws {
        var conversation = Conversation()
        conversation.provider.conflicts = 1
        let reply = try conversation.call(callText("io.suspectd.Monitor.ListConflicts"))
        #expect(reply.first?.components(of: "\"event\":\"conflict\"") == 1)
        #expect(reply.first?.components(of: "\"event\":\"suspect\"") == 0)
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
