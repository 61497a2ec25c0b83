import CausalClock
import TestSupport
import Testing

@testable import FailureDetection

/// A detector is exchanged while it runs, and what was learnt stays.
@Suite("new settings for a detector that runs")
struct RetuningTests {
    private static let interval = TimeSpan.milliseconds(100)
    private static let choices: [DetectorChoice] = [
        .median(margin: .milliseconds(40)), .chen(margin: .milliseconds(40)),
        .twoWindow(margin: .milliseconds(40)), .phi(threshold: 8), .exponential(threshold: 1),
        .bertier(deviations: 4), .fixed(timeout: .milliseconds(300)), .fixed(.halfIntervals(3)),
    ]
    private static let others: [DetectorChoice] = [
        .median(margin: .milliseconds(80)), .chen(margin: .milliseconds(80)),
        .twoWindow(margin: .milliseconds(80)), .phi(threshold: 4), .exponential(threshold: 2),
        .bertier(deviations: 2), .fixed(.halfIntervals(5)), .fixed(timeout: .milliseconds(500)),
    ]

    /// Three hundred heartbeats of 20 to 40 ms.
    private func history() -> [LifeSign] {
        var generator = SeededGenerator(seed: 3)
        return (0..<300 as Range<Int64>).map { beat in
            let sent = Instant(nanoseconds: 0) + Self.interval * beat
            let delay = TimeSpan.microseconds(.random(in: 20_000...40_000, using: &generator))
            return LifeSign(sent: sent, arrived: sent + delay)
        }
    }

    private func trained(_ choice: DetectorChoice, _ signs: some Sequence<LifeSign>) -> any SuspicionDetector
    {
        var detector = choice.makeDetector()
        for sign in signs { detector.record(sign, interval: Self.interval) }
        return detector
    }

    @Test("another parameter keeps all that was learnt", arguments: 0..<8)
    func parameter(index: Int) throws {
        let signs = history()
        let last = try #require(signs.last)
        let present = trained(Self.choices[index], signs)
        let retuned = Self.others[index].makeDetector(retuning: present, heard: RecentHeartbeats())
        #expect(
            retuned.deadline(after: last, interval: Self.interval)
                == trained(Self.others[index], signs).deadline(after: last, interval: Self.interval))
    }

    @Test("another kind of detector has learnt from the last heartbeats before it is asked", arguments: 0..<8)
    func kind(index: Int) throws {
        let signs = history()
        let last = try #require(signs.last)
        var recent = RecentHeartbeats()
        for sign in signs { recent.append(sign, interval: Self.interval) }
        let present = trained(Self.choices[(index + 1) % 6], signs)
        let exchanged = Self.choices[index].makeDetector(retuning: present, heard: recent)
        let remembered = signs.suffix(RecentHeartbeats.capacity)
        #expect(
            exchanged.deadline(after: last, interval: Self.interval)
                == trained(Self.choices[index], remembered).deadline(after: last, interval: Self.interval))
    }

    @Test("a restart of the peer is forgotten with its clock")
    func restart() {
        var recent = RecentHeartbeats()
        for sign in history() { recent.append(sign, interval: Self.interval) }
        recent.removeAll()
        var detector: any SuspicionDetector = MedianDetector(margin: .zero)
        recent.replay(into: &detector)
        #expect((detector as? MedianDetector)?.expectedDelay == nil)
    }

    @Test("a timeout in intervals follows the one that the peer announces; one in time does not")
    func fixed() {
        let sign = LifeSign(sent: Instant(nanoseconds: 0), arrived: Instant(nanoseconds: 7))
        let following = FixedDetector(.halfIntervals(3))
        #expect(following.deadline(after: sign, interval: .seconds(1)) == sign.arrived + .milliseconds(1_500))
        #expect(following.deadline(after: sign, interval: .seconds(4)) == sign.arrived + .seconds(6))
        let constant = FixedDetector(timeout: .seconds(2))
        #expect(constant.deadline(after: sign, interval: .seconds(4)) == sign.arrived + .seconds(2))
    }

    @Test("a peer's detector is exchanged and judges by what was heard before")
    func exchanged() throws {
        var settings = peer("b", mode: .heartbeat, detector: .fixed(timeout: .milliseconds(500)))
        let signs = history()
        var watched = Peer(settings, at: signs[0].sent)
        for sign in signs.dropLast() { watched.heard(heartbeat: sign) }
        settings.detector = .median(margin: .milliseconds(20))
        watched.retune(settings, at: signs[299].sent)
        watched.heard(heartbeat: signs[299])
        var median = MedianDetector(margin: .milliseconds(20))
        for sign in signs { median.record(sign) }
        #expect(watched.deadline == median.deadline(after: signs[299], interval: Self.interval))
    }

    @Test("a peer that is overdue by the old settings alone is trusted again, and found by the new ones")
    func overdue() {
        let wide = [
            peer("b", detector: .median(margin: .milliseconds(250)), retries: 0), peer("c", retries: 0),
        ]
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .....h.... .......... .......... .......... ..........
            b >  .......... .......... ..p....... .......... .......... .......... .......... p.........
            b !  T......... .......... ..P....... .......... .......... .......... .......... P..C......
            c <  ..h....... ..h....... ..h....... ..h....... ..h....... ..h....... ..h....... ..h.......
            c !  ..T....... .......... .......... .......... .......... .......... .......... ..........
            """, reloads: [23: wide])
    }

    @Test("the round of a peer that is still overdue continues, and its latest ping is waited for in full")
    func fewerPings() {
        var watched = Peer(peer("b", mode: .ping), at: Instant(nanoseconds: 0))
        let start = Instant(nanoseconds: 1_000_000_000)
        watched.beginIncarnation(Epoch(1))
        for beat in 0..<64 as Range<Int64> {
            watched.record(roundTrip: .milliseconds(80), endedAt: start + .milliseconds(beat * 100))
        }
        watched.become(.trusted, at: start)
        let now = start + .seconds(7)
        watched.become(.pending, at: now)
        let round = watched.pingRound
        watched.probes.sent(nonce: 1, at: now, timeout: round.lastWait, next: round.wait(after: 1))
        #expect(watched.probes.deadline == now + .milliseconds(30))
        watched.retune(peer("b", mode: .ping, retries: 0), at: now + .milliseconds(10))
        #expect(watched.state == .pending && watched.isLastPingOut)
        #expect(watched.probes.deadline == now + round.lastWait && round.lastWait >= .milliseconds(87))
    }
}
