import StatusAPI
import Testing

@testable import SuspectControl

/// What a monitoring system gets.
@Suite("check")
struct CheckTests {
    private func check(_ arguments: [String], _ state: FakeState) throws -> (status: Int32, results: String) {
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let outcome = control(["check", "--socket", daemon.path] + arguments)
        #expect(outcome.remarks == "")
        return (outcome.status, outcome.results)
    }

    private func state(_ states: [ReportedState], isolated: Bool = false) -> FakeState {
        var state = FakeState()
        state.allPeers = states.enumerated().map { Sample.peer("web-\($0.offset)", $0.element) }
        state.statusReport.isolated = isolated
        return state
    }

    @Test(
        "the count of suspected peers decides, from the thresholds on",
        arguments: [
            ([], [.trusted, .trusted], 0), ([], [.pending, .unknown, .left], 0), ([], [.suspected], 1),
            (["-w", "2"], [.suspected], 0), (["-w", "2"], [.suspected, .suspected], 1),
            (["-w", "1", "-c", "3"], [.suspected, .suspected], 1),
            (["-w", "1", "-c", "3"], [.suspected, .suspected, .suspected], 2),
            (["--critical", "1"], [.suspected, .trusted], 2), (["-c", "9", "-w", "2"], [.suspected], 0),
            ([], [], 3),
        ] as [([String], [ReportedState], Int32)])
    func thresholds(arguments: [String], states: [ReportedState], expected: Int32) throws {
        #expect(try check(arguments, state(states)).status == expected)
    }

