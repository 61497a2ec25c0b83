@testable import Metrics
import StatusAPI
import TestSupport
import Testing

@testable import SuspectControl

/// What Prometheus scrapes.
@Suite("metrics")
struct MetricsTests {
    private var status: StatusReport {
        var status = FakeState.status
        status.count([.trusted, .suspected])
        status.dropped = [DropReport(reason: "unknown-peer", count: 7)]
        status.datagramsSent = 1234
        status.datagramsReceived = 1200
        status.health.loopLagUSec = 12
        status.health.loopLagMaximumUSec = 1_500_000
        status.health.kernelDrops = 3
        status.configuration.lastReloadFailed = "suspectd.toml:3: no"
        var log = CausalLogReport()
        (log.lost, log.failing) = (12, "no space left")
        status.causalLog = log
        return status
    }

    private var lines: [String] {
        var peers = [Sample.peer("db3", .suspected), Sample.peer("db2", .trusted)]
        peers[0].mistakes = 1
        peers[1].lossOutPerMille = 25
        peers[1].payload = PayloadReport(limitBytes: 1_000, lostBytes: 1_100, advice: "its MTU")
        peers[0].target = Sample.target(limit: "mistake_recurrence")
        peers[1].target = Sample.target(limit: nil)
        return StatusMetrics.families(status, peers: peers).map(\.text).joined()
            .split(separator: "\n").map(String.init)
    }

    @Test(
        "every figure has its value",
        arguments: [
            "suspectd_up 1", #"suspectd_build_info{version="0.1.0"} 1"#,
            "suspectd_start_time_seconds 1699999910.000000", "suspectd_authenticated 1",
            #"suspectd_peers{state="trusted"} 1"#, #"suspectd_peers{state="left"} 0"#, "suspectd_isolated 0",
            "suspectd_packets_sent_total 1234", "suspectd_packets_received_total 1200",
            #"suspectd_packets_dropped_total{reason="unknown-peer"} 7"#,
            #"suspectd_packets_dropped_total{reason="kernel-queue-full"} 3"#,
            "suspectd_loop_lag_seconds 0.000012", "suspectd_loop_lag_maximum_seconds 1.500000",
            "suspectd_read_lag_seconds 0.000000",
            "suspectd_causal_log_failing 1", "suspectd_causal_log_entries_lost_total 12",
            "suspectd_lag_score 0", "suspectd_stalls_total 0", "suspectd_config_last_reload_successful 0",
            "suspectd_config_last_reload_success_timestamp_seconds 1700000000.000000",
            #"suspectd_peer_state{peer="db3",state="suspected"} 1"#,
            #"suspectd_peer_state{peer="db3",state="trusted"} 0"#,
            #"suspectd_peer_state{peer="db2",state="trusted"} 1"#,
            #"suspectd_peer_cause{cause="crash",peer="db3"} 1"#, #"suspectd_peer_confirmed{peer="db2"} 0"#,
            #"suspectd_peer_state_timestamp_seconds{peer="db2"} 1699999995.800000"#,
            #"suspectd_peer_last_heartbeat_timestamp_seconds{peer="db2"} 1699999999.920000"#,
            #"suspectd_peer_round_trip_seconds{peer="db2"} 0.000350"#,
            #"suspectd_peer_heartbeat_interval_seconds{peer="db2"} 0.200000"#,
            #"suspectd_peer_margin_seconds{peer="db2"} 0.400000"#,
            #"suspectd_peer_loss_ratio{direction="in",peer="db2"} 0.000"#,
            #"suspectd_peer_loss_ratio{direction="out",peer="db2"} 0.025"#,
            #"suspectd_peer_payload_limit_bytes{peer="db2"} 1000"#,
            #"suspectd_peer_target_kept{peer="db3"} 0"#, #"suspectd_peer_target_kept{peer="db2"} 1"#,
            #"suspectd_peer_promised_mistake_recurrence_seconds{peer="db3"} 7200.000000"#,
            #"suspectd_suspicions_total{peer="db3"} 1"#, #"suspectd_mistakes_total{peer="db3"} 1"#,
        ])
    func value(line: String) {
        #expect(lines.contains(line))
    }

    @Test("every family is described once, before its samples, and no sample stands twice")
    func form() {
        var described: Set<Substring> = []
        var family: Substring = ""
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 3)
            if words[0] == "#" {
                guard words[1] == "HELP" else { continue }
                family = words[2]
                #expect(described.insert(family).inserted, "\(family)")
            } else {
                #expect(line.prefix { $0 != "{" && $0 != " " } == family)
            }
        }
        let samples = lines.filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ")[0] }
        #expect(Set(samples).count == samples.count)
    }

    @Test("what is not known is left out, not shown as zero")
    func unknown() {
        let peer = PeerReport(
            id: "db9", address: "[::1]:7946", state: .unknown, sinceUSec: Sample.now,
            heartbeatIntervalUSec: 200_000, detector: "median", mode: "ping")
        let text = PeerMetrics(peers: [peer]).families.map(\.text).joined()
        for name in ["last_heartbeat", "round_trip", "deadline", "margin", "jitter", "cause"] {
            #expect(!text.contains("suspectd_peer_\(name)"))
        }
    }

    @Test("a label's value is escaped, and cannot end the line or the text")
    func escaping() {
        let family = MetricFamily(
            "x", .gauge, "back\\slash\nline", [.init(labels: ["peer": "a\"b\\c\nd"], value: "1")])
        #expect(
            family.text == #"""
                # HELP suspectd_x back\\slash\nline
                # TYPE suspectd_x gauge
                suspectd_x{peer="a\"b\\c\nd"} 1

                """#)
    }

    @Test("the command prints them, and without a daemon says that it is down")
    func command() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let outcome = control(["metrics", "--socket", daemon.path])
        #expect(outcome.status == 0 && outcome.remarks == "")
        #expect(outcome.results.hasPrefix("# HELP suspectd_up "))
        #expect(outcome.results.hasSuffix("suspectd_mistakes_total{peer=\"db2\"} 0\n"))
        let down = control(["metrics", "--socket", "/tmp/no-such.socket"])
        #expect(down.status == 3 && down.remarks.contains("systemctl start suspectd"))
        #expect(down.results.hasSuffix("\nsuspectd_up 0\n"))
    }

    @Test("with --json the families are an array")
    func json() {
        let outcome = control(["metrics", "--json", "--socket", "/tmp/no-such.socket"])
        #expect(
            outcome.results
                == #"[{"help":"Whether the daemon answered.","name":"suspectd_up","#
                + #""samples":[{"labels":{},"value":"0"}],"type":"gauge"}]"# + "\n")
    }

    @Test("promtool has nothing to say", .enabled(if: Tool.promtool != nil, "promtool is not installed"))
    func promtool() throws {
        let promtool = try #require(Tool.promtool)
        let folder = try TemporaryFolder()
        let file = try folder.write("metrics.prom", lines.map { $0 + "\n" }.joined())
        let outcome = try Subprocess.run(
            "/bin/sh", ["-c", "exec \"$1\" check metrics <\"$2\"", "sh", promtool, file])
        #expect(outcome.status == 0, "\(outcome.text)")
    }
}
