import StatusAPI
import Testing

@testable import SuspectControl

/// What people read, line by line.
@Suite("What is shown")
struct ViewTests {
    let plain = Style(isColoured: false)

    init() { _ = testContext(CapturedOutput()) }

    @Test("status shows the counts, the peers that are not well, and the daemon")
    func status() {
        var report = FakeState.status
        report.count([.suspected, .trusted])
        report.dropped = [
            DropReport(reason: "unknown-peer", count: 7), DropReport(reason: "old-epoch", count: 0),
        ]
        report.health.stalls = 1
        report.health.lastStallDurationUSec = 350_000
        report.health.lastStallUSec = Sample.now
        report.authenticated = false
        let peers = [Sample.peer("db2", .suspected), Sample.peer("db3", .trusted)]
        let lines = StatusView(status: report, peers: peers, nowUSec: Sample.now).lines(plain)
        #expect(
            lines == [
                "db1 watches 2 peers: 1 suspected, 1 trusted",
                "PEER  ADDRESS        STATE      CAUSE             FOR      HEARD     RTT  LOSS IN  LOSS OUT  BOUND  SUSPICIONS  WRONG",
                "db2   10.0.0.2:7946  suspected  crash (proved)  4.2 s  5.0 s ago  350 µs      0 %       0 %      -           1      0",
                "  daemon         suspectd 0.1.0, process 99, up 1 min 30 s, epoch 1700000000",
                "  health         loop lag 0 µs, at worst 0 µs; 1 stall, the last of 350 ms at 2023-11-14 22:13:20.000;"
                    + " 0 dropped by the kernel",
                "  datagrams      0 received, 0 sent, refused: unknown-peer 7",
                "  security       datagrams are NOT authenticated: set security.keys",
                "  configuration  /etc/suspectd/suspectd.toml, loaded 2023-11-14 22:13:20.000",
            ])
    }

    @Test("status and peer say which peers large datagrams do not reach")
    func payload() {
        var peers = [Sample.peer("db2", .trusted), Sample.peer("db3", .trusted)]
        peers[1].payload = PayloadReport(limitBytes: 1_000, lostBytes: 1_100, advice: "correct the MTU")
        let sentence = "those of 1100 bytes and more are lost, at most 1000 bytes are sent: correct the MTU"
        let status = StatusView(status: FakeState.status, peers: peers, nowUSec: Sample.now).lines(plain)
        #expect(status.count { $0.contains("large datagrams") } == 1)
        #expect(status.contains { $0.contains("large datagrams to db3  \(sentence)") }, "\(status)")
        let peer = PeerView(peer: peers[1], nowUSec: Sample.now).lines(plain)
        #expect(peer.contains { $0.contains("large datagrams  \(sentence)") }, "\(peer)")
    }

    @Test("peers and peer say what the losses of a link cost, where they cost anything")
    func losses() {
        var peer = Sample.peer("db2", .trusted)
        (peer.lossInPerMille, peer.lossOutPerMille, peer.detectionTimeBoundUSec) = (300, 100, 1_300_000)
        func text() -> String {
            (PeersView(peers: [peer], nowUSec: Sample.now).lines(plain)
                + PeerView(peer: peer, nowUSec: Sample.now).lines(plain)).joined(separator: "\n")
        }
        #expect(!text().contains("later") && !text().contains("for losses"))
        peer.lossDelayUSec = 600_000
        #expect(text().contains("1.3 s, 600 ms for losses"), "\(text())")
        #expect(
            text().contains("30.0 % in, 10.0 % out: a crash may be suspected up to 600 ms later"), "\(text())"
        )
    }

    @Test("status names the peers whose targets are not kept, and what is kept instead")
    func targets() {
        var peers = [Sample.peer("db3", .trusted), Sample.peer("db2", .trusted)]
        peers[1].target = Sample.target(limit: nil)
        func lines() -> String {
            StatusView(status: FakeState.status, peers: peers, nowUSec: Sample.now).lines(plain).joined()
        }
        #expect(!lines().contains("targets"))
        peers[0].target = Sample.target(limit: "mistake_recurrence")
        #expect(
            lines().contains(
                "not kept for db3: mistake_recurrence cannot be kept, but detection within 1.0 s, a mistake in 2 h 0 min"
            ))
    }

    @Test("what a target promises is read by people: one ping, and never after more than a century")
    func promise() {
        let view = TargetView(target: Sample.target(limit: nil, promised: .max))
        #expect(view.kept == "detection within 1.0 s, a mistake in more than 100 years")
        #expect(view.derived.hasSuffix("1 ping of 7.3 ms"))
    }

    @Test("status says that the causal log cannot be written, and afterwards that it has lost entries")
    func causalLog() {
        var report = FakeState.status
        func line() -> String? {
            StatusView(status: report, peers: [], nowUSec: Sample.now).lines(plain)
                .first { $0.contains("causal log") }
        }
        report.causalLog = CausalLogReport()
        #expect(line() == nil)
        report.causalLog?.lost = 1
        report.causalLog?.failing = "open /var/lib/suspectd/a: Read-only file system; see 'findmnt -T'"
        #expect(
            line() == "  causal log     cannot be written: open /var/lib/suspectd/a: Read-only file system; "
                + "see 'findmnt -T'; 1 entry lost since the start; failure detection is unaffected"
        )
        report.causalLog?.lost = 40
        report.causalLog?.failing = nil
        #expect(
            line()
                == "  causal log     written again; 40 entries lost since the start, and `suspectctl verify` "
                + "shows where")
    }

    @Test("why reports the verdict, the facts, the pings, the others and the history")
    func why() {
        let reply = WhyReply(
            peer: Sample.peer("db2", .suspected), evidence: Sample.evidence,
            history: [Sample.event(7, .suspect, "db2")])
        #expect(
            WhyView(reply: reply, nowUSec: Sample.now).lines(plain) == [
                "db2 has been suspected for 4.2 s: crash (proved), its host or its suspectd stopped: "
                    + "no other node hears it, or its port is closed.",
                "It was due 4.4 s ago and answered none of 2 pings.",
                "",
                "  last heard  5.0 s ago, at 22:13:15.000, its datagram 4711",
                "  deadline    4.4 s ago, at 22:13:15.600, by median, heartbeats every 200 ms, margin 400 ms",
                "  reaches it  the latest datagram of this node that it acknowledged is number 90 of 100; before that 0.3 % were lost",
                "  own lag     12 µs at worst in this time, 0 datagrams dropped by the kernel",
                "",
                "Pings since the deadline",
                "  SENT          WAITED  ANSWER",
                "  22:13:15.600   10 ms  none",
                "  22:13:15.610   20 ms  after 900 µs",
                "",
                "What other nodes reported of it",
                "  FROM   RECEIVED  ITS LATEST EVENT",
                "  db3   5.1 s ago  db2@9:7",
                "",
                "History",
                "  2023-11-14 22:13:15.800  suspect     db2  crash (proved)  a reason",
            ])
    }

    @Test("why says by how much a verdict was put off, and what put it off")
    func putOff() {
        var reply = WhyReply(peer: Sample.peer("db2", .suspected), evidence: Sample.evidence, history: [])
        func line() -> String? {
            WhyView(reply: reply, nowUSec: Sample.now).lines(plain).first { $0.contains("put off") }
        }
        #expect(line() == nil)
        reply.evidence.postponements = [PostponementReport(reason: "it acknowledges late", byUSec: 150_000)]
        #expect(line() == "  put off     suspected 150 ms later because it acknowledges late")
        reply.evidence.postponements?.append(PostponementReport(reason: "this node was slow", byUSec: 40_000))
        reply.peer.state = .pending
        #expect(
            line() == "  put off     judged 150 ms later because it acknowledges late, "
                + "40 ms later because this node was slow")
    }

    @Test("a peer that was never heard is described without inventing anything")
    func neverHeard() {
        var peer = PeerReport(
            id: "db9", address: "[::1]:7946", state: .unknown, sinceUSec: Sample.now,
            heartbeatIntervalUSec: 200_000,
            detector: "median", mode: "heartbeat+ping")
        peer.deadlineUSec = Sample.now + 600_000
        #expect(
            PeerView(peer: peer, nowUSec: Sample.now).lines(plain) == [
                "db9",
                "  state       unknown since 2023-11-14 22:13:20.000 (0 µs)",
                "  address     [::1]:7946",
                "  epoch       not known yet",
                "  last heard  never",
                "  deadline    in 600 ms",
                "  watched by  heartbeat+ping every 200 ms, detector median",
                "  round trip  not measured yet",
                "  loss        0 % in, 0 % out",
                "  suspicions  0, of these 0 wrong",
            ])
    }

    @Test("an id that carries terminal codes is shown as harmless text")
    func hostileID() {
        let peer = Sample.peer("x\u{1B}]0;owned\u{7}", .suspected)
        let reply = WhyReply(
            peer: peer, evidence: Sample.evidence, history: [Sample.event(1, .suspect, peer.id)])
        let shown =
            PeersView(peers: [peer], nowUSec: Sample.now).lines(plain)
            + PeerView(peer: peer, nowUSec: Sample.now).lines(plain)
            + WhyView(reply: reply, nowUSec: Sample.now).lines(plain)
        #expect(!shown.joined().contains("\u{1B}") && !shown.joined().contains("\u{7}"))
    }
}
