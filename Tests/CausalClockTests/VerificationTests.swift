import CausalClock
import TestSupport
import Testing

/// Property P6: an honest log passes every rule, and each rule finds what it is for.
///
/// Mutants that these tests kill: monotony checked entry by entry without regard to incarnations; closure
/// checked against the whole clock instead of what rose; a gap at the end of a log passed over.
@Suite("verification")
struct VerificationTests {
    private func problems(_ log: String) -> [String] {
        Verification(LogHistory(entries(of: log))).findings.map(\.description)
    }

    @Test(
        "whole logs of honest hosts are sound", arguments: LogSimulation.Style.allCases,
        1...8 as ClosedRange<UInt64>)
    func sound(style: LogSimulation.Style, seed: UInt64) {
        let history = LogHistory(LogSimulation(seed: seed, events: 250, style: style).entries)
        #expect(Verification(history).findings.isEmpty)
    }

    @Test(
        "of logs with holes only the holes are reported, and all of them",
        arguments: 1...8 as ClosedRange<UInt64>)
    func holes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let entries = LogSimulation(seed: seed, events: 250).entries
        let present = entries.filter { _ in Int.random(in: 0..<10, using: &generator) < 8 }
        let findings = Verification(LogHistory(present)).findings
        let problems = findings.filter { !$0.isGap }
        #expect(problems.isEmpty)
        var missing = entries.filter { !present.contains($0) }.map(\.event)
        for finding in findings {
            guard case .missing(let range, _) = finding.problem else { continue }
            missing.removeAll { $0.process == finding.event.process && range.contains($0.counter) }
        }
        // Only what no event names, at the end of a process, cannot be known to be missing.
        let history = LogHistory(present)
        let hidden = missing.filter { name in
            guard let process = history.process(name.process) else { return false }
            return history.latestKnown[process] >= name.counter
        }
        #expect(hidden.isEmpty)
    }

    @Test(
        "a reload that adds a peer again brings back what was known of it, and nothing else",
        arguments: [1, 2])
    func addedAgain(known: Int) {
        let found = problems(
            """
            c@1 {"c@1":1}
            2026-01-01T00:00:00Z START
            c@1 {"c@1":2}
            2026-01-01T00:00:00Z SEND
            a@1 {"a@1":1}
            2026-01-01T00:00:00Z START
            a@1 {"a@1":2, "c@1":1}
            2026-01-01T00:00:01Z RECV
            a@1 {"a@1":3}
            2026-01-01T00:00:02Z CONFIG
            a@1 {"a@1":4, "c@1":\(known)}
            2026-01-01T00:00:03Z CONFIG

            """)
        #expect(found.isEmpty == (known == 1), "\(found)")
    }

    @Test("what is missing is reported with what names it")
    func missing() {
        #expect(
            problems("a {\"a\":2}\nx\na {\"a\":5, \"b\":3}\ny\n") == [
                "event 1 of a is missing", "events 3–4 of a are missing",
                "events 1–3 of b are missing, although a:5 names them or later ones",
            ])
        #expect(
            problems("a {\"a\":1, \"b\":1}\nx\n") == [
                "event 1 of b is missing, although a:1 names it or later ones"
            ])
    }

    @Test(
        "what was lost before a start may be the numbers of last words; what was lost later was not written")
    func lost() throws {
        var entries = entries(of: "a {\"a\":1}\nx\na {\"a\":9}\ny\n")
        entries[1].lost = 7
        #expect(
            Verification(LogHistory(entries)).findings.map(\.description) == [
                "events 2–8 of a are never written: its disk was full or too slow, or it crashed, as the next entry says"
            ])
        entries[1].kind = .start
        let finding = try #require(Verification(LogHistory(entries)).findings.first)
        #expect(finding.isGap && finding.description.contains("its last words took their numbers"))
    }

    /// A host comes back with too low an epoch, hears of its later incarnation 10, and continues as incarnation 11.
    private func renewed(_ after: String, knowing entry: String = "\"n0@1\":3") -> String {
        """
        n1@10 {"n1@10":1}
        1970-01-01T00:00:00.000001Z START a
        n1@10 {"n1@10":2}
        1970-01-01T00:00:00.000002Z SEND heartbeat
        n0@1 {"n0@1":1}
        1970-01-01T00:00:00.000001Z START a
        n0@1 {"n0@1":2, "n1@10":2}
        1970-01-01T00:00:00.000003Z RECEIVE from=n1@10:2 heartbeat
        n0@1 {"n0@1":3, "n1@10":2}
        1970-01-01T00:00:00.000004Z SEND heartbeat
        n1@3 {"n1@3":1}
        1970-01-01T00:00:00.000003Z START a
        n1@3 {"n1@3":2, "n0@1":3}
        1970-01-01T00:00:00.000005Z RECEIVE from=n0@1:3 heartbeat
        n1@11 {"n1@11":1, \(entry)}
        1970-01-01T00:00:00.000006Z START\(after) a
        n1@11 {"n1@11":2, \(entry)}
        1970-01-01T00:00:00.000007Z SEND heartbeat
        n0@1 {"n0@1":4, "n1@11":2}
        1970-01-01T00:00:00.000008Z RECEIVE from=n1@11:2 heartbeat

        """
    }

    @Test(
        "an incarnation that began with too low an epoch, and was renewed, is sound, and a branch of its host's incarnations"
    )
    func renewal() throws {
        #expect(problems(renewed(" after=n1@3:2")) == [])
        let history = LogHistory(entries(of: renewed(" after=n1@3:2")))
        func order(_ left: String, _ right: String) throws -> LoggedOrder {
            history.order(of: try #require(EventName(left)), to: try #require(EventName(right)))
        }
        #expect(try order("n1@3:2", "n1@11:1") == .before)
        #expect(try order("n1@10:2", "n1@11:1") == .before)
        #expect(try order("n1@10:2", "n1@3:2") == .before, "by what it received")
        #expect(try order("n1@3:1", "n1@10:1") == .concurrent)
        #expect(try order("n1@11:1", "n1@3:1") == .after)
    }

    @Test(
        "a renewed incarnation that knows more than the incarnation that it continues has learnt it from nothing"
    )
    func renewalKnowsTooMuch() {
        let found = problems(renewed(" after=n1@3:1"))
        #expect(found.contains { $0.hasPrefix("n1@11:1 knows n0@1:3, which neither") }, "\(found)")
        #expect(!problems(renewed(" after=n1@3:2", knowing: "\"n0@1\":4")).isEmpty)
    }

    @Test("a log from before renewed incarnations were named is read as it was")
    func unnamedRenewal() {
        #expect(entries(of: renewed("")).count == 10)
        #expect(
            problems(renewed("")).contains { $0.hasPrefix("n1@11:1 is no receive, and yet knows n0@1:3") })
    }

    @Test("one event twice, differently, and the same copy twice")
    func contradiction() {
        #expect(
            problems("a {\"a\":1}\nx\na {\"a\":1}\ny\n") == [
                "a:1 is logged twice, differently: two daemons with one id, or a restored snapshot?"
            ])
        #expect(problems("a {\"a\":1}\nx\na {\"a\":1}\nx\n").isEmpty)
    }

    @Test("a clock that goes back")
    func forgotten() {
        #expect(
            problems("b {\"b\":1}\nx\na {\"a\":1, \"b\":1}\nx\na {\"a\":2}\ny\n") == [
                "a:2 no longer knows b:1, which the event before it knew"
            ])
    }

    @Test("an incarnation that gave way to a later one is not forgotten")
    func gaveWay() {
        let log = """
            b@1 {"b@1":1}
            2026-01-01T00:00:00Z START
            b@2 {"b@2":1}
            2026-01-01T00:00:01Z START
            a@1 {"a@1":1, "b@1":1}
            2026-01-01T00:00:00Z RECEIVE from=b@1:1
            a@1 {"a@1":2, "b@2":1}
            2026-01-01T00:00:02Z RECEIVE from=b@2:1
            """
        #expect(problems(log).isEmpty)
    }

    @Test("knowing an event without knowing what it knew")
    func closure() {
        #expect(
            problems("c {\"c\":1}\nx\nb {\"b\":1, \"c\":1}\nx\na {\"a\":1, \"b\":1}\nx\n") == [
                "a:1 knows b:1, which knew c:1, but does not know that one itself"
            ])
    }

    @Test("two sendings in one receive, knowledge out of nowhere, and a receive of something else")
    func causes() {
        let sendings = "b {\"b\":1}\nx\nc {\"c\":1}\nx\n"
        #expect(
            problems(sendings + "a {\"a\":1, \"b\":1, \"c\":1}\nx\n") == [
                "a:1 directly follows two sendings, b:1 and c:1; a receive follows one"
            ])
        let time = "2026-01-01T00:00:00Z"
        #expect(
            problems(sendings + "a {\"a\":1, \"b\":1, \"c\":1}\n\(time) RECEIVE from=b:1\n") == [
                "a:1 knows c:1, which neither the event before it knew nor the sending that it received"
            ])
        #expect(
            problems(sendings + "a {\"a\":1, \"b\":1}\n\(time) SEND\n") == [
                "a:1 is no receive, and yet knows b:1 anew"
            ])
        #expect(
            problems(sendings + "a {\"a\":1}\n\(time) RECEIVE from=b:1\n") == [
                "a:1 received b:1, but its clock does not name that"
            ])
    }

    @Test("causes that lead back to their effect, and an incarnation that knows a later one")
    func impossible() {
        let circle = problems("a {\"a\":1, \"b\":1}\nx\nb {\"a\":1, \"b\":1}\nx\n")
        #expect(circle.contains("a:1 is among its own causes: a host reported events before they happened"))
        let later = problems("a@1 {\"a@1\":1, \"a@2\":1}\nx\na@2 {\"a@2\":1}\nx\n")
        #expect(later.contains("a@1:1 knows a@2:1, of a later incarnation of its own host"))
    }

    @Test("every change of one counter in a clock is found", arguments: 1...5 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let entries = LogSimulation(seed: seed, events: 120, restarts: false).entries
        for _ in 0..<60 {
            var changed = entries
            let place = Int.random(in: changed.indices, using: &generator)
            guard let cell = changed[place].clock.indices.randomElement(using: &generator) else { continue }
            let isLast = !entries[(place + 1)...].contains {
                $0.event.process == changed[place].event.process
            }
            changed[place].clock[cell].counter += isLast ? 1_000 : 1
            let findings = Verification(LogHistory(changed)).findings
            #expect(!findings.isEmpty, "\(changed[place])")
        }
    }
}

