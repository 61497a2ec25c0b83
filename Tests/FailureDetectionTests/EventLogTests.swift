import CausalClock
import Testing

@testable import FailureDetection

/// What the causal log records.
@Suite("every event of ours is noted for the log")
struct EventLogTests {
    /// Runs random events and returns, for each, our counter before and after it and what was noted.
    private func run(
        seed: UInt64, log: EventLog? = EventLog(), _ check: (UInt64, Monitor, EventLog?, Event) -> Void
    ) {
        var events = RandomEvents(seed: seed, peers: 4)
        let settings = RandomEvents.names.dropLast().map { events.settings($0) }
        var now = Instant(nanoseconds: 0)
        var monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: settings, seed: seed, at: now)
        monitor.latestCredibleEpoch = Epoch(1_000)
        var effects = Effects()
        effects.ticks = log
        for turn in 0..<200 {
            now = now + .milliseconds(.random(in: 0...60, using: &events.generator))
            for event in [.turnBegan, events.next(at: now), turn == 199 ? .leaving() : .wake] {
                let before = monitor.clock.counter
                effects.removeAll()
                effects.ticks?.removeAll()
                monitor.handle(event, at: now, into: &effects)
                for effect in effects.items { events.learn(effect) }
                check(before, monitor, effects.ticks, event)
            }
        }
    }

    @Test("once, in order, whatever happens", arguments: 0..<40 as Range<UInt64>)
    func complete(seed: UInt64) {
        run(seed: seed) { before, monitor, log, event in
            let noted = log?.notes.map(\.counter) ?? []
            #expect(noted == Array((before + 1)..<(monitor.clock.counter + 1)), "after \(event)")
        }
    }

    @Test("with what rose in the clock, which is all that ever changes", arguments: 0..<40 as Range<UInt64>)
    func rises(seed: UInt64) {
        var replica = VectorClock(owner: host("a"), epoch: Epoch(5))
        run(seed: seed) { _, monitor, log, _ in
            #expect(log?.notes.reduce(0) { $0 + $1.advanced } == log?.advanced.count)
            for entry in log?.advanced ?? [] {
                let rose = replica.merge(entry)
                #expect(rose, "\(entry) did not rise")
            }
            #expect(replica.entries == monitor.clock.entries)
        }
    }

    /// The changes of state that a log contains, each with the clock that follows from it.
    private func states(seed: UInt64, in log: EventLog) -> [State] {
        var replica = VectorClock(owner: host("a"), epoch: Epoch(5))
        var states: [State] = []
        run(seed: seed, log: log) { _, _, log, _ in
            var advanced = log?.advanced[...] ?? []
            for note in log?.notes ?? [] {
                for entry in advanced.prefix(note.advanced) { replica.merge(entry) }
                advanced.removeFirst(note.advanced)
                guard note.kind.isStateChange else { continue }
                states.append(State(kind: note.kind, counter: note.counter, entries: replica.entries))
            }
        }
        return states
    }

    private struct State: Equatable {
        var kind: LoggedEventKind
        var counter: UInt64
        var entries: [Dot]
    }

    @Test("or the changes of state alone, each with all that rose since", arguments: 0..<40 as Range<UInt64>)
    func statesOnly(seed: UInt64) {
        let reported = states(seed: seed, in: EventLog(statesOnly: true))
        #expect(reported == states(seed: seed, in: EventLog()))
        #expect(reported.count > 10)
        run(seed: seed, log: EventLog(statesOnly: true)) { _, _, log, _ in
            #expect(log?.notes.allSatisfy(\.kind.isStateChange) == true)
        }
    }

    @Test("and only a receive learns anything: it comes before all that follows from it")
    func receivesFirst() {
        var receives = 0
        run(seed: 7) { _, _, log, event in
            for note in log?.notes ?? [] where note.advanced > 0 { #expect(note.kind == .receive) }
            guard case .received(let reception) = event, let first = log?.notes.first else { return }
            // One that is refused may still show a conflict, and nothing else.
            if first.kind == .conflict { return #expect(log?.notes.count == 1) }
            #expect(first.kind == .receive && first.sending == reception.dot.counter)
            #expect(first.peer == reception.dot.host && first.epoch == reception.dot.epoch)
            receives += 1
        }
        #expect(receives > 50)
    }

    @Test("each says whether all that may have influenced it is known")
    func exactness() {
        var reported = [false: 0, true: 0]
        for seed in 0..<10 as Range<UInt64> {
            run(seed: seed) { _, monitor, log, _ in
                guard let last = log?.notes.last else { return }
                #expect(last.isExact == monitor.clock.isExact)
                reported[last.isExact, default: 0] += 1
            }
        }
        #expect(reported.values.allSatisfy { $0 > 20 }, "\(reported)")
    }

    @Test("nothing is noted when no log is kept")
    func off() {
        run(seed: 1, log: nil) { _, _, log, _ in #expect(log == nil) }
    }

    @Test("a stop that is planned is an event of its own, before the messages that announce it")
    func stop() {
        var monitor = Monitor(
            id: host("a"), epoch: Epoch(5), peers: [peer("b"), peer("c")], seed: 1,
            at: TimelineRun.instant(of: 0))
        var effects = Effects()
        effects.ticks = EventLog()
        monitor.handle(.leaving(), at: TimelineRun.instant(of: 1), into: &effects)
        #expect(effects.ticks?.notes.map(\.kind) == [.stop, .send, .send, .send])
        #expect(effects.ticks?.notes.map(\.label) == ["", "leave", "leave", "leave"])
    }
}
