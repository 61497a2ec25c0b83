import Testing

@testable import FailureDetection
@testable import Simulation
@testable import Wire

@Suite("a peer that comes and goes")
struct RelapseTests {
    /// The most datagrams that one host sends in 100 ms, while the links of another are cut for a second, five times.
    private func busiest(interval: TimeSpan) -> Int {
        let settings = ClusterSettings(
            nodes: 5, interval: interval, link: LinkModel(delay: .microseconds(250)))
        var world = World(settings, seed: 1)
        var most = 0
        func run(_ span: TimeSpan) {
            let end = world.now + span
            var (windowEnds, sent) = (world.now, 0)
            while let place = world.step(before: end) {
                if world.now >= windowEnds { (windowEnds, sent) = (world.now + .milliseconds(100), 0) }
                guard place == 0 else { continue }
                sent += world.outbox.datagrams.count
                most = max(most, sent)
            }
        }
        run(interval * 20)
        for _ in 0..<5 {
            for place in 0..<4 {
                world.cut(from: place, to: 4)
                world.cut(from: 4, to: place)
            }
            run(interval * 5)
            for place in 0..<4 {
                world.mend(from: place, to: 4)
                world.mend(from: 4, to: place)
            }
            run(interval * 7)
        }
        return most
    }

    @Test(
        "is asked in its time, and not with every message of the hosts that are asked about it",
        arguments: [200, 2_000] as [Int64])
    func pings(interval: Int64) {
        #expect(busiest(interval: .milliseconds(interval)) < 100)
    }
}
