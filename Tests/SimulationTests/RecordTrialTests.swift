import FailureDetection
import Testing

@testable import Simulation

/// Records in clusters in which something goes wrong for long; `suspect-sim records` does it with 30 hosts.
@Suite("records in trouble")
struct RecordTrialTests {
    @Test(
        "with a liar, a flapping host, a deaf one and a split, records keep within their bounds",
        arguments: RecordTrial.Trouble.allCases)
    func bounds(trouble: RecordTrial.Trouble) {
        let link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        let settings = ClusterSettings(nodes: 8, interval: .milliseconds(200), link: link)
        var trial = RecordTrial(settings, trouble, services: 2, seed: 1)
        let outcome = trial.run(.seconds(6))
        #expect(outcome.breaches(of: trouble) == [])
        #expect(outcome.during.records.datagrams > 0 || trouble == .deaf)
    }

    @Test("what breaks a bound is said")
    func broken() {
        var outcome = RecordTrial.Outcome()
        outcome.unequal = 1
        outcome.mistakes = 2
        outcome.equalAfter = [.seconds(9)]
        #expect(outcome.breaches(of: .liar).count == 4)
    }
}
