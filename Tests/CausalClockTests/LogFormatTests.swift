import CausalClock
import TestSupport
import Testing

@Suite("the form of logs")
struct LogFormatTests {
    private func item(_ text: String) throws -> CausalLogEntry { try #require(entries(of: text).first) }

    @Test("an entry is two lines that people, ShiViz and GoVector's tools read")
    func golden() throws {
        let host = try #require(HostID("n1"))
        let other = try #require(HostID("n2"))
        var entry = CausalLogEntry(
            Dot(host: host, epoch: Epoch(87_654_321), counter: 42),
            entries: [Dot(host: other, epoch: Epoch(87_650_000), counter: 17)], form: .full,
            timeUSec: 1_795_376_411_123_456, kind: .suspect, text: "silent for 3.0 s, 5 pings unanswered")
        entry.peer = ProcessName(other, Epoch(87_650_000))
        entry.cause = "link"
        entry.certainty = "proved"
        let text = """
            n1@87654321 {"n1@87654321":42, "n2@87650000":17}
            2026-11-22T19:40:11.123456Z SUSPECT peer=n2@87650000 cause=link certainty=proved silent for 3.0 s, 5 \
            pings unanswered

            """
        #expect(CausalLogFormat.text(entry) == text)
        #expect(try item(text) == entry)
    }

    @Test("a receive names its sending, and a clock that is not whole says so")
    func receive() throws {
        let sending = try #require(EventName("n2@5:9"))
        var entry = CausalLogEntry(
            try #require(EventName("n1@7:2")), clock: [sending], form: .delta, timeUSec: 0, kind: .receive,
            from: sending)
        let text = """
            n1@7 {"n1@7":2, "n2@5":9}
            1970-01-01T00:00:00.000000Z RECEIVE from=n2@5:9 clock=delta

            """
        #expect(CausalLogFormat.text(entry) == text)
        #expect(try item(text) == entry)
        entry.form = .partial
        #expect(CausalLogFormat.text(entry).contains("clock=partial"))
    }

    @Test("a renewed incarnation names the incarnation that it continues")
    func continued() throws {
        var entry = CausalLogEntry(
            try #require(EventName("n1@7:1")), timeUSec: 0, kind: .start, text: "after=all")
        entry.after = EventName("n1@5:9")
        let text = """
            n1@7 {"n1@7":1}
            1970-01-01T00:00:00.000000Z START after=n1@5:9 \\u0061fter=all

            """
        #expect(
            CausalLogFormat.text(entry).hasPrefix(String(text.prefix(70))), "\(CausalLogFormat.text(entry))")
        #expect(try item(CausalLogFormat.text(entry)) == entry)
    }

    @Test(
        "any text comes back, and none leaves its line",
        arguments: [
            "", " ", "plain", "two\nlines\r\n", "\t\u{0}\u{7F}\u{85}\u{2028}\u{2029}\u{1B}[31m",
            "back\\slash \\n \\u0041",
            "from=n2@5:9 looks like a sending", "cause=x", "n1 {\"n1\":3}", "{\"n1\":3}", " leading",
            "Grüße 🚦 e\u{301}",
            "2026-11-22T19:40:11Z SUSPECT peer=x", "=== Execution #3", "clock=partial",
        ])
    func escapes(text: String) throws {
        let event = try #require(EventName("n1@7:1"))
        let entry = CausalLogEntry(event, timeUSec: 5, kind: .config, text: text)
        let log = CausalLogFormat.text(entry)
        #expect(log.utf8.count { $0 == 0x0A } == 2)
        #expect(!log.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        #expect(!log.unicodeScalars.contains { $0 == "\u{2028}" || $0 == "\u{2029}" })
        #expect(try item(log) == entry)
    }

    @Test("random text comes back", arguments: 1...4 as ClosedRange<UInt64>)
    func randomText(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ab\\nu00 =\n\r\t\"{}:,from\u{85}\u{2028}é🚦").map(String.init)
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0..<20, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? ""
            }.joined()
            let event = try #require(EventName("n1@7:1"))
            let entry = CausalLogEntry(event, timeUSec: 5, kind: .stall, text: text)
            #expect(try item(CausalLogFormat.text(entry)) == entry)
        }
    }

    @Test("every kind and both kinds of names come back")
    func kinds() throws {
        for kind in LoggedEventKind.allCases {
            let entry = CausalLogEntry(
                EventName(ProcessName("a"), 1), timeUSec: 1, kind: kind, peer: ProcessName("b"))
            #expect(try item(CausalLogFormat.text(entry)) == entry)
        }
    }

    @Test("wall-clock times are written and read, leap days and all")
    func times() {
        for (text, microseconds) in [
            ("1970-01-01T00:00:00.000000Z", 0), ("2000-02-29T23:59:59.999999Z", 951_868_799_999_999),
            ("2024-02-29T12:00:00.000001Z", 1_709_208_000_000_001),
            ("2026-11-22T19:40:11.123456Z", 1_795_376_411_123_456),
            ("2100-03-01T00:00:00.000000Z", 4_107_542_400_000_000),
            ("9999-12-31T23:59:59.000000Z", 253_402_300_799_000_000),
        ] as [(String, Int64)] {
            #expect(WallTime.text(microseconds) == text)
            #expect(WallTime.microseconds(Array(text.utf8)) == microseconds)
        }
        #expect(WallTime.text(1_500, digits: 3) == "1970-01-01T00:00:00.001Z")
        #expect(WallTime.text(1_500, digits: 0) == "1970-01-01T00:00:00Z")
        for text in [
            "", "2026-11-22", "2026-11-22T19:40:11", "2026-13-22T19:40:11Z", "1969-12-31T23:59:59Z",
            "2026-11-22T24:00:00Z", "2026-11-22T19:40:11.Z", "2026-11-22T19:40:11Zx", "x026-11-22T19:40:11Z",
        ] {
            #expect(WallTime.microseconds(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test("an event is named by its process and number, and only so")
    func names() throws {
        let name = try #require(EventName("web-3@87654321:9007199254740991"))
        #expect(name.process.host == "web-3")
        #expect(name.process.epoch == Epoch(87_654_321))
        #expect(EventName("127.0.0.1:8080:7")?.process.text == "127.0.0.1:8080")
        for text in [
            "", "a", "a:", ":1", "a:0", "a:-1", "a:+1", "a:1x", "a:9007199254740992",
            "a:18446744073709551616",
        ] {
            #expect(EventName(text) == nil, "\(text)")
        }
        #expect(ProcessName("a@b").epoch == nil)
        #expect(ProcessName("@5").epoch == nil)
        #expect(ProcessName("a@10") > ProcessName("a@9"))
    }
}
