import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// Keys: a node that has them is believed.
    @Suite("keys")
    struct KeyTests {
        /// A cluster whose daemons have these keys; each is the byte of which the key consists.
        private func cluster(_ keys: [String: [Int]]) throws -> TestCluster {
            let cluster = try TestCluster(keys.keys.sorted())
            for (id, keys) in keys { try give(keys, to: cluster[id], in: cluster) }
            return cluster
        }

        private func give(_ keys: [Int], to daemon: TestDaemon, in cluster: TestCluster) throws {
            var paths: [String] = []
            for byte in keys {
                let path = "\(cluster.folder.path)/key\(byte)"
                let digits = String(repeating: "0\(byte)", count: 32)
                try writeFile("suspectd-key-1:\(digits)\n", to: path)
                chmod(path, 0o600)
                paths.append("\"\(path)\"")
            }
            var text = textOfFile(daemon.configuration)
            if let old = text.firstRange(of: "[security]\nkeys = [") {
                text = String(text[..<old.lowerBound])
            }
            try writeFile(
                text + "[security]\nkeys = [\(paths.joined(separator: ", "))]\n", to: daemon.configuration)
        }

        @Test("three that share a key trust each other, and say that they authenticate")
        func shared() throws {
            let cluster = try cluster(["a": [1], "b": [1], "c": [1]])
            try cluster.start()
            #expect(try cluster["a"].status().authenticated)
            for reason in ["unopened", "unsealed", "sealed", "malformed"] {
                #expect(try cluster["a"].refused(reason) == 0)
            }
        }

        @Test("a key is replaced by reloads on a live cluster, and no peer is suspected")
        func rotation() throws {
            let cluster = try cluster(["a": [1], "b": [1], "c": [1]])
            try cluster.start()
            for keys in [[1, 2], [2, 1], [2]] {
                for daemon in cluster.daemons {
                    let reloads = try daemon.events(.config).count
                    try give(keys, to: daemon, in: cluster)
                    try daemon.send(SIGHUP)
                    let isTaken = try eventually { try daemon.events(.config).count > reloads }
                    #expect(isTaken)
                }
            }
            for daemon in cluster.daemons {
                let heard = try daemon.peers().map { $0.lastHeardUSec ?? 0 }
                let goesOn = try eventually {
                    try zip(daemon.peers(), heard).allSatisfy { ($0.lastHeardUSec ?? 0) > $1 + 300_000 }
                }
                #expect(goesOn)
                #expect(try !daemon.hasSuspected())
                #expect(try daemon.refused("unopened") == 0)
            }
        }

        @Test(
            "a step of a rotation that would cut peers off is refused with the right one, and the keys stay",
            arguments: [
                ([1, 2], [2], "\"$/key1\" is left out, and still seals what these peers send: b;"),
                ([1, 2], [3, 1, 2], "\"$/key3\" would seal"), ([1], [2], "\"$/key2\" would seal"),
                ([1], [], "b would be suspected"),
                ([], [1], "b would be suspected"),
            ])
        func wrongSteps(present: [Int], next: [Int], expected: String) throws {
            let cluster = try cluster(["a": present, "b": present])
            try cluster.start()
            let daemon = cluster["a"]
            try give(next, to: daemon, in: cluster)
            try daemon.send(SIGHUP)
            let isRefused = try eventually { try daemon.status().configuration.lastReloadFailed != nil }
            #expect(isRefused)
            let problem = try daemon.status().configuration.lastReloadFailed ?? ""
            #expect(problem.contains(expected.replacing("$", with: cluster.folder.path)), "\(problem)")
            #expect(try daemon.hearsOn("b", microseconds: 600_000))
            #expect(try !daemon.hasSuspected())
            // Once more as it was: nothing stands against that.
            try give(present, to: daemon, in: cluster)
            try daemon.send(SIGHUP)
            let isTaken = try eventually { try daemon.status().configuration.lastReloadFailed == nil }
            #expect(isTaken)
        }

        @Test("the key of a peer that a reload removes may go with it")
        func goneWithItsKey() throws {
            let cluster = try cluster(["a": [1, 2], "b": [1, 2], "c": [2, 1]])
            try cluster.start()
            let daemon = cluster["a"]
            var text = textOfFile(daemon.configuration)
            let entry = try #require(text.firstRange(of: "[[peer]]\nid = \"b\""))
            let next = try #require(text.firstRange(of: "[[peer]]\nid = \"c\""))
            text.removeSubrange(entry.lowerBound..<next.lowerBound)
            try writeFile(text, to: daemon.configuration)
            try give([2], to: daemon, in: cluster)
            let reloads = try daemon.events(.config).count
            try daemon.send(SIGHUP)
            let isTaken = try eventually { try daemon.events(.config).count > reloads }
            #expect(isTaken)
            #expect(try daemon.status().configuration.lastReloadFailed == nil)
            #expect(try daemon.hearsOn("c", microseconds: 600_000))
            #expect(try !daemon.hasSuspected())
        }

        @Test("a node that watches no peer that it trusts takes any keys by a reload")
        func alone() throws {
            let cluster = try cluster(["a": [1], "b": [1]])
            try cluster["a"].start()
            try give([2], to: cluster["a"], in: cluster)
            let reloads = try cluster["a"].events(.config).count
            try cluster["a"].send(SIGHUP)
            let isTaken = try eventually { try cluster["a"].events(.config).count > reloads }
            #expect(isTaken)
            #expect(try cluster["a"].status().configuration.lastReloadFailed == nil)
        }

        @Test("a node that has another key is refused, counted, and reported")
        func another() throws {
            let cluster = try cluster(["a": [1], "b": [2]])
            for daemon in cluster.daemons { try daemon.launch() }
            let refuses = eventually { ((try? cluster["a"].refused("unopened")) ?? 0) > 3 }
            #expect(refuses)
            #expect(try cluster["a"].peer("b").state != .trusted)
            #expect(cluster["a"].logText.contains("no key of [security] keys opens it"))
        }

        @Test("a reload that names a key that others may read is refused, and the old key stays in force")
        func permissions() throws {
            let cluster = try cluster(["a": [1], "b": [1]])
            try cluster.start()
            try give([2], to: cluster["a"], in: cluster)
            chmod("\(cluster.folder.path)/key2", 0o644)
            try cluster["a"].send(SIGHUP)
            let refusal = try eventually {
                try cluster["a"].status().configuration.lastReloadFailed?.contains("chmod 0640") == true
            }
            #expect(refusal)
            #expect(try cluster["a"].peer("b").state == .trusted)
        }
    }
}
