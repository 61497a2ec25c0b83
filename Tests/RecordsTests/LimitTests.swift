import CausalClock
import FailureDetection
import Testing

@testable import Records

/// How often an author may change its records.
@Suite("records: limits per author")
struct LimitTests {
    private let author = Names.hosts[0]

    private func instant(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .seconds(1_000) + .milliseconds(milliseconds)
    }

    @Test("12 versions of a view in a row, then one in 5 s; what waits is replaced by what is later")
    func views() {
        var gate = RecordGate()
        for counter in 1...12 as ClosedRange<UInt64> {
            let admitted1 = gate.admit(.view(by: author, 1, counter), at: instant(0))
            #expect(admitted1)
        }
        for counter in 13...20 as ClosedRange<UInt64> {
            let admitted2 = gate.admit(.view(by: author, 1, counter), at: instant(0))
            #expect(!admitted2)
        }
        let admitted3 = gate.admit(.view(by: author, 1, 15), at: instant(1))
        #expect(!admitted3, "an earlier one takes no position")
        #expect(gate.waiting == [.view(by: author, 1, 20)])
        let due4 = gate.due(at: instant(4_999))
        #expect(due4.isEmpty)
        #expect(gate.nextDeadline(after: instant(4_999)) == instant(5_000))
        let due5 = gate.due(at: instant(5_000))
        #expect(due5 == [.view(by: author, 1, 20)])
        let admitted6 = gate.admit(.view(by: author, 1, 21), at: instant(5_000))
        #expect(!admitted6)
        let admitted7 = gate.admit(.view(by: Names.hosts[1], 1, 1), at: instant(5_000))
        #expect(admitted7, "another author's is not held back")
    }

    @Test("a machine that booted two seconds ago has full budgets, too")
    func early() {
        var gate = RecordGate()
        let now = Instant(nanoseconds: 0) + .seconds(2)
        let admitted = (1...20 as ClosedRange<UInt64>).filter {
            gate.admit(.view(by: author, 1, $0), at: now)
        }
        #expect(admitted.count == 12)
    }

    @Test("12 versions of a service in a row, then one per second")
    func service() {
        var gate = RecordGate()
        let admitted = (1...30 as ClosedRange<UInt64>).filter {
            gate.admit(.service(Names.services[0], of: author, 1, $0), at: instant(0))
        }
        #expect(admitted.count == 12)
        let due8 = gate.due(at: instant(1_000))
        #expect(due8 == [.service(Names.services[0], of: author, 1, 30)])
    }

    @Test(
        "64 versions of all services of one author in a row, then 16 per second; none of 32 is silent for long"
    )
    func services() {
        var gate = RecordGate()
        var admitted = 0
        for counter in 1...3 as ClosedRange<UInt64> {
            for name in Names.services.prefix(32)
            where gate.admit(.service(name, of: author, 1, counter), at: instant(0)) {
                admitted += 1
            }
        }
        #expect(admitted == 64 && gate.waiting.count == 32)
        let due9 = gate.due(at: instant(1_000))
        #expect(due9.count == 16)
        let due10 = gate.due(at: instant(2_000))
        #expect(due10.count == 16 && gate.waiting.isEmpty)
    }

    @Test("an answer does not wait, and drops what waited before it")
    func exempt() {
        var gate = RecordGate()
        for counter in 1...13 as ClosedRange<UInt64> {
            _ = gate.admit(.member(author, 1, counter), at: instant(0))
        }
        #expect(gate.waiting.count == 1)
        let admitted11 = gate.admit(.member(author, 1, 14), isExempt: true, at: instant(0))
        #expect(admitted11)
        #expect(gate.waiting.isEmpty)
    }

    @Test("names without end cost a bounded number of budgets and of records that wait")
    func bounded() {
        var gate = RecordGate()
        for number in 0..<5_000 as Range<UInt64> {
            guard let name = ServiceName("n\(number)") else { continue }
            _ = gate.admit(.service(name, of: author, 1, number + 1), at: instant(Int64(number) * 10))
        }
        // Without an end to them there would be one for each of the 860 that were admitted.
        #expect(gate.budgets < 600)
        #expect(gate.waiting.count <= RecordGate.maximumWaiting)
        #expect(gate.dropped > 0)
        #expect(gate.violatedInvariant == nil)
    }
}
