import Testing

@testable import Replay

@Suite("traces")
struct TraceTests {
    private func trace(_ rows: [(Int64, Int64, Int64)]) -> Trace {
        Trace(
            name: "rows",
            arrivals: rows.map { TracedHeartbeat(number: $0.0, sent: $0.1, arrived: $0.2) },
            sentCount: rows.count, interval: 100)
    }

    @Test("what was overtaken, doubled, or arrives with a later one is not fresh")
    func fresh() {
        let rows: [(Int64, Int64, Int64)] = [
            (0, 0, 50), (1, 100, 400), (2, 200, 250), (3, 300, 360), (3, 300, 370), (4, 400, 460),
            (5, 500, 460),
        ]
        #expect(trace(rows).fresh.map(\.number) == [0, 2, 3, 4, 5])
    }

    @Test(
        "clocks that have nothing to do with each other are brought together, clocks that nearly agree are not"
    )
    func shift() {
        let offset: Int64 = 86_400_000_000_000
        let apart = trace([(0, 0, offset + 30), (1, 100, offset + 120), (2, 200, offset + 290)])
        #expect(apart.shift == offset + 20)
        #expect(apart.fresh.map { $0.arrived - $0.sent } == [10, 0, 70])
        let behind = trace([(0, offset, 30), (1, offset + 100, 120)])
        #expect(behind.fresh.map { $0.arrived - $0.sent } == [10, 0])
        let near = trace([(0, 0, 30), (1, 100, 95)])
        #expect(near.shift == 0 && near.fresh.map { $0.arrived - $0.sent } == [30, -5])
    }

    @Test("thinned, it is the trace of a sender that sends less often")
    func thinned() throws {
        let trace = Generated.trace(1_000) { $0 % 10 == 4 ? nil : 20_000_000 }
        let thinned = trace.thinned(by: 2)
        #expect(thinned.interval == 200_000_000 && thinned.sentCount == 500 && thinned.lostCount == 100)
        #expect(thinned.fresh.prefix(4).map(\.number) == [0, 1, 3, 4])
        #expect(try thinned.quality(.median, 0.1).meanDetectionTime == 0.32)
    }
}