    @Test("the first line says how it is, which host it concerns, and the figures")
    func lines() throws {
        let peers: [ReportedState] = [.suspected, .trusted, .pending, .left]
        let outcome = try check(["-w", "1", "-c", "3"], state(peers))
        #expect(
            outcome.results == """
                SUSPECTD WARNING - 1 of 4 peers suspected: web-0; 1 peer left: web-3 | suspect=1;1;3;0;4 alive=2;;;0;4 \
                mistakes=0c restarts=0c left=1 outbound=0 never_heard=0
                web-0 at 10.0.0.2:7946 suspected for 4.2 s: crash (proved)

                """)
        let well = try check([], state([.trusted]))
        #expect(
            well.results
                == "SUSPECTD OK - none of 1 peer suspected | suspect=0;1;;0;1 alive=1;;;0;1 mistakes=0c restarts=0c "
                + "left=0 outbound=0 never_heard=0\n"
        )
    }

    @Test("an isolated node is critical, however few peers are suspected yet")
    func isolated() throws {
        let outcome = try check(["-w", "5", "-c", "9"], state([.suspected, .trusted], isolated: true))
        #expect(outcome.status == 2)
        #expect(outcome.results.hasPrefix("SUSPECTD CRITICAL - this node is isolated: "))
    }

    @Test("an isolated node that still hears some says how many fell silent, and which host it hears")
    func partlyIsolated() throws {
        let states: [ReportedState] = [.suspected, .suspected, .suspected, .trusted]
        let outcome = try check([], state(states, isolated: true))
        #expect(
            outcome.results.hasPrefix(
                "SUSPECTD CRITICAL - this node is isolated: 3 of 4 peers fell silent together, and web-3 is heard | "
            ),
            "\(outcome.results)")
        let all = try check([], state([.suspected, .suspected], isolated: true))
        #expect(all.results.contains("isolated: it hears none of 2 peers |"))
    }

    @Test("a peer that has been gone by plan, or deaf to us, for longer than is allowed is a warning")
    func lasting() throws {
        var state = state([.left, .trusted, .trusted])
        state.allPeers[1].cause = .outbound
        state.allPeers[2].cause = .outbound
        state.allEvents = [
            Sample.event(1, .asymmetric, "web-1"), Sample.event(2, .trust, "web-1"),
        ]
        state.allEvents[0].timeUSec = Sample.now - 90_000_000
        #expect(try check([], state).status == 0)
        #expect(try check(["--left-warning", "5s"], state).status == 0)
        let left = try check(["--left-warning", "4s"], state)
        #expect(left.status == 1)
        #expect(left.results.contains("; 1 peer left for 4.0 s or longer: web-0; "), "\(left.results)")
        let deaf = try check(["--outbound-warning", "1min"], state)
        #expect(deaf.status == 1)
        #expect(
            deaf.results.contains("; 1 peer not hearing this node for 1 min 0 s or longer: web-1; "),
            "\(deaf.results)")
    }

    @Test(
        "a peer that left, and one that does not hear this node, is a warning by default once that has lasted"
    )
    func lastingByDefault() throws {
        var state = state([.left, .trusted])
        state.allPeers[1].cause = .outbound
        let fresh = try check([], state)
        #expect(fresh.status == 0)
        #expect(
            fresh.results.contains("; 1 peer left: web-0; 1 peer not hearing this node: web-1 |"),
            "\(fresh.results)")
        state.allPeers[0].sinceUSec = Sample.now - 86_400_000_000
        #expect(try check([], state).results.contains("; 1 peer left for 1 d or longer: web-0;"))
        #expect(try check(["--left-warning", "never"], state).status == 0)
        state.allPeers[0].sinceUSec = Sample.now
        state.allPeers[1].sinceUSec = Sample.now - 300_000_000
        #expect(try check([], state).status == 1)
        #expect(try check(["--outbound-warning", "never"], state).status == 0)
    }

    @Test("a peer that left and whose datagrams are refused is a warning: it is back, and is not believed")
    func backInVain() throws {
        var state = state([.left, .trusted])
        state.allPeers[0].sinceUSec = Sample.now - 60_000_000
        func refused(_ instant: Int) -> RefusedReport {
            RefusedReport(
                reason: "unopened", count: 5, lastUSec: instant, source: "192.0.2.1:7946", claimedID: nil,
                advice: "compare the keys")
        }
        // A copy of its goodbye.
        state.allPeers[0].refused = refused(Sample.now - 59_000_000)
        #expect(try check([], state).status == 0)
        state.allPeers[0].refused = refused(Sample.now - 1_000_000)
        let outcome = try check([], state)
        #expect(outcome.status == 1)
        #expect(
            !outcome.results.contains("1 peer left: ")
                && outcome.results.contains(
                    "; 1 peer left, and refused since: web-0, see 'suspectctl why web-0' |"),
            "\(outcome.results)")
    }

    @Test("a suspected peer that was never heard counts as suspected after a grace of its own")
    func neverHeard() throws {
        var state = state([.suspected, .trusted])
        state.allPeers[0].lastHeardUSec = nil
        let early = try check(["-c", "1"], state)
        #expect(early.status == 0)
        #expect(early.results.contains("none of 2 peers suspected; 1 peer never heard yet: web-0 |"))
        #expect(early.results.contains(" never_heard=1"))
        #expect(try check(["-c", "1", "--never-heard-grace", "4s"], state).status == 2)
        state.allPeers[0].sinceUSec = Sample.now - 600_000_000
        #expect(try check([], state).results.hasPrefix("SUSPECTD WARNING - 1 of 2 peers suspected: web-0 |"))
        #expect(try check(["--never-heard-grace", "never"], state).status == 0)
    }

    @Test("while no peer is heard at all, a grace hides nothing, and nothing is OK")
    func nobodyHeard() throws {
        var state = state([.suspected])
        state.allPeers[0].lastHeardUSec = nil
        for arguments in [[], ["--never-heard-grace", "never"]] {
            let alone = try check(arguments, state)
            #expect(alone.status == 1)
            #expect(
                alone.results.hasPrefix(
                    "SUSPECTD WARNING - none of 1 peer has been heard since the daemon started: web-0 |"),
                "\(alone.results)")
        }
        state.allPeers += [Sample.peer("web-1", .suspected)]
        state.allPeers[1].lastHeardUSec = nil
        state.statusReport.isolated = true
        let cutOff = try check([], state)
        #expect(cutOff.status == 2)
        #expect(
            cutOff.results.contains(
                "CRITICAL - none of 2 peers has been heard since the daemon started: web-0, web-1 |"))
        state.statusReport.isolated = false
        for index in 0..<2 { state.allPeers[index].state = .unknown }
        #expect(try check([], state).status == 3)
        // One that was heard and left says nothing of the others.
        state.allPeers = [Sample.peer("web-0", .left), Sample.peer("web-1", .suspected)]
        state.allPeers[1].lastHeardUSec = nil
        #expect(try check([], state).results.hasPrefix("SUSPECTD WARNING - 1 of 2 peers suspected: web-1"))
    }

    @Test("what is refused from a suspected peer is said with it")
    func refused() throws {
        var state = state([.suspected, .trusted])
        state.allPeers[0].refused = RefusedReport(
            reason: "unopened", count: 22, lastUSec: Sample.now - 1_000_000, source: "10.0.0.2:7946",
            claimedID: nil, advice: "another key?")
        let results = try check([], state).results
        #expect(
            results.contains(
                "; refused from it: 22 datagrams (unopened), the last 1.0 s ago from 10.0.0.2:7946: another key?"
            ),
            "\(results)")
    }

    @Test("a crash loop is counted in the figures")
    func restarts() throws {
        var state = state([.trusted, .trusted])
        state.allPeers[1].restarts = 14
        #expect(try check([], state).results.contains(" mistakes=0c restarts=14c"))
    }

    @Test(
        "a target that is not kept is a warning, with what is kept instead; one that rests on assumptions is none"
    )
    func targets() throws {
        var state = state([.trusted, .trusted])
        state.allPeers[1].target = Sample.target(limit: "mistake_recurrence")
        let outcome = try check([], state)
        #expect(outcome.status == 1)
        let lines = outcome.results.split(separator: "\n")
        #expect(
            lines[0].hasPrefix(
                "SUSPECTD WARNING - none of 2 peers suspected; the target is not kept for web-1 | "))
        #expect(
            lines[1].hasSuffix(
                ": mistake_recurrence cannot be kept, but detection within 1.0 s, a mistake in 2 h 0 min"))
        state.allPeers[1].target?.measured = false
        #expect(try check([], state).status == 0)
        state.allPeers[1].target = Sample.target(limit: nil)
        #expect(try check([], state).status == 0)
    }

    @Test("a node that watches no peer is no good news")
    func nobody() throws {
        let outcome = try check([], FakeState())
        #expect(outcome.results.hasPrefix("SUSPECTD UNKNOWN - no peer is configured"))
    }

    @Test("without a daemon the answer is UNKNOWN or CRITICAL, on the standard output, with the remedy")
    func unreachable() {
        for (arguments, status, word) in [
            ([], 3, "UNKNOWN"), (["--unreachable-is-critical"], 2, "CRITICAL"),
        ] {
            let outcome = control(["check", "--socket", "/tmp/no-such.socket"] + arguments)
            #expect(outcome.status == Int32(status) && outcome.remarks == "")
            #expect(outcome.results.hasPrefix("SUSPECTD \(word) - no daemon answers at /tmp/no-such.socket"))
            #expect(outcome.results.contains("systemctl start suspectd"))
            #expect(!outcome.results.contains("|"))
        }
    }

    @Test("a daemon that takes the call and never answers is given up on in time")
    func silent() throws {
        let listener = try SilentListener()
        let outcome = control(["check", "--timeout", "30ms", "--socket", listener.path])
        #expect(outcome.status == 3)
        #expect(outcome.results.contains("it does not answer within 30 ms"))
    }

    @Test(
        "a wrong command line is UNKNOWN with a line, for a monitoring system takes other statuses for CRITICAL",
        arguments: [["-w", "x"], ["-w", "3", "-c", "1"], ["--timeout", "0s"], ["--nosuch"]])
    func wrongCommandLine(arguments: [String]) {
        let outcome = control(["check"] + arguments)
        #expect(outcome.status == 3 && outcome.results.hasPrefix("SUSPECTD UNKNOWN - "))
        #expect(outcome.remarks.contains("Usage: suspectctl check"))
    }

    @Test("of many peers the first are named and the rest is counted")
    func many() {
        let peers = (0..<30).map { Sample.peer("p\($0 + 10)", .suspected) }
        let thresholds = CheckThresholds(warning: 1, critical: nil)
        let report = CheckReport(peers: peers, isolated: false, thresholds: thresholds, nowUSec: Sample.now)
        #expect(
            report.lines[0].contains(
                "suspected: p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, and 20 more |"))
        #expect(report.details.count == 21 && report.details.last == "and 10 more")
    }

    @Test("a name cannot forge performance data, a second line or a terminal code")
    func forged() {
        let peers = [Sample.peer("x|suspect=0\nOK\u{1B}[2J", .suspected)]
        let thresholds = CheckThresholds(warning: 1, critical: nil)
        let report = CheckReport(peers: peers, isolated: false, thresholds: thresholds, nowUSec: Sample.now)
        #expect(report.lines.count == 2)
        #expect(report.lines[0].split(separator: "|").count == 2)
        #expect(!report.lines.joined().contains { $0 == "\u{1B}" || $0 == "\n" })
    }

    @Test(
        "thresholds below one and senseless ones are wrong usage",
        arguments: [
            ["-w", "0"], ["-c", "0"], ["-w", "3", "-c", "1"], ["-w", "x"], ["-c", "-1"], ["--timeout", "0s"],
            ["--left-warning", "soon"],
        ])
    func usage(arguments: [String]) {
        #expect(control(["check"] + arguments).status == 3)
    }

    @Test("with --json the same is one object")
    func json() throws {
        let outcome = try check(["--json"], state([.suspected]))
        #expect(
            outcome.results
                == #"{"details":["web-0 at 10.0.0.2:7946 suspected for 4.2 s: crash (proved)"],"#
                + #""performance":"suspect=1;1;;0;1 alive=0;;;0;1 mistakes=0c restarts=0c left=0 outbound=0 "#
                + #"never_heard=0","state":"WARNING","summary":"1 of 1 peer suspected: web-0"}"# + "\n")
        #expect(outcome.status == 1)
    }
}
