import CausalClock
import TestSupport
import Testing

@Suite("reading logs")
struct LogParserTests {
    private func read(_ text: String) -> (entries: [CausalLogEntry], failures: [CausalLogError]) {
        var result: (entries: [CausalLogEntry], failures: [CausalLogError]) = ([], [])
        for item in CausalLogParser.items(of: Array(text.utf8)) {
            switch item {
            case .entry(let entry, _): result.entries.append(entry)
            case .failure(let error): result.failures.append(error)
            }
        }
        return result
    }

    private func summary(_ text: String) -> [String] {
        read(text).entries.map { entry in
            "\(entry.event) [\(entry.clock.map(\.description).joined(separator: " "))] \(entry.text)"
        }
    }

    @Test("GoVector's log of one process")
    func goVector() {
        let log = """
            client {"client":1}
            Initialization Complete
            client {"client":2}
            INFO-Calling server
            client {"client":3, "server":4}
            Received answer {"sum": 3}

            """
        #expect(
            summary(log) == [
                "client:1 [] Initialization Complete", "client:2 [] INFO-Calling server",
                "client:3 [server:4] Received answer {\"sum\": 3}",
            ])
        #expect(read(log).failures.isEmpty)
    }

    @Test("GoVector's logs put together by its script, with the header and empty lines")
    func goVectorMerged() {
        let log =
            CausalLogFormat.header
            + "\n\n\n127.0.0.1:8080 {\"127.0.0.1:8080\":1}\nInitialization Complete\nb {\"127.0.0.1:8080\":1, \"b\":1}\ngot it\n"
        #expect(
            summary(log) == ["127.0.0.1:8080:1 [] Initialization Complete", "b:1 [127.0.0.1:8080:1] got it"])
        #expect(read(log).failures.isEmpty)
    }

    @Test("GoVector with timestamps, as TSViz reads it")
    func timestamps() {
        let log = #"""
            (?<timestamp>\d*) (?<host>\S*) (?<clock>{.*})\n(?<event>.*)

            1795376411123456789 a {"a":1}
            INFO-begin
            1795376411123999789 a {"a":2}
            INFO-end
            """#
        #expect(read(log).entries.map(\.timeUSec) == [1_795_376_411_123_456, 1_795_376_411_123_999])
        #expect(summary(log) == ["a:1 [] INFO-begin", "a:2 [] INFO-end"])
    }

    @Test("GoVector's second execution in one file is other processes")
    func executions() {
        let log = """
             \n=== Execution #Mon Nov 23 10:00:00 UTC 2026  ===
            a {"a":1}
            Initialization Complete
            b {"a":1, "b":1}
            hello
             \n=== Execution #Mon Nov 23 11:00:00 UTC 2026  ===
            a {"a":1}
            Initialization Complete
            b {"a":1, "b":1}
            hello again
            """
        #expect(
            summary(log) == [
                "a:1 [] Initialization Complete", "b:1 [a:1] hello", "a#2:1 [] Initialization Complete",
                "b#2:1 [a#2:1] hello again",
            ])
        #expect(read(log).failures.isEmpty)
    }

    @Test("ShiViz's own order, the message before the clock, with a header and without")
    func messageFirst() {
        let pairs =
            "Initialization\nalice {\"alice\":1}  \nSend {x} to bob\nalice {\"alice\":2, \"bob\": 0}\n"
        let expected = ["alice:1 [] Initialization", "alice:2 [] Send {x} to bob"]
        #expect(summary("(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})\n\n" + pairs) == expected)
        #expect(summary(pairs) == expected)
        #expect(read(pairs).failures.isEmpty)
    }

    @Test("a whole entry in one line, when the header says so")
    func oneLine() {
        let log = #"""
            (?<host>\S*) (?<clock>{.*}) (?<event>.*)

            node0 {"node0" : 1} begin
            node1 {"node0" : 1, "node1" : 1}
            """#
        #expect(summary(log) == ["node0:1 [] begin", "node1:1 [node0:1] "])
    }

    @Test("line ends of Windows, names with escapes, and no line feed at the end")
    func oddities() {
        #expect(summary("a {\"a\":1}\r\nhello\r\n") == ["a:1 [] hello"])
        #expect(summary("a\"b {\"a\\\"b\":1, \"\\u0041\":2}\nx") == ["a\"b:1 [A:2] x"])
    }

    @Test(
        "what cannot be read is reported with its line, and the rest is read",
        arguments: [
            ("a {\"a\":1\nx\na {\"a\":2}\ny\n", [(1, .notAClock), (2, .notAClock)], 1),
            ("a {\"b\":1}\nx\na {\"a\":2}\ny\n", [(1, .ownEntryMissing), (2, .notAClock)], 1),
            ("a {\"a\":0}\nx\n", [(1, .ownEntryMissing), (2, .notAClock)], 0),
            ("a {\"a\":9007199254740992}\nx\n", [(1, .badCounter), (2, .notAClock)], 0),
            ("a {\"a\":1.5}\nx\n", [(1, .badCounter), (2, .notAClock)], 0),
            ("a {\"a\":-1}\nx\n", [(1, .badCounter), (2, .notAClock)], 0),
            ("a {\"a\":1,\"b\":1,\"b\":2}\nx\n", [(1, .duplicateEntry), (2, .notAClock)], 0),
            ("a {\"a\":1,\"a\":1}\nx\n", [(1, .duplicateEntry), (2, .notAClock)], 0),
            ("a {\"a\":1}\na {\"a\":2}\nx\n", [(1, .messageMissing)], 2),
            ("a {\"a\":1}\nx\na {\"a\":2}\n", [(3, .cutOff)], 2),
            (
                "(?<event>.*)(?<host>\\S*)\\n\\n(?<clock>{.*})\n\na {\"a\":1}\nx\n",
                [(1, .unsupportedHeader)], 1
            ),
        ] as [(String, [(Int, CausalLogError.Problem)], Int)])
    func failures(log: String, expected: [(Int, CausalLogError.Problem)], entries: Int) {
        let found = read(log)
        #expect(found.failures == expected.map { CausalLogError(line: $0.0, problem: $0.1) })
        #expect(found.entries.count == entries)
    }

    @Test("a line without end is not kept in memory")
    func longLine() {
        var parser = CausalLogParser()
        var items: [CausalLogItem] = []
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 18)
        for _ in 0..<16 { parser.parse(block[...]) { items.append($0) } }
        parser.parse(Array("\na {\"a\":1}\nb\n".utf8)[...]) { items.append($0) }
        parser.finish { items.append($0) }
        #expect(items.first == .failure(CausalLogError(line: 1, problem: .lineTooLong)))
        #expect(items.count == 2)
    }

    @Test("blocks may end anywhere", arguments: [1, 2, 3, 7, 64])
    func blocks(size: Int) {
        let log = Array(LogSimulation(seed: 9, events: 40).entries.map(CausalLogFormat.text).joined().utf8)
        var parser = CausalLogParser()
        var items: [CausalLogItem] = []
        for start in stride(from: 0, to: log.count, by: size) {
            parser.parse(log[start..<min(start + size, log.count)]) { items.append($0) }
        }
        parser.finish { items.append($0) }
        #expect(items == CausalLogParser.items(of: log))
        #expect(items.count == 40)
    }

    @Test(
        "no bytes make a trap, and nearly all of a damaged log is still read",
        arguments: 1...6 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let log = Array(LogSimulation(seed: seed, events: 30).entries.map(CausalLogFormat.text).joined().utf8)
        let pieces = [
            "{", "}", "\"", "\\u", "\\", "\n", "=== ", "(?<host>", "(?<clock>", "99999999999999999999",
            "from=", "\u{0}",
        ]
        for _ in 0..<120 {
            var damaged = log
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: damaged[place] = .random(in: 0...255, using: &generator)
                case 1: damaged.remove(at: place)
                case 2:
                    damaged.insert(
                        contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
                default: damaged.removeSubrange(place..<min(place + 40, damaged.count))
                }
            }
            let items = CausalLogParser.items(of: damaged)
            let found = items.compactMap { if case .entry(let entry, _) = $0 { entry } else { nil } }
            #expect(found.count > 10)
            let history = LogHistory(found)
            _ = Verification(history).findings
            _ = history.suspicions()
            let projection = CausalProjection(
                of: history, keeping: EventSelection(limit: 20).events(of: history))
            #expect(projection.events.indices.filter { projection.counter($0) == 0 }.isEmpty)
        }
    }
}
