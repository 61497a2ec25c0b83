import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("the bytes that clocks may take")
struct ClockBudgetTests {
    private func space(peers: Int) -> Int {
        let peers = manyEntries(peers).map { settings($0.host.description) }
        return ClockBudget.space(
            for: Monitor(id: host("a"), epoch: Epoch(1), peers: peers, seed: 1, at: start))
    }

    @Test("few peers get whole datagrams, many share a budget, and each gets some entries")
    func shares() {
        // One message to each every 100 ms.
        #expect(space(peers: 0) == 1_200)
        #expect(space(peers: 80) == 1_200)
        #expect(space(peers: 200) == 500)
        #expect(space(peers: 4_000) == 256)
    }
}
