import FailureDetection
import Testing

@testable import Simulation

/// Clusters with the daemon's defaults on links that lose.
@Suite("links that lose")
struct LossTests {
    @Test(
        "at 30 and 50 % of losses each way no running host is suspected, and a crash is within a second",
        arguments: [0.3, 0.5])
    func independent(loss: Double) {
        let link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        let settings = ClusterSettings(nodes: 4, interval: .milliseconds(200), link: link)
        var trial = LossTrial(settings, loss: loss, burst: nil, seed: 3)
        let outcome = trial.run(.seconds(20), kills: 2)
        #expect(outcome.mistakes == 0 && outcome.missed == 0)
        #expect(outcome.detectionTimes.allSatisfy { $0 <= .seconds(1) })
    }

    @Test("a crash at 50 % of losses is within a second for an observer that started two seconds before, too")
    func recent() {
        let link = LinkModel(delay: .microseconds(100), jitter: .microseconds(100))
        let settings = ClusterSettings(nodes: 6, interval: .milliseconds(200), link: link)
        var trial = LossTrial(settings, loss: 0.5, burst: nil, seed: 4)
        trial.recovery = .seconds(2)
        let outcome = trial.run(.seconds(5), kills: 24)
        #expect(outcome.missed == 0)
        #expect(outcome.detectionTime(quantile: 0.99).map { $0 <= .seconds(1) } ?? false)
    }

    @Test("bursts of 50 ms on a round trip of 20 ms are ridden out within the longest round")
    func bursts() {
        let link = LinkModel(delay: .milliseconds(10), jitter: .milliseconds(1))
        let settings = ClusterSettings(nodes: 4, interval: .milliseconds(200), link: link)
        var trial = LossTrial(settings, loss: 0.1, burst: .milliseconds(50), seed: 3)
        let outcome = trial.run(.seconds(30), kills: 2)
        #expect(outcome.mistakes == 0 && outcome.missed == 0)
        #expect(outcome.detectionTimes.allSatisfy { $0 <= .milliseconds(1_300) })
    }

    @Test("a cluster that loses nothing is as fast as before, and sends no more")
    func clean() {
        let link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        var settings = ClusterSettings(nodes: 4, interval: .milliseconds(200), link: link)
        var outcomes: [LossTrial.Outcome] = []
        for longest in [.zero, .seconds(1)] as [TimeSpan] {
            settings.longestRound = longest
            var trial = LossTrial(settings, loss: 0, burst: nil, seed: 9)
            outcomes.append(trial.run(.seconds(5), kills: 2))
        }
        #expect(outcomes[0].detectionTimes == outcomes[1].detectionTimes)
        #expect(outcomes[0].datagramRate == outcomes[1].datagramRate)
    }
}
