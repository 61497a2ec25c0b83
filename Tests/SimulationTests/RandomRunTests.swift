import FailureDetection
import Simulation
import Testing

@Suite("random faults")
struct RandomRunTests {
    @Test("no promise is broken, whatever goes wrong", arguments: 1...20 as ClosedRange<UInt64>)
    func promises(seed: UInt64) {
        var run = RandomRun(FaultPlan(seed: seed, nodes: nil, duration: .seconds(10)))
        #expect(run.run().breaches.first == nil)
    }
}
