import Configuration
import LinuxIO
import Replay

/// Files that are read by their path, written into memory.
enum FileFuzz {
    /// A daemon that reloads, or `suspectctl config check`.
    static func readConfiguration(_ bytes: [UInt8]) {
        withFile(of: bytes) { path in
            let environment = ConfigurationEnvironment(hostName: "db1")
            do throws(ConfigurationErrors) {
                _ = try ConfigurationLoader.load(path: path, environment: environment)
            } catch {
                promise(!error.errors.isEmpty, "refused without a reason")
                for finding in error.errors {
                    let text = "\(finding)"
                    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
                    promise(isPlain, "an error that is not safe to print: \(text.debugDescription)")
                }
            }
        }
    }

    /// `suspectctl replay`.
    static func readTrace(_ bytes: [UInt8]) {
        withFile(of: bytes) { path in
            do throws(TraceError) {
                let trace = try TraceReader.read(path)
                promise(!trace.fresh.isEmpty && trace.interval >= 1, "a trace that says nothing")
                promise(trace.thinned(by: 3).fresh.count <= trace.fresh.count, "thinned to more")
            } catch {
                promise(!"\(error)".isEmpty, "refused without a reason")
            }
        }
    }

    private static func withFile(of bytes: [UInt8], _ body: (String) -> Void) {
        do {
            let file = try MemoryFile(name: "fuzz")
            try file.write(bytes, at: 0)
            body("/proc/self/fd/\(file.raw)")
        } catch {
            promise(false, "no file in memory: \(error)")
        }
    }

    static let configurations = [
        """
        # a comment
        [node]
        id = "a"
        listen = [ "127.0.0.1:1", # one
          '[::1]:1' ]
        [security]
        keys = ["/etc/suspectd/key"]
        [detection]
        profile = "lan"
        heartbeat_interval = "200ms"
        margin = "20ms"
        [[peer]]
        id = "b"
        address = "b.example:7946"
        [peer.ping]
        retries = 3
        """,
        """
        node = { id = 'a', state_directory = "/tmp/\\u00fc" }
        [detection.target]
        detection_time = "1s"
        mistake_recurrence = "30d"
        [[peer]]
        id = "c"
        address = "[fe80::1%eth0]:7946"
        detector = "phi"
        threshold = 8.0e1
        [[peer]]
        id = "d"
        address = \"""
        d:1\"""
        """, "[node\n", "a = 1979-05-27T07:32:00Z\nb = inf\nc = 0xdead_beef\nd = [[1], {x.y = 2}]\n",
    ].map { Array($0.utf8) }

    static let traces =
        [
            "seq,send_ns,recv_ns\n1,1000000,2000000\n2,201000000,\n3,401000000,402000000\r\n",
            "seq,send_ns,recv_ns\n0,-5,7\n9000000000000,3999999999999999999,-7\n",
        ].map { Array($0.utf8) } + [
            // The first, compressed with gzip.
            [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 51, 4, 0, 183, 239, 220, 131, 1, 0, 0, 0]
        ]
}
