import Glibc
import StatusAPI
import Testing

extension RealDaemons {
    /// The observer is the one that was away: no other host is to blame.
    @Suite("pauses of the observer")
    struct PauseTests {
        /// Ten-millisecond heartbeats, a deadline of 200 ms, and no pings to soften the verdict.
        private static let strict = """
            heartbeat_interval = "10ms"
            mode = "heartbeat"
            detector = "fixed"
            timeout = "200ms"
            """

        @Test("an observer stopped for 350 ms, ten times, under a deadline of 200 ms suspects no peer")
        func shortPauses() throws {
            let cluster = try TestCluster(detection: Self.strict)
            try cluster.start()
            for round in 1...10 {
                try pause(cluster["a"], milliseconds: 350)
                let hasHeard = try eventually { try cluster["a"].status().health.stalls >= round }
                #expect(hasHeard)
                try cluster.becomeTrusting()
            }
            #expect(try !cluster["a"].hasSuspected(), "\(cluster["a"].logText)")
        }

        @Test("an observer stopped for three seconds suspects no peer, and reports the pause")
        func longPause() throws {
            let cluster = try TestCluster(detection: Self.strict)
            try cluster.start()
            try pause(cluster["a"], milliseconds: 3_000)
            let tells = try eventually { try !cluster["a"].events(.stall).isEmpty }
            #expect(tells)
            try cluster.becomeTrusting()
            #expect(try !cluster["a"].hasSuspected(), "\(cluster["a"].logText)")
            let health = try cluster["a"].status().health
            #expect(health.stalls >= 1)
            #expect((2_900_000...10_000_000).contains(health.loopLagMaximumUSec))
            // The others had every reason, and did.
            #expect(try cluster["b"].events(.suspect, of: "a").count >= 1)
        }

        private func pause(_ daemon: TestDaemon, milliseconds: Int32) throws {
            try daemon.send(SIGSTOP)
            letPass(milliseconds: milliseconds)
            try daemon.send(SIGCONT)
        }
    }
}