@Suite("suspicions in logs")
struct SuspicionAuditTests {
    private let log = """
        a@1 {"a@1":1, "c@1":1}
        2026-01-01T00:00:01Z SUSPECT peer=c@1 cause=link silent
        a@1 {"a@1":2, "c@1":2}
        2026-01-01T00:00:02Z TRUST peer=c@1
        c@1 {"c@1":1}
        2026-01-01T00:00:00Z START
        c@1 {"c@1":2, "a@1":1}
        2026-01-01T00:00:02Z SEND

        """

    @Test("a suspect that acted afterwards, in the same incarnation, was suspected falsely")
    func provedFalse() throws {
        let history = LogHistory(entries(of: log))
        let suspicion = try #require(history.suspicions().first)
        #expect(suspicion.outcome == .provedFalse(by: try #require(EventName("c@1:2"))))
        #expect(suspicion.end.map { history.events[$0].counter } == 2)
        #expect(suspicion.suspect == ProcessName("c@1"))
    }

    @Test("a suspect that has a new incarnation did stop; one that is never seen again may have")
    func restartedOrNot() throws {
        let suspicion = """
            a@1 {"a@1":1, "c@1":1}
            2026-01-01T00:00:01Z SUSPECT peer=c cause=crash silent
            c@1 {"c@1":1}
            2026-01-01T00:00:00Z START

            """
        #expect(LogHistory(entries(of: suspicion)).suspicions().map(\.outcome) == [.undecided])
        let restart = "c@2 {\"c@2\":1, \"a@1\":1}\n2026-01-01T00:00:09Z START\n"
        #expect(
            LogHistory(entries(of: suspicion + restart)).suspicions().map(\.outcome) == [
                .restarted(as: ProcessName("c@2"))
            ], "the new life's knowledge proves nothing about the old one")
    }

    @Test("proved false is only said when the truth says so", arguments: 1...10 as ClosedRange<UInt64>)
    func sound(seed: UInt64) {
        let run = LogSimulation(seed: seed, events: 250)
        let history = LogHistory(run.entries)
        var places: [EventName: Int] = [:]
        for (place, entry) in run.entries.enumerated() { places[entry.event] = place }
        for suspicion in history.suspicions() {
            let event = places[history.events[suspicion.event].entry.event] ?? 0
            let later = run.entries.indices.contains {
                run.entries[$0].event.process == suspicion.suspect && run.past[$0].contains(event)
            }
            if case .provedFalse = suspicion.outcome { #expect(later) } else { #expect(!later) }
        }
    }
}

@Suite("choosing events")
struct EventSelectionTests {
    private let history = LogHistory(LogSimulation(seed: 3, events: 200).entries)

    @Test("the latest, states only, and what is around an event")
    func choices() throws {
        #expect(EventSelection(limit: 50).events(of: history) == Array(history.order.suffix(50)))
        #expect(EventSelection(limit: 0).events(of: history).isEmpty)
        let states = EventSelection(statesOnly: true).events(of: history)
        #expect(!states.isEmpty && states.allSatisfy { history.events[$0].entry.kind?.isStateChange == true })
        let center = history.order[100]
        for limit in [1, 2, 9, 5_000] {
            let selection = EventSelection(limit: limit, around: history.events[center].entry.event)
            let chosen = selection.events(of: history)
            #expect(chosen.contains(center))
            #expect(chosen.count <= limit)
            #expect(
                chosen.allSatisfy { history.precedesOrIs($0, center) || history.precedesOrIs(center, $0) })
            let positions = chosen.compactMap { history.order.firstIndex(of: $0) }
            #expect(positions == positions.sorted())
        }
        #expect(EventSelection(around: EventName(ProcessName("nobody"), 1)).events(of: history).isEmpty)
    }
}
