import Glibc
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// `[detection.target]`: the daemon derives its own settings, and says when it cannot.
    @Suite("a target")
    struct TargetTests {
        /// So short that a hundred messages, after which the path counts as measured, come within seconds.
        private static let target = "target = { detection_time = \"300ms\", mistake_recurrence = \"1h\" }"

        private func show(_ daemon: TestDaemon, _ options: [String] = []) throws -> String {
            let outcome = try Subprocess.run(
                Programs.control,
                ["--socket", daemon.socket, "config", "show", "--effective", daemon.configuration] + options)
            #expect(outcome.status == 0, "\(outcome.text)")
            return outcome.text
        }

        @Test("is turned into settings from what was measured, which suspectctl explains")
        func derived() throws {
            let cluster = try TestCluster(["a", "b"], detection: Self.target)
            try cluster.start()
            let isMeasured = try eventually(within: 90) {
                try cluster["a"].peer("b").target?.measured == true
            }
            #expect(isMeasured)
            let target = try #require(try cluster["a"].peer("b").target)
            #expect(target.detectionTimeUSec == 300_000 && target.mistakeRecurrenceUSec == 3_600_000_000)
            #expect(target.lossPerMillion < 50_000 && target.delayDeviationUSec >= 1_000)
            // What one end sends is what the other judges by.
            let announced = try eventually(within: 30) {
                let there = try cluster["b"].peer("a")
                return try cluster["a"].peer("b").target?.intervalUSec == there.heartbeatIntervalUSec
            }
            #expect(announced)
            let text = try show(cluster["a"])
            let file = cluster["a"].configuration
            #expect(
                text.contains("[[peer]]\nid = \"b\"") && text.contains("derived from the target at \(file):"))
            #expect(text.contains("measured: ") && text.contains("detection_time"))
            #expect(try show(cluster["a"], ["--json"]).contains(#""live":true"#))
            #expect(try !cluster["a"].hasSuspected())
        }

        @Test(
            "out of reach after a reload is reported once, with what is kept instead, and by why, check and status"
        )
        func infeasible() throws {
            let cluster = try TestCluster(["a", "b"], detection: Self.target)
            try cluster.start()
            let daemon = cluster["a"]
            let isMeasured = try eventually(within: 90) { try daemon.peer("b").target?.measured == true }
            #expect(isMeasured)
            try writeFile(
                textOfFile(daemon.configuration).replacing("300ms", with: "10ms").replacing(
                    "1h", with: "3650d"),
                to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isReported = try eventually { try !daemon.events(.config, of: "b").isEmpty }
            #expect(isReported)
            let reported = try daemon.events(.config, of: "b")
            #expect(reported.count == 1)
            let reason = reported.first?.evidence.reason ?? ""
            #expect(
                reason.contains("the target cannot be kept (")
                    && reason.contains("kept instead at present: detection within "),
                "\(reason)")
            let target = try #require(try daemon.peer("b").target)
            // On a host with other load the round trip alone may take longer than 10 ms.
            let isTooFar = target.limit == "detection_time" || target.limit == "peer_interval"
            #expect(target.limit != nil && (isTooFar || target.boundUSec <= 2 * target.detectionTimeUSec))
            #expect(target.promisedRecurrenceUSec < target.mistakeRecurrenceUSec)
            #expect(try daemon.why("b").evidence.reason.contains("the target cannot be kept"))
            for command in ["check", "status"] {
                let outcome = try Subprocess.run(Programs.control, ["--socket", daemon.socket, command])
                #expect(outcome.text.contains(" kept for b"), "\(outcome.text)")
            }
        }
    }
}
