import CausalClock
import TestSupport
import Testing

/// Property P7: some events of a history are a history in which nothing is missing and nothing has changed its order.
///
/// Mutants that these tests kill: counting kept events below instead of up to a clock's entry; keeping the old `from`;
/// leaving out that an incarnation follows the incarnations before it.
@Suite("P7: projection")
struct ProjectionTests {
    /// The log that ShiViz would open.
    private func export(_ projection: CausalProjection) -> String {
        CausalLogFormat.header + "\n\n"
            + projection.events.indices.map { CausalLogFormat.text(projection.entry($0)) }.joined()
    }

    /// The number of pairs of kept events whose order is not the true one.
    private func disagreements(
        _ projection: CausalProjection, _ events: [ShiVizRules.Event], _ run: LogSimulation,
        _ numbers: [EventName: Int]
    ) throws -> Int {
        let truth = try projection.events.map {
            try #require(numbers[projection.history.events[$0].entry.event])
        }
        var wrong = 0
        for left in events.indices {
            for right in events.indices where left != right {
                let isBefore = run.order(truth[left], truth[right]) == .before
                if ShiVizRules.precedes(events[left], events[right]) != isBefore { wrong += 1 }
            }
        }
        return wrong
    }

    @Test(
        "order survives for random subsets with one host's log missing",
        arguments: 1...16 as ClosedRange<UInt64>)
    func randomSubsets(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 1_000)
        let missing = Bool.random(using: &generator) ? Int.random(in: 0..<5, using: &generator) : nil
        let run = LogSimulation(seed: seed, events: 200, unlinked: missing)
        let numbers = [EventName: Int](uniqueKeysWithValues: run.entries.enumerated().map { ($1.event, $0) })
        let present = run.entries.filter { entry in
            missing.map { entry.event.process.host != "h\($0)" } ?? true
        }
        let history = LogHistory(present.shuffled(using: &generator))
        let kept = history.order.filter { _ in Int.random(in: 0..<100, using: &generator) < 35 }
        let projection = CausalProjection(of: history, keeping: kept)
        let events = try #require(ShiVizRules.events(in: export(projection)))
        #expect(events.count == kept.count)
        #expect(ShiVizRules.refusal(of: events) == nil)
        #expect(try disagreements(projection, events, run, numbers) == 0)
    }

    @Test(
        "logs that hold only what rose, or only the sending, give the same picture",
        arguments: LogSimulation.Style.allCases, 1...2 as ClosedRange<UInt64>)
    func styles(style: LogSimulation.Style, seed: UInt64) throws {
        let run = LogSimulation(seed: seed, events: 120, style: style)
        let numbers = [EventName: Int](uniqueKeysWithValues: run.entries.enumerated().map { ($1.event, $0) })
        let history = LogHistory(run.entries)
        #expect(!history.events.contains { !$0.isExact })
        let projection = CausalProjection(of: history, keeping: history.order)
        let events = try #require(ShiVizRules.events(in: export(projection)))
        #expect(ShiVizRules.refusal(of: events) == nil)
        #expect(try disagreements(projection, events, run, numbers) == 0)
    }

    @Test(
        "an export reads back as what it was, and passes verification",
        arguments: 1...6 as ClosedRange<UInt64>)
    func readBack(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let history = LogHistory(LogSimulation(seed: seed, events: 200).entries)
        let kept = history.order.filter { _ in Bool.random(using: &generator) }
        let projection = CausalProjection(of: history, keeping: kept)
        let entries = projection.events.indices.map { projection.entry($0) }
        let items = CausalLogParser.items(of: Array(export(projection).utf8))
        #expect(items == entries.enumerated().map { .entry($1, line: 2 * $0 + 3) })
        #expect(LogHistory(entries).order.count == kept.count)
    }

    @Test("a sending that is kept is named by its new number, one that is not kept is not named")
    func renumbering() throws {
        let log = """
            a {"a":1}
            2026-01-01T00:00:00Z START
            a {"a":2}
            2026-01-01T00:00:01Z SEND
            b {"a":2, "b":1}
            2026-01-01T00:00:02Z RECEIVE from=a:2
            """
        let history = LogHistory(entries(of: log))
        let received = try #require(EventName("b:1").flatMap { history.event($0) })
        let sent = try #require(EventName("a:2").flatMap { history.event($0) })
        let both = CausalProjection(of: history, keeping: [sent, received])
        #expect(
            CausalLogFormat.text(both.entry(1))
                == "b {\"b\":1, \"a\":1}\n2026-01-01T00:00:02.000000Z RECEIVE from=a:1\n")
        let alone = CausalProjection(of: history, keeping: [received])
        #expect(CausalLogFormat.text(alone.entry(0)) == "b {\"b\":1}\n2026-01-01T00:00:02.000000Z RECEIVE\n")
    }
}

/// The entries of a log that has no errors in it.
func entries(of log: String, sourceLocation: SourceLocation = #_sourceLocation) -> [CausalLogEntry] {
    CausalLogParser.items(of: Array(log.utf8)).compactMap { item in
        switch item {
        case .entry(let entry, _): return entry
        case .failure(let error):
            Issue.record("\(error)", sourceLocation: sourceLocation)
            return nil
        }
    }
}
