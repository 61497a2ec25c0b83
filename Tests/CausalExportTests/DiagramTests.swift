import CausalClock
import CausalExport
import Testing

/// A run in which b is suspected falsely, stops, and comes back.
private let log = """
    a@1 {"a@1":1}
    2026-11-22T19:40:11Z START <begin> & "go"
    a@1 {"a@1":2}
    2026-11-22T19:40:11.2Z SEND heartbeat
    b@1 {"b@1":1}
    2026-11-22T19:40:11Z START
    b@1 {"b@1":2, "a@1":2}
    2026-11-22T19:40:11.201Z RECEIVE from=a@1:2 heartbeat
    a@1 {"a@1":3, "b@1":1}
    2026-11-22T19:40:12Z SUSPECT peer=b@1 cause=link certainty=proved silent\\nfor long
    a@1 {"a@1":4, "b@1":1}
    2026-11-22T19:40:12.1Z SEND heartbeat
    b@1 {"b@1":3, "a@1":4}
    2026-11-22T19:40:12.2Z RECEIVE from=a@1:4 heartbeat
    b@1 {"b@1":4, "a@1":4}
    2026-11-22T19:40:12.3Z SEND heartbeat
    a@1 {"a@1":5, "b@1":4}
    2026-11-22T19:40:12.4Z TRUST from=b@1:4 peer=b@1
    a@1 {"a@1":6, "b@1":4}
    2026-11-22T19:40:20Z SUSPECT peer=b@1 cause=crash certainty=suspected silent
    b@9 {"b@9":1}
    2026-11-22T19:40:30Z START

    """

private func projection(
    _ log: String = log, limit: Int = 1_000, statesOnly: Bool = false
) -> CausalProjection {
    let entries = CausalLogParser.items(of: Array(log.utf8)).compactMap {
        if case .entry(let entry, _) = $0 { entry } else { nil }
    }
    let history = LogHistory(entries)
    return CausalProjection(
        of: history, keeping: EventSelection(limit: limit, statesOnly: statesOnly).events(of: history))
}

@Suite("the space-time diagram")
struct DiagramTests {
    private func svg(_ projection: CausalProjection, center: String = "none:1") -> String {
        String(decoding: SpaceTimeDiagram(projection, center: EventName(center)).bytes(), as: UTF8.self)
    }

    private func count(_ part: String, in text: String) -> Int {
        text.split(separator: "\n").count { $0.contains(part) }
    }

