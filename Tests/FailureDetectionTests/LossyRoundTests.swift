import CausalClock
import Testing

@testable import FailureDetection

/// Rounds of pings on links that lose.
@Suite("rounds of pings on links that lose")
struct LossyRoundTests {
    private let start = Instant(nanoseconds: 7_000_000_000)

    private func peer(longestRound: TimeSpan = .seconds(1)) -> Peer {
        var settings = OutageTests.peerSettings("b")
        (settings.interval, settings.detector) = (.milliseconds(200), .median(margin: .milliseconds(20)))
        (settings.retries, settings.minimumTimeout) = (5, .milliseconds(25))
        settings.longestRound = longestRound
        var peer = Peer(settings, at: start)
        peer.record(roundTrip: .milliseconds(1), endedAt: start + .seconds(1))
        peer.become(.trusted, at: start)
        return peer
    }

    /// Receives `count` numbers, 200 ms apart, of which the receiver gets those that `arrives` names.
    private func receive(_ count: UInt64, in peer: inout Peer, arrives: (UInt64) -> Bool) {
        let first = peer.receiver.highest
        for number in 1...count where arrives(number) {
            let at = start + .milliseconds(200) * Int64(first + number)
            _ = peer.receiver.receive(first + number, at: at, interval: .milliseconds(200))
        }
    }

    @Test("where nothing, or one message, was lost a round is that of the settings")
    func clean() {
        var peer = peer()
        receive(300, in: &peer) { $0 != 150 }
        peer.become(.pending, at: start + .seconds(90))
        #expect(!peer.isRoundLossy)
        #expect(
            peer.pingRound == PingRound(count: 6, spacing: .milliseconds(25), lastWait: .milliseconds(25)))
    }

    @Test("at a tenth of losses there are more pings, as long as on a clean link")
    func aTenth() {
        var peer = peer()
        receive(400, in: &peer) { $0 % 10 != 3 }
        peer.become(.pending, at: start + .seconds(90))
        let round = peer.pingRound
        #expect(round.count > 6 && round.spacing < .milliseconds(25))
        #expect(round.length <= .milliseconds(150))
    }

    @Test(
        "at heavy losses a round is longer, never longer than the settings say, and planned by what was before it",
        arguments: [1_000, 300, 100] as [Int64])
    func heavy(longest: Int64) {
        var peer = peer(longestRound: .milliseconds(longest))
        var generator = SplitMix64(seed: 5)
        receive(400, in: &peer) { _ in generator.next() % 4 == 0 }
        peer.become(.pending, at: start + .seconds(90))
        let round = peer.pingRound
        #expect(round.length <= max(.milliseconds(longest), .milliseconds(150)))
        #expect(peer.isRoundLossy == (longest > 150))
        guard longest == 1_000 else { return }
        #expect(round.length > .milliseconds(150) && round.count > 15)
        #expect(peer.worstRound(timeout: peer.pingTimeout).length >= round.length)
        // What is revealed in the silence itself changes nothing.
        receive(20, in: &peer) { $0 % 10 == 0 }
        #expect(peer.pingRound == round)
        peer.become(.trusted, at: start + .seconds(91))
        #expect(!peer.isRoundLossy)
    }

    @Test("where losses are independent and too many for any round, the pings come as close as they may")
    func unsafe() throws {
        var peer = peer()
        receive(30, in: &peer) { $0 % 2 == 0 || $0 % 7 == 3 }
        let losses = LinkLosses(
            out: LossModel(independent: 0.7), back: LossModel(independent: 0.7),
            heartbeats: .milliseconds(200))
        let round = try #require(peer.plannedRound(timeout: .milliseconds(25), losses: losses))
        #expect(round.count == Peer.mostPings && round.length < .milliseconds(700))
        // In a burst only time helps.
        let bursts = LossModel(rate: 0.5, persistence: 0.9, interval: .milliseconds(25))
        let inBursts = LinkLosses(out: bursts, back: bursts, heartbeats: .milliseconds(200))
        let long = try #require(peer.plannedRound(timeout: .milliseconds(25), losses: inBursts))
        #expect(long.length > .milliseconds(900))
    }

    @Test("losses that are over are forgotten, heavy ones within some twenty messages")
    func expiry() {
        for (share, messages) in [(2, 20), (4, 40), (10, 120)] as [(UInt64, UInt64)] {
            var peer = peer()
            receive(200, in: &peer) { $0 % share != 1 }
            #expect(peer.linkLosses() != nil)
            receive(messages, in: &peer) { _ in true }
            #expect(peer.linkLosses() == nil, "1 of \(share), after \(messages) messages")
        }
    }

    @Test("a restart of the peer forgets no losses, for its path is the same")
    func restart() {
        var peer = peer()
        peer.epoch = Epoch(1)
        receive(200, in: &peer) { $0 % 3 != 1 }
        peer.beginIncarnation(Epoch(2))
        #expect(peer.receiver.highest == 0 && peer.linkLosses() != nil)
    }

    /// A chain of two states for each direction, and heartbeats: how often `pings` in a row fail after a lost heartbeat.
    private func measure(_ out: LossModel, _ back: LossModel, spacing: Int64, pings: Int) -> Double {
        var generator = SplitMix64(seed: 11)
        func happens(_ chance: Double) -> Bool { Double(generator.next() >> 11) / Double(1 << 53) < chance }
        func next(_ isBad: Bool, _ model: LossModel, _ gap: Double) -> Bool {
            let stays = model.lossAfterLoss(gap: gap)
            return happens(isBad ? stays : model.rate * (1 - stays) / (1 - model.rate))
        }
        let trials = 200_000
        var failures = 0
        for _ in 0..<trials {
            var (isOutBad, isBackBad, isHeard) = (happens(out.rate), true, false)
            for number in 1...pings {
                let gap = Double(spacing) / 1e3
                if spacing * Int64(number) / 200 > spacing * Int64(number - 1) / 200 {
                    isBackBad = next(isBackBad, back, 0)
                    isHeard = isHeard || !isBackBad
                }
                (isOutBad, isBackBad) = (next(isOutBad, out, gap), next(isBackBad, back, gap))
                isHeard = isHeard || !(isOutBad || isBackBad)
            }
            failures += isHeard ? 0 : 1
        }
        return Double(failures) / Double(trials)
    }

    @Test(
        "the chance that a round fails is that of the two chains",
        arguments: [(0.5, 0.5), (0.3, 0.0), (0.1, 0.5)], [0, 40, 150] as [Int64])
    func chance(rates: (Double, Double), burst: Int64) throws {
        func model(_ rate: Double) -> LossModel {
            let memory = burst > 0 ? 0.367_879 : 0
            return LossModel(
                rate: rate, persistence: rate + (1 - rate) * memory, interval: .milliseconds(max(burst, 1)))
        }
        let (out, back) = (model(rates.0), model(rates.1))
        let losses = try #require(LinkLosses(out: out, back: back, heartbeats: .milliseconds(200)))
        for pings in [1, 4, 12] {
            let reported = losses.pingsNeeded(every: .milliseconds(25), failing: 0, atMost: pings)
            let seen = measure(out, back, spacing: 25, pings: pings)
            #expect(reported.count == pings || reported.failure == 0)
            #expect(
                abs(reported.failure - seen) < 0.006 + seen / 20,
                "\(pings) pings: \(reported.failure), seen \(seen)")
        }
    }
}
