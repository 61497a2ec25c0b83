import CausalClock
import TestSupport
import Testing

@testable import FailureDetection

/// A reload changes what the new configuration says, and nothing else.
@Suite("a reload at any instant")
struct ReloadPropertyTests {
    /// A random run: a monitor, and what happens to it.
    private struct Run {
        var events: RandomEvents
        var monitor: Monitor
        var now: Instant
        var settings: [PeerSettings]

        init(seed: UInt64) {
            var events = RandomEvents(seed: seed, peers: 4)
            events.tellsOfOthers = true
            var settings = RandomEvents.names.dropLast().map { events.settings($0) }
            if seed % 3 == 0 {
                for index in settings.indices {
                    settings[index].target = QualityTarget(
                        detectionTime: .seconds(1), mistakeRecurrence: .seconds(3_600),
                        mistakeDuration: .seconds(1))
                }
            }
            now = Instant(nanoseconds: 1_000_000_000)
            monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: settings, seed: seed, at: now)
            monitor.latestCredibleEpoch = Epoch(1_000)
            self.events = events
            self.settings = settings
        }

        /// One turn; returns its effects as text.
        ///
        /// Only what a run of the same seed must repeat: to render every field would take minutes.
        mutating func turn() -> String {
            now = events.nextInstant(after: now, due: monitor.nextDeadline?.instant ?? now)
            var text = ""
            events.turn(of: &monitor, at: now) { text += "\($1.items)\n" }
            return text
        }
    }

    @Test(
        "with an unchanged configuration every effect after it is as without it, but for the event that it is",
        arguments: 0..<8 as Range<UInt64>)
    func unchanged(block: UInt64) {
        for seed in block * 40..<(block + 1) * 40 {
            var run = Run(seed: seed)
            for _ in 0..<Int(seed % 60) { _ = run.turn() }
            var other = run
            run.monitor.clock.tick()
            other.monitor.retune(other.settings.shuffled(using: &other.events.generator), at: other.now)
            other.events = run.events
            for turn in 0..<30 {
                let (expected, found) = (run.turn(), other.turn())
                guard expected == found else {
                    let differing = zip(expected.split(separator: "\n"), found.split(separator: "\n")).first {
                        $0 != $1
                    }
                    Issue.record("seed \(seed), turn \(turn): \(differing ?? ("", ""))")
                    return
                }
                guard turn % 7 == 3 else { continue }
                // And once more, in the midst of it.
                run.monitor.clock.tick()
                other.monitor.retune(other.settings, at: other.now)
            }
        }
    }

    @Test(
        "one that changes, adds or removes other peers leaves everything that is known of a peer as it was",
        arguments: 0..<8 as Range<UInt64>)
    func partlyChanged(block: UInt64) throws {
        for seed in block * 40..<(block + 1) * 40 {
            var run = Run(seed: seed)
            for _ in 0..<Int(seed % 60) { _ = run.turn() }
            // An isolation may end with a peer that goes, and then all are given time.
            guard run.monitor.isolatedSince == nil else { continue }
            let before = run.monitor
            var settings = run.settings
            settings[0] = run.events.settings(settings[0].id)
            if seed % 2 == 0 { settings.removeLast() }
            settings.append(run.events.settings(host("aa")))
            run.monitor.retune(settings, at: run.now)
            for id in [host("c"), host("d")] {
                let old = try #require(before.index(of: id))
                let new = try #require(run.monitor.index(of: id))
                var known = before.peers[old]
                let kept = run.monitor.peers[new]
                // What a removed peer has said of it, and it of a removed peer, goes with that.
                (known.witnesses, known.opinionsHeld) = (kept.witnesses, kept.opinionsHeld)
                #expect("\(known)" == "\(kept)", "seed \(seed)")
                #expect(
                    kept.nextDeadline(late: run.monitor.health.reading.bound).instant
                        == known.nextDeadline(late: before.health.reading.bound).instant)
                #expect(run.monitor.silent.contains(id) == before.silent.contains(id))
            }
        }
    }
}
