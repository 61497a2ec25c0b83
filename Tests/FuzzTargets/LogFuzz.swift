import CausalClock
import CausalExport

/// Causal logs of any origin: read in blocks, put together, verified, exported, and the export read again.
enum LogFuzz {
    static func run(_ bytes: [UInt8]) {
        var builder = LogHistoryBuilder()
        var found: [CausalLogItem] = []
        var parser = CausalLogParser()
        for start in stride(from: 0, to: bytes.count, by: 100) {
            parser.parse(bytes[start..<min(start + 100, bytes.count)]) { found.append($0) }
        }
        parser.finish { found.append($0) }
        promise(found == CausalLogParser.items(of: bytes), "blocks read differently")
        for case .entry(let entry, let line) in found { builder.add(entry, at: LogPlace(log: 0, line: line)) }
        let history = LogHistory(builder)
        for finding in Verification(history).findings { promise(!"\(finding)".isEmpty, "nothing is said") }
        let projection = CausalProjection(of: history, keeping: EventSelection(limit: 50).events(of: history))
        for case .failure(let error) in CausalLogParser.items(of: ShiVizExport.bytes(of: projection)) {
            promise(false, "what is exported cannot be read: \(error)")
        }
    }

    static let seeds = [
        """
        (?<host>\\S*) (?<clock>{.*})\\n(?<date>\\S+) (?<kind>[A-Z]+) ?(?<event>.*)

        n1@7 {"n1@7":1}
        2026-11-22T19:40:11.000000Z START
        n2@5 {"n2@5":1, "n1@7":1}
        2026-11-22T19:40:11.120000Z RECEIVE from=n1@7:1 clock=delta heartbeat
        n1@7 {"n1@7":2, "n2@5":1}
        2026-11-22T19:40:11.123456Z SUSPECT peer=n2@5 cause=link certainty=proved silent for 3.0 s
        n2@6 {"n1@7":2, "n2@6":1}
        2026-11-22T19:40:12.000000Z START lost=3 clock=partial \\\\ \\u0041

        """,
        """
        client {"client":1}
        Initialization Complete
        client {"client":3, "server":4}
        Received answer {"sum": 3}

        """,
        """
        (?<timestamp>\\d*) (?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)

        1795376411123456789 a {"a":1}
        INFO-begin

        === Execution #Mon Nov 23 10:00:00 UTC 2026  ===
        1795376411123999789 a {"a":1, "b":18446744073709551615}
        again
        """,
        """
        (?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})

        hello
        a {"a":1}
        b {"a":1, "b":1} there
        """,
    ].map { Array($0.utf8) }
}
