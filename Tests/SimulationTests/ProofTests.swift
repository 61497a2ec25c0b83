import FailureDetection
import Simulation
import Testing

/// What is called proved, under faults without a rest.
@Suite("proofs in simulated clusters")
struct ProofTests {
    @Test("every proof of every kind is true, whatever is lost, cut, paused and restarted")
    func truth() {
        var checked = Array(repeating: UInt64(0), count: Proof.allCases.count)
        for seed in 1...4 as ClosedRange<UInt64> {
            var trial = ProofTrial(nodes: 3 + Int(seed % 3), seed: seed)
            trial.run(.seconds(40))
            #expect(trial.wrong.isEmpty, "seed \(seed): \(trial.wrong.prefix(3))")
            for place in checked.indices { checked[place] += trial.checked[place] }
        }
        for proof in Proof.allCases { #expect(checked[proof.rawValue] > 5, "\(proof): \(checked)") }
    }

    @Test("a broken link is called one, and a crash is not", arguments: [3, 10])
    func links(nodes: Int) {
        var trial = LinkTrial(nodes: nodes, interval: .milliseconds(100), loss: 0, seed: 1)
        for number in 0..<LinkTrial.trials(nodes: nodes) {
            let cut = trial.cut(number)
            #expect(cut.link.map { $0 < .milliseconds(600) } == true, "\(cut)")
            #expect(cut.first == .link || cut.first == .inbound, "\(cut)")
            #expect(cut.suspected.map { $0 < .milliseconds(300) } == true, "\(cut)")
            let kill = trial.kill(number)
            #expect(kill.observers == nodes - 1 && kill.rightAtFirst == nodes - 1, "\(kill)")
            #expect(kill.link == .zero, "\(kill)")
        }
    }

    @Test("heartbeats grow with the number of peers, and never beyond a datagram")
    func sizes() {
        let means = [3, 10, 100].map { peers -> Double in
            var trial = SizeTrial(peers: peers, mesh: peers < 50, interval: .milliseconds(200))
            let steady = trial.run(intervals: 5)
            #expect(steady.count >= 5 * peers - peers && steady.longest <= 1_200)
            trial.restart()
            let fresh = trial.run(intervals: 5)
            #expect(fresh.longest <= 1_200)
            return steady.mean
        }
        #expect(means == means.sorted() && means[0] > 50 && means[2] > 1_000)
    }
}
