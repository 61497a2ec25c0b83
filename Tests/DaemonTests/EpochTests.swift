import Glibc
import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// The epoch on disk: every incarnation has a later one than the incarnation before.
    @Suite("epochs")
    struct EpochTests {
        @Test("each incarnation has a later epoch, also two in one second, however the last one ended")
        func growth() throws {
            let cluster = try TestCluster(["a", "b"])
            let daemon = cluster["a"]
            var epochs: [Int] = []
            for _ in 0..<4 {
                try daemon.start()
                epochs.append(try daemon.status().epoch)
                try daemon.kill()
            }
            #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }, "\(epochs)")
            #expect(textOfFile(file(daemon)) == "a \(epochs[3])\n")
        }

        @Test("an epoch of the future is not taken back by a clock that lags")
        func clockLags() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster["a"].start()
            let later = try cluster["a"].status().epoch + 3_600
            try cluster["a"].kill()
            try writeFile("a \(later)\n", to: file(cluster["a"]))
            try cluster["a"].start()
            #expect(try cluster["a"].status().epoch == later + 1)
        }

        @Test(
            "an epoch file that is damaged, or ahead of the clock, does not stop the start, and is named",
            arguments: [
                ("nonsense\n", "not a line \"ID EPOCH\"", nil),
                ("a twelve\n", "not a line \"ID EPOCH\"", nil),
                ("", "not a line \"ID EPOCH\"", nil), ("\0\0\0\0", "not a line \"ID EPOCH\"", nil),
                ("a 9999999999\n", "lies more than a day after the wall clock", 10_000_000_000),
            ] as [(String, String, Int?)])
        func damaged(contents: String, message: String, epoch: Int?) throws {
            let cluster = try TestCluster(["a", "b"])
            try writeFile(contents, to: file(cluster["a"]))
            try cluster["a"].start()
            let taken = try cluster["a"].status().epoch
            if let epoch { #expect(taken == epoch) }
            #expect(
                cluster["a"].logText.contains(
                    "\(file(cluster["a"])): \(epoch == nil ? "" : "the last epoch")"))
            #expect(cluster["a"].logText.contains(message), "\(cluster["a"].logText)")
            #expect(textOfFile(file(cluster["a"])) == "a \(taken)\n")
        }

        @Test(
            "what is no file where the epoch belongs does not stop the start, and is named",
            arguments: 0...2)
        func noFile(kind: Int) throws {
            let cluster = try TestCluster(["a", "b"])
            let path = file(cluster["a"])
            switch kind {
            case 0: #expect(mkdir(path, 0o700) == 0)
            case 1: #expect(symlink("epoch", path) == 0)
            default: #expect(symlink("/dev/zero", path) == 0)
            }
            try cluster["a"].start()
            #expect(try cluster["a"].status().epoch > 0)
            #expect(
                cluster["a"].logText.contains("\(path): no file that suspectd wrote"),
                "\(cluster["a"].logText)")
        }

        @Test("a host whose clock was days ahead is no crash: its peer says which clocks to compare")
        func clockAhead() throws {
            let cluster = try TestCluster(["a", "b"])
            try writeFile("a 9999999999\n", to: file(cluster["a"]))
            for id in ["a", "b"] { try cluster[id].start() }
            let isSuspected = try eventually { try cluster["b"].peer("a").state == .suspected }
            #expect(isSuspected)
            #expect(try cluster["b"].peer("a").cause == .unknown)
            let ranks = try cluster["b"].why("a").ranks ?? []
            #expect(ranks.contains { $0.finding.contains("ahead of this node's clock") }, "\(ranks)")
            #expect(try !cluster["b"].peer("a").confirmed)
            // Its own clock is right, and no peer has accepted the epoch: it begins again with the clock's.
            let isTrusted = try eventually(within: 20) {
                try ["a", "b"].allSatisfy { try cluster[$0].peers().allSatisfy { $0.state == .trusted } }
            }
            #expect(isTrusted)
            #expect(!textOfFile(file(cluster["a"])).contains("999999999"))
            #expect(cluster["a"].logText.contains("which began more than a day after the wall clock"))
        }

        @Test("an epoch file of another node stops the start and is left alone")
        func badFile() throws {
            let (contents, message) = (
                "b 7\n", "belongs to node b, not to a; give each node a state_directory of its own"
            )
            let cluster = try TestCluster(["a", "b"])
            try writeFile(contents, to: file(cluster["a"]))
            try cluster["a"].launch()
            #expect(try cluster["a"].waitForEnd() == .exited(1))
            #expect(cluster["a"].logText.contains(message), "\(cluster["a"].logText)")
            #expect(cluster["a"].logText.contains(file(cluster["a"])))
            #expect(textOfFile(file(cluster["a"])) == contents)
        }

        @Test("the state of an id that no peer has is continued under the new id")
        func renamedForAll() throws {
            let cluster = try TestCluster(["a", "b"])
            try writeFile("a.example.net 1234567\n", to: file(cluster["a"]))
            try cluster.start()
            #expect(textOfFile(file(cluster["a"])).hasPrefix("a "))
        }

        private func file(_ daemon: TestDaemon) -> String { "\(daemon.stateFolder)/epoch" }
    }
}
