import StatusAPI
import SuspectControl
import Testing

/// What the daemon is asked about causes and effects.
@Suite("Commands about causes and effects")
struct CausalityCommandTests {
    private let suspicion = DotText(id: "db1", epoch: 7, counter: 42)
    private let proof = DotText(id: "db2", epoch: 6, counter: 9)

    private func control(_ arguments: [String], _ state: FakeState) throws -> (
        status: Int32, results: String, remarks: String
    ) {
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        return SuspectControlTests.control(["--socket", daemon.path] + arguments)
    }

    @Test("what is no event is answered with the form of one")
    func noEvent() {
        let outcome = SuspectControlTests.control(["happened-before", "foo", "bar"])
        #expect(
            outcome.status == 64 && outcome.remarks.contains("such as db1@87654321:42"), "\(outcome.remarks)")
    }

    @Test("audit shows each suspicion with the event that proves it, and the figures")
    func audit() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted)]
        #expect(
            try control(["audit"], state).results == "no peer has been suspected since the daemon started\n")
        var report = SuspicionReport(
            dot: suspicion, peer: "db2", timeUSec: Sample.now - 9_000_000, cause: .link)
        report.endedUSec = Sample.now - 7_500_000
        report.outcome = .provedFalse
        report.proof = proof
        let lasting = SuspicionReport(
            dot: DotText(id: "db1", epoch: 7, counter: 50), peer: "db2", timeUSec: Sample.now - 2_000_000,
            cause: .crash)
        state.auditReply = AuditReply(
            suspicions: [report, lasting],
            peers: [
                PeerAuditReport(
                    id: "db2", suspicions: 2, provedFalse: 1, crashConfirmed: 0, undecided: 1,
                    mistakeUSec: 1_500_000)
            ])
        let outcome = try control(["audit", "db2"], state)
        #expect(outcome.status == 0)
        let lines = outcome.results.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[1].contains("db1@7:42") && lines[1].contains("1.5 s  false (proved)"), "\(lines)")
        #expect(lines[1].hasSuffix("db2@6:9"))
        #expect(lines[2].contains("2.0 s so far  undecided"), "\(lines)")
        #expect(
            lines[4]
                == "db2: 2 suspicions: 1 false (1.5 s in all), 0 right, 1 undecided")
        state.auditReply.suspicions[0].outcome = .linkFault
        state.auditReply.peers[0].linkFaults = 1
        state.auditReply.peers[0].provedFalse = 0
        let right = try control(["audit", "db2"], state).results
        #expect(right.contains("so far") && right.contains("  link fault (proved)  db2@6:9"), "\(right)")
        #expect(right.contains("db2: 2 suspicions: 0 false, 1 link fault, 0 right, 1 undecided"), "\(right)")
        state.auditReply.peers[0].suspicions = 9
        #expect(
            try control(["audit", "db2"], state).results.contains(
                "undecided; the oldest 7 are no longer listed"))
        #expect(try control(["--json", "audit"], state).results.contains(#""proof":"db2@6:9""#))
        #expect(try control(["audit", "ghost"], state).status == 4)
    }

    @Test("clock shows what is known of each host, how old it is, and whether that is all")
    func clock() throws {
        var state = FakeState()
        state.clockReport = ClockReport(
            dot: suspicion, exact: false, entries: [.init(dot: proof, ageUSec: 80_000)])
        let partial = try control(["clock"], state)
        #expect(partial.status == 0)
        #expect(partial.results.contains("db2@6:9") && partial.results.contains("80 ms ago"))
        #expect(partial.results.contains("a lower bound"))
        state.clockReport.exact = true
        #expect(
            try control(["clock"], state).results.contains(
                "exact: of the hosts configured here, nothing else can have influenced db1@7:42")
        )
        #expect(
            try control(["--json", "clock"], state).results
                == #"{"dot":"db1@7:42","entries":[{"ageUSec":80000,"dot":"db2@6:9"}],"exact":true}"# + "\n")
    }

    @Test("cut without logs shows the present, and what is older than the state that it shows")
    func cut() throws {
        var state = FakeState()
        var own = CutFrontReport(
            dot: suspicion, suspects: [.init(peer: "db2", cause: .crash, certainty: .suspected)])
        own.reported = suspicion
        var other = CutFrontReport(dot: proof)
        (other.reported, other.reportedUSec) = (proof, Sample.now - 80_000)
        var older = CutFrontReport(dot: DotText(id: "db3", epoch: 5, counter: 9))
        (older.reported, older.reportedUSec) = (
            DotText(id: "db3", epoch: 5, counter: 4), Sample.now - 300_000
        )
        let silent = CutFrontReport(dot: DotText(id: "db4", epoch: 5, counter: 1))
        state.cutReply = CutReply(exact: true, fronts: [own, other, older, silent])
        let outcome = try control(["cut"], state)
        #expect(outcome.status == 0)
        #expect(
            outcome.results == """
                UP TO     SUSPECTS     AS IT SAID
                db1@7:42  db2 (crash)  itself
                db2@6:9   –            80 ms ago
                db3@5:9   –            300 ms ago, at its event 4; may have changed since
                db4@5:1   not known    it has reported nothing in this incarnation

                one state of the hosts configured here: everything on them that can have influenced db1@7:42, and nothing else (proved)

                """)
        state.cutReply.exact = false
        #expect(try control(["cut"], state).results.contains("a lower bound"))
        #expect(
            try control(["--json", "cut"], state).results.hasPrefix(
                #"{"exact":false,"fronts":[{"dot":"db1@7:42","reported":"db1@7:42","suspects":[{"cause":"crash","#
            ))
        #expect(try control(["cut", "db1@7:42"], state).remarks.contains("suspectctl cut DOT FILES"))
        #expect(try control(["cut", "db1@7:42"], state).status == 64)
    }

    @Test("conflicts exits with 2 when there are some")
    func conflicts() throws {
        var state = FakeState()
        #expect(try control(["conflicts"], state).status == 0)
        #expect(try control(["--json", "conflicts"], state).results == "[]\n")
        state.allEvents = [
            EventReport(
                timeUSec: Sample.now, dot: suspicion, event: .conflict, peer: "db2",
                evidence: EvidenceReport(reason: "two daemons use one id"))
        ]
        let outcome = try control(["conflicts"], state)
        #expect(outcome.status == 2)
        #expect(outcome.results.contains("two daemons use one id  [db1@7:42]"), "\(outcome.results)")
        #expect(outcome.results.contains("Give every daemon an id"))
    }

    @Test(
        "happened-before without logs asks the daemon, and says how to ask the logs when that does not know",
        arguments: [
            (
                ReportedOrder.before, 0,
                "before: db1@7:42 came before db2@6:9 (proved)\n  by the clock of db3@5:1\n"
            ),
            (.after, 0, "after: db1@7:42 came after db2@6:9 (proved)\n  by the clock of db3@5:1\n"),
            (
                .unknown, 1,
                "unknown: nothing here shows the order of db1@7:42 and db2@6:9\n"
                    + "  the daemon remembers too little; ask the logs of both hosts: "
                    + "suspectctl happened-before db1@7:42 db2@6:9 FILES\n"
            ),
        ])
    func happenedBefore(order: ReportedOrder, status: Int32, text: String) throws {
        var state = FakeState()
        let basis = order == .unknown ? [] : [DotText(id: "db3", epoch: 5, counter: 1)]
        state.orderReply = OrderReply(order: order, basis: basis)
        let outcome = try control(["happened-before", "db1@7:42", "db2@6:9"], state)
        #expect(outcome.status == status)
        #expect(outcome.results == text)
        let json = try control(["--json", "happened-before", "db1@7:42", "db2@6:9"], state).results
        #expect(json.contains("\"order\":\"\(order.rawValue)\""))
    }

    @Test(
        "without a daemon each says so",
        arguments: [["audit"], ["clock"], ["cut"], ["conflicts"], ["happened-before", "a@1:1", "b@1:1"]])
    func unreachable(arguments: [String]) {
        let outcome = SuspectControlTests.control(arguments + ["--socket", "/tmp/no-such.socket"])
        #expect(outcome.status == 3 && outcome.results.isEmpty)
    }
}
