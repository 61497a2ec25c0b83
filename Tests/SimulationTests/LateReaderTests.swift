import FailureDetection
import Testing

@testable import Simulation

/// A host that reads every datagram half a second to two and a half seconds late, and sends in time.
@Suite("hosts that read late")
struct LateReaderTests {
    @Test(
        "they blame no peer, and no host blames them, from their first late datagram on",
        arguments: [(0, 67), (5, 1), (5, 2), (5, 3)] as [(Int, UInt64)])
    func nobodyIsBlamed(loss: Int, seed: UInt64) {
        var link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        link.loss = Double(loss) / 100
        var settings = ClusterSettings(nodes: 10, interval: .milliseconds(200), link: link)
        settings.lag = .microseconds(200)
        var trial = ScaleTrial(settings, starvedShare: 0.1, .reads, seed: seed)
        let outcome = trial.run(.seconds(6))
        #expect(outcome.starved == 1)
        #expect(outcome.missed == 0 && outcome.detectionTimes.count == 8)
        #expect(outcome.mistakes == 0 && outcome.starvedMistakes == 0 && outcome.suspectedStarved == 0)
    }
}
