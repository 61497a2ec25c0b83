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
        let figures = PeerAuditReport(
            id: "db2", suspicions: 3, provedFalse: 1, crashConfirmed: 1, undecided: 1, mistakeUSec: 1_000_000)
        return AuditReply(suspicions: [suspicion], peers: [figures])
    }()

    static let clock = ClockReport(
        dot: dot, exact: true,
        entries: [.init(dot: DotText(id: "db2", epoch: 1_699_999_999, counter: 7), ageUSec: 80_000)])

    static let order = OrderReply(order: .before, basis: [dot])
}

extension FakeProvider {
    func audit(of id: String?) -> AuditReply { Full.audit }

    func clock() -> ClockReport { Full.clock }

    func order(of left: DotText, to right: DotText) -> OrderReply {
        left == right ? OrderReply(order: .same, basis: []) : Full.order
    }
}

/// What the methods about causes and effects answer, byte for byte.
@Suite("Golden replies about causality")
struct CausalityReplyTests {
    @Test(
        "each method answers exactly this",
        arguments: [
            (
                "Audit", "{}",
                #"{"parameters":{"peers":[{"crashConfirmed":1,"id":"db2","mistakeUSec":1000000,"provedFalse":1,"#
                    + #""suspicions":3,"undecided":1}],"suspicions":[{"cause":"link","dot":"db1@1700000000:42","#
                    + #""endedUSec":1700000002000000,"epoch":1699999999,"outcome":"provedFalse","peer":"db2","#
                    + #""proof":"db2@1699999999:7","timeUSec":1700000001000000}]}}"#
            ),
            (
                "Audit", #"{"id":"ghost"}"#,
                #"{"error":"io.suspectd.Monitor.NoSuchPeer","parameters":{"id":"ghost"}}"#
            ),
            (
                "GetClock", "{}",
                #"{"parameters":{"clock":{"dot":"db1@1700000000:42","entries":[{"ageUSec":80000,"#
                    + #""dot":"db2@1699999999:7"}],"exact":true}}}"#
            ),
            (
                "HappenedBefore", #"{"left":"a@1:2","right":"b@1:3"}"#,
                #"{"parameters":{"basis":["db1@1700000000:42"],"certainty":"proved","order":"before"}}"#
            ),
            (
                "HappenedBefore", #"{"left":"a@1:2","right":"a@1:2"}"#,
                #"{"parameters":{"basis":[],"certainty":"proved","order":"same"}}"#
            ),
            (
                "HappenedBefore", #"{"left":"a@1:2","right":"nothing"}"#,
                #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"right"}}"#
            ),
        ])
    func replies(method: String, parameters: String, reply: String) throws {
        var conversation = Conversation()
        #expect(try conversation.call(callText("io.suspectd.Monitor." + method, parameters)) == [reply])
    }

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