    @Test("every event is a mark, and every message an arrow from its sending")
    func marks() {
        let text = svg(projection())
        // The legend shows one of each besides.
        #expect(count("class=\"sent\"", in: text) == 1 + 3)
        #expect(count("class=\"received\"", in: text) == 1 + 2)
        #expect(count("<line class=\"message\"", in: text) == 1 + 3)
        #expect(
            count("<line class=\"influence\"", in: text) == 1 + 1,
            "how a learnt of b's start is not in the log")
        #expect(count(">starts, epoch ", in: text) == 3)
        #expect(count(">stopped<", in: text) == 1)
    }

    @Test("a false suspicion is crossed out with its proof, a right one is not")
    func suspicions() {
        let text = svg(projection())
        #expect(
            count("style=\"fill:#e8590c\">suspects b: link (false)", in: text) == 1)
        #expect(count("style=\"fill:#c92a2a\">suspects b: crash", in: text) == 1)
        #expect(text.contains("proved false by b@1:3"))
        #expect(text.contains("b did stop: its next incarnation is b@9"))
        #expect(count("class=\"ring\"", in: text) == 1)
        #expect(count("opacity=\".55\"", in: text) == 2)
    }

    @Test("without the messages, arrows are by way of what is not shown")
    func states() {
        let text = svg(projection(statesOnly: true))
        #expect(count("<line class=\"message\"", in: text) == 1)
        #expect(
            count("<line class=\"influence\"", in: text) == 1 + 2,
            "b's start reached a, and a's suspicion the incarnation of b before the last")
        #expect(text.contains("6 of 11 events"))
    }

    @Test("a suspicion that began before what is shown is still to be seen")
    func clipped() {
        let text = svg(projection(limit: 5))
        #expect(count("opacity=\".55\"", in: text) == 2)
        #expect(count("class=\"before\"", in: text) > 0)
    }

    @Test("no arrow is drawn over the epoch of an incarnation that began before")
    func epochs() throws {
        let lines = svg(projection(limit: 5)).split(separator: "\n")
        let epoch = try #require(
            lines.firstIndex { $0.contains("class=\"epoch\"") && $0.hasPrefix("<text") })
        // Only the legend has arrows after it, above the hosts.
        for line in lines[epoch...]
        where line.hasPrefix("<line class=\"message\"") || line.contains("class=\"influence\"") {
            let y = line.components(after: "y1=\"").prefix { $0 != "\"" }
            #expect(try #require(Int(y)) < 100, "\(line)")
        }
    }

    @Test("long silence is marked, the chosen event is pointed out, and arrows point down")
    func layout() throws {
        let text = svg(projection(), center: "a@1:5")
        #expect(text.contains(">10.0 s later<"))
        #expect(count("class=\"center\"", in: text) == 1)
        for line in text.split(separator: "\n") where line.hasPrefix("<line class=\"message\"") {
            let y = try ["y1", "y2"].map { name in
                let value = line.components(after: "\(name)=\"").prefix { $0 != "\"" }
                return try #require(Int(value))
            }
            #expect(y[0] < y[1] || y[0] < 100, "\(line)")
        }
    }

    @Test("any text is text in XML")
    func escaping() {
        let text = svg(projection())
        #expect(text.contains("&lt;begin&gt; &amp; \"go\""))
        #expect(text.contains("silent\nfor long"))
        let hostile = "x<y {\"x<y\":1}\n2026-01-01T00:00:00Z STALL </title>\\u0000\\u001b<script>\u{FFFE}\n"
        let drawn = svg(projection(hostile))
        #expect(!drawn.contains("<script") && !drawn.contains("x<y") && !drawn.utf8.contains(0))
        #expect(drawn.contains("x&lt;y"))
    }

    @Test("logs without times or kinds, one event, and none are drawn too")
    func bare() {
        let text = svg(projection("a {\"a\":1}\nInit\nb {\"a\":1, \"b\":1}\ngot it\n"))
        #expect(count("<line class=\"message\"", in: text) == 2)
        #expect(svg(projection(limit: 0)).hasSuffix("</svg>\n"))
    }
}

extension Substring {
    /// What follows the first `text`.
    fileprivate func components(after text: String) -> Substring {
        var rest = self
        while !rest.isEmpty, !rest.hasPrefix(text) { rest = rest.dropFirst() }
        return rest.dropFirst(text.count)
    }
}

@Suite("exports")
struct ExportTests {
    @Test("ShiViz gets fields where every event has them, and plain events where not")
    func shiViz() {
        let bytes = ShiVizExport.bytes(of: projection(limit: 2))
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"""
                (?<host>\S*) (?<clock>{.*})\n(?<date>\S+) (?<kind>[A-Z]+) ?(?<event>.*)

                a@1 {"a@1":1}
                2026-11-22T19:40:20.000000Z SUSPECT peer=b@1 cause=crash certainty=suspected silent
                b@9 {"b@9":1}
                2026-11-22T19:40:30.000000Z START

                """#)
        let plain = ShiVizExport.bytes(of: projection("a {\"a\":1}\nInit\n"))
        #expect(String(decoding: plain, as: UTF8.self) == CausalLogFormat.header + "\n\na {\"a\":1}\nInit\n")
    }

    @Test("JSON has the logs' own names and what the suspicions came to")
    func json() {
        let export = JSONExport(projection())
        #expect(export.processes == ["a@1", "b@1", "b@9"])
        #expect(export.events.count == 11)
        #expect(export.suspicions.map(\.outcome) == ["proved-false", "restarted"])
        #expect(export.suspicions.map(\.proof) == ["b@1:3", "b@9"])
        let last = JSONExport(projection(limit: 1)).events
        #expect(last.map(\.dot) == ["b@9:1"])
        #expect(last.map(\.number) == [1])
        #expect(
            last.map(\.clock) == [["a@1:4", "b@1:4", "b@9:1"]], "a life follows what the one before it knew")
    }
}
