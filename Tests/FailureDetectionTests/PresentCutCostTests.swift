import CausalClock
import Glibc
import Testing

@testable import FailureDetection

/// What a state of all hosts costs where they are many.
@Suite("The cost of a present cut")
struct PresentCutCostTests {
    @Test("eight times as many hosts cost some eight times as much, not sixty-four")
    func linear() throws {
        let small = try cluster(200)
        let large = try cluster(1_600)
        #expect(large.presentCut.count == 1_601)
        #expect(large.presentCut.dropFirst().allSatisfy { $0.suspects.count == 2 })
        #expect(cost(of: large) < cost(of: small) * 24)
    }

    /// A monitor of so many peers, each of which has reported that it suspects the first two.
    private func cluster(_ count: Int) throws -> Monitor {
        let ids = try (0..<count).map { try #require(HostID("p\(10_000 + $0)")) }
        let peers = ids.map {
            PeerSettings(
                id: $0, mode: .heartbeatAndPing, interval: .milliseconds(200),
                detector: .median(margin: .milliseconds(20)), retries: 5, minimumTimeout: .milliseconds(25),
                maximumTimeout: .seconds(1), startupGrace: .seconds(5))
        }
        var monitor = Monitor(
            id: try #require(HostID("hub")), epoch: Epoch(1), peers: peers, seed: 1,
            at: Instant(nanoseconds: 1))
        for (index, id) in ids.enumerated() {
            let dot = Dot(host: id, epoch: Epoch(7), counter: 9)
            _ = monitor.clock.merge(dot, near: index, hasGaps: false)
            monitor.peers[index].incarnation.lastOpinions = ReceivedOpinions(
                dot: dot, arrived: Instant(nanoseconds: 5))
            for subject in 0..<2 {
                let opinion = Opinion(
                    subject: ids[subject], epoch: Epoch(7), verdict: Verdict(.crash, .suspected),
                    isAfterAnother: false, counter: 3)
                _ = monitor.peers[subject].witnesses.note(
                    Witness(opinion, of: dot, heard: Instant(nanoseconds: 5)))
            }
        }
        return monitor
    }

    /// The processor time in nanoseconds, the least of three runs.
    private func cost(of monitor: Monitor) -> Int {
        let costs = (0..<3).map { _ in
            let began = processorTime()
            _ = monitor.presentCut
            return processorTime() - began
        }
        return costs.min() ?? 0
    }

    private func processorTime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
