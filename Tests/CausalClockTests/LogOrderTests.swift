import CausalClock
import TestSupport
import Testing

/// Property P1 for logs: what is said of two events is what was.
@Suite("happened-before in logs")
struct LogOrderTests {
    private func wrong(_ history: LogHistory, _ run: LogSimulation) -> Int {
        var count = 0
        for left in run.entries.indices {
            for right in run.entries.indices {
                let reported = history.order(of: run.entries[left].event, to: run.entries[right].event)
                if reported != run.order(left, right) { count += 1 }
            }
        }
        return count
    }

    @Test(
        "whole logs show the order of every two events", arguments: LogSimulation.Style.allCases,
        1...4 as ClosedRange<UInt64>)
    func whole(style: LogSimulation.Style, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let run = LogSimulation(seed: seed, events: 100, style: style)
        #expect(wrong(LogHistory(run.entries.shuffled(using: &generator)), run) == 0)
    }

    @Test(
        "logs with holes never say what was not, and say so of what they do not know",
        arguments: LogSimulation.Style.allCases, 1...4 as ClosedRange<UInt64>)
    func holes(style: LogSimulation.Style, seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 77)
        let run = LogSimulation(seed: seed, events: 100, style: style, restarts: false)
        let present = run.entries.filter { _ in Int.random(in: 0..<10, using: &generator) < 7 }
        let history = LogHistory(present)
        var wrong = 0
        var known = 0
        for left in run.entries.indices {
            for right in run.entries.indices {
                let reported = history.order(of: run.entries[left].event, to: run.entries[right].event)
                if reported == .unknown { continue }
                known += 1
                if reported != run.order(left, right) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(known > run.entries.count * run.entries.count / 4)
        if style == .full { #expect(known > run.entries.count * run.entries.count * 9 / 10) }
    }

    @Test("with whole clocks a missing event is placed by its neighbours")
    func bracketed() throws {
        let history = LogHistory(
            entries(
                of: """
                    a {"a":1}
                    one
                    a {"a":3, "b":2}
                    three
                    b {"b":1}
                    one
                    b {"b":2}
                    two
                    b {"b":4, "a":3}
                    four
                    """))
        func order(_ left: String, _ right: String) throws -> LoggedOrder {
            history.order(of: try #require(EventName(left)), to: try #require(EventName(right)))
        }
        #expect(try order("b:1", "a:3") == .before)
        #expect(try order("a:3", "b:3") == .unknown, "b:4 knows a:3, b:2 does not: b:3 may")
        #expect(try order("a:2", "b:1") == .unknown, "a:3 knows b:1, a:1 does not: a:2 may")
        #expect(try order("a:2", "b:4") == .before)
        #expect(try order("a:1", "b:2") == .concurrent)
        #expect(try order("a:1", "c:1") == .unknown)
        #expect(try order("a:2", "a:3") == .before)
        #expect(try order("c:1", "c:1") == .same)
    }

    @Test("all of an earlier incarnation came before what a later incarnation influenced")
    func incarnations() throws {
        let history = LogHistory(
            entries(
                of: """
                    a@5 {"a@5":1}
                    2026-01-01T00:00:00Z START
                    a@5 {"a@5":2}
                    2026-01-01T00:00:00Z STALL
                    a@9 {"a@9":1}
                    2026-01-01T00:00:09Z START
                    b@1 {"b@1":1, "a@9":1}
                    2026-01-01T00:00:08Z RECEIVE from=a@9:1
                    c@1 {"c@1":1, "a@5":3}
                    2026-01-01T00:00:00Z RECEIVE from=a@5:3
                    """))
        let early = try #require(EventName("a@5:2"))
        #expect(try history.order(of: early, to: #require(EventName("a@9:1"))) == .before)
        #expect(try history.order(of: #require(EventName("b@1:1")), to: early) == .after)
        // b's wall clock is a second behind: what it received counts as no earlier than its sending.
        let received = try #require(EventName("b@1:1").flatMap { history.event($0) })
        #expect(
            history.events[received].orderedTimeUSec
                == WallTime.microseconds(Array("2026-01-01T00:00:09Z".utf8)))
        let lost = try #require(EventName("a@5:3"))
        #expect(
            try history.order(of: lost, to: #require(EventName("b@1:1"))) == .before,
            "the last event of the earlier incarnation is only named")
    }
}
