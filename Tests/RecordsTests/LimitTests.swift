import CausalClock
import FailureDetection
import Testing

@testable import Records

/// How often an author may change its records.
@Suite("records: limits per author")
struct LimitTests {
    private let author = Names.hosts[0]
    private let neighbour = Names.hosts[1]
    private let other = Names.hosts[2]
    private let liar = Names.hosts[3]

    private func instant(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .seconds(1_000) + .milliseconds(milliseconds)
    }

    @Test("64 versions of a view in a row, then one per second; what waits is replaced by what is later")
    func views() {
        var gate = RecordGate()
        for counter in 1...64 as ClosedRange<UInt64> {
            let admitted1 = gate.admit(.view(by: author, 1, counter), from: neighbour, at: instant(0))
            #expect(admitted1)
        }
        for counter in 65...72 as ClosedRange<UInt64> {
            let admitted2 = gate.admit(.view(by: author, 1, counter), from: neighbour, at: instant(0))
            #expect(!admitted2)
        }
        let admitted3 = gate.admit(.view(by: author, 1, 67), from: neighbour, at: instant(1))
        #expect(!admitted3, "an earlier one takes no position")
        #expect(gate.waiting == [.view(by: author, 1, 72)])
        let due4 = gate.due(at: instant(999)).map(\.record)
        #expect(due4.isEmpty)
        #expect(gate.nextDeadline == instant(1_000))
        let due5 = gate.due(at: instant(1_000)).map(\.record)
        #expect(due5 == [.view(by: author, 1, 72)])
        let admitted6 = gate.admit(.view(by: author, 1, 73), from: neighbour, at: instant(1_000))
        #expect(!admitted6)
        let admitted7 = gate.admit(.view(by: Names.hosts[5], 1, 1), from: neighbour, at: instant(1_000))
        #expect(admitted7, "another author's is not held back")
    }

    @Test("a machine that booted two seconds ago has full budgets, too")
    func early() {
        var gate = RecordGate()
        let now = Instant(nanoseconds: 0) + .seconds(2)
        let admitted = (1...20 as ClosedRange<UInt64>).filter {
            gate.admit(.member(author, 1, $0), from: neighbour, at: now)
        }
        #expect(admitted.count == 12)
    }

    @Test("12 versions of a service in a row, then one per second")
    func service() {
        var gate = RecordGate()
        let admitted = (1...30 as ClosedRange<UInt64>).filter {
            gate.admit(.service(Names.services[0], of: author, 1, $0), from: neighbour, at: instant(0))
        }
        #expect(admitted.count == 12)
        let due8 = gate.due(at: instant(1_000)).map(\.record)
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
            where gate.admit(.service(name, of: author, 1, counter), from: neighbour, at: instant(0)) {
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
            _ = gate.admit(.member(author, 1, counter), from: neighbour, at: instant(0))
        }
        #expect(gate.waiting.count == 1)
        let admitted11 = gate.admit(.member(author, 1, 14), from: neighbour, isAnswer: true, at: instant(0))
        #expect(admitted11)
        #expect(gate.waiting.isEmpty)
    }

    @Test("a member record that answers a report passes, however often its author has changed it")
    func answering() throws {
        let owner = Names.hosts[11]
        let context = Names.context(of: owner)
        var exchange = RecordExchange(store: Names.store(of: owner))
        for counter in 1...13 as ClosedRange<UInt64> {
            _ = exchange.receive([.member(author, 1, counter)], from: neighbour, in: context, at: instant(0))
        }
        _ = exchange.receive(
            [.view(by: other, 1, 5, suspects: [author])], from: other, in: context, at: instant(0))
        let report = try #require(exchange.store.report(by: other, about: author))
        let answer = Answer(observer: Names.hash.of(host: other), epoch: Epoch(1), counter: report.counter)
        let record = Record.member(author, 1, 14, answers: [answer])
        _ = exchange.receive([record], from: neighbour, in: context, at: instant(1))
        #expect(exchange.store.record(record.key) == record && exchange.gate.waiting.isEmpty)
    }

    @Test("what waits of all authors is bounded, and what authors send themselves finds as much again")
    func capacity() {
        var gate = RecordGate()
        let hosts = (0..<200).compactMap { HostID("g\($0)") }
        for counter in 1...40 as ClosedRange<UInt64> {
            for host in hosts {
                for name in Names.services.prefix(8) {
                    _ = gate.admit(.service(name, of: host, 1, counter), from: liar, at: instant(0))
                }
            }
        }
        #expect(gate.waiting.count == RecordGate.capacity && gate.dropped > 0)
        for counter in 1...66 as ClosedRange<UInt64> {
            _ = gate.admit(.view(by: author, 1, counter), from: author, at: instant(0))
        }
        #expect(gate.waiting.contains(.view(by: author, 1, 66)) && gate.violatedInvariant == nil)
        for host in hosts {
            for counter in 1...20 as ClosedRange<UInt64> {
                for name in Names.services.prefix(8) {
                    _ = gate.admit(.service(name, of: host, 2, counter), from: host, at: instant(0))
                }
            }
        }
        #expect(gate.waiting.count == RecordGate.fullCapacity)
    }

    @Test("names without end cost a bounded number of budgets and of records that wait")
    func bounded() {
        var gate = RecordGate()
        for number in 0..<5_000 as Range<UInt64> {
            guard let name = ServiceName("n\(number)") else { continue }
            _ = gate.admit(
                .service(name, of: author, 1, number + 1), from: neighbour, at: instant(Int64(number) * 10))
        }
        // Without an end to them there would be two for each of the 860 that were admitted.
        #expect(gate.budgetCount < 1_200)
        #expect(gate.waiting.count <= RecordGate.maximumWaiting)
        #expect(gate.dropped > 0)
        #expect(gate.violatedInvariant == nil)
    }

    @Test(
        "what waits is served in the order of its waiting: none of 32 services that change without end starves"
    )
    func fair() {
        var gate = RecordGate()
        var served = [Int](repeating: 0, count: 32)
        for step in 1...400 as ClosedRange<UInt64> {
            let now = instant(Int64(step) * 50)
            for index in 0..<32 {
                let record = Record.service(Names.services[index], of: author, 1, step)
                if gate.admit(record, from: neighbour, at: now) { served[index] += 1 }
            }
            for waiting in gate.due(at: now) {
                if let index = Names.services.firstIndex(where: { $0 == waiting.record.key.service }) {
                    served[index] += 1
                }
            }
        }
        // 64 and 16 per second for 20 s make 12 for each.
        #expect((9...15).contains(served.min() ?? 0) && (9...15).contains(served.max() ?? 0))
    }

    @Test("a service that was quiet is reported at the next token, whatever 30 others do")
    func quietFirst() {
        var gate = RecordGate()
        let quiet = Names.services[31]
        var passed: [(sent: Int64, at: Int64)] = []
        var sent: Int64 = 0
        for step in 1...200 as ClosedRange<UInt64> {
            let now = instant(Int64(step) * 50)
            for name in Names.services.prefix(30) {
                _ = gate.admit(.service(name, of: author, 1, step), from: neighbour, at: now)
            }
            // It is down, and a while later it has failed; then the cause follows.
            if [150, 153, 156].contains(step) {
                sent = Int64(step)
                let record = Record.service(quiet, of: author, 1, step)
                if gate.admit(record, from: neighbour, at: now) { passed.append((sent, Int64(step))) }
            }
            let isDue = gate.due(at: now).contains { $0.record.key.service == quiet }
            if isDue { passed.append((sent, Int64(step))) }
        }
        #expect(passed.count == 3 && passed.allSatisfy { $0.at - $0.sent <= 2 }, "\(passed)")
    }

    @Test(
        "forged versions spend what their sender may send, and not what the author and other neighbours may")
    func forged() {
        var gate = RecordGate()
        let passed = (1...100 as ClosedRange<UInt64>).filter {
            gate.admit(.view(by: author, 1, $0), from: liar, at: instant(0))
        }
        #expect(passed.count == 64)
        let relayed = gate.admit(.view(by: author, 1, 201), from: other, at: instant(1))
        #expect(relayed && gate.waiting.isEmpty)
        for counter in 202...400 as ClosedRange<UInt64> {
            for host in [liar, neighbour, other] {
                _ = gate.admit(.view(by: author, 1, counter), from: host, at: instant(2))
            }
        }
        let own = gate.admit(.view(by: author, 1, 500), from: author, at: instant(3))
        #expect(own && gate.waiting.isEmpty)
    }

    @Test("neighbours together pass three times as many versions as one of them, and no more")
    func together() {
        var gate = RecordGate()
        var counter: UInt64 = 0
        var passed = 0
        for host in Names.hosts[1...] {
            for _ in 0..<20 {
                counter += 1
                if gate.admit(.member(author, 1, counter), from: host, at: instant(0)) { passed += 1 }
            }
        }
        #expect(passed == 36)
    }

    @Test("answers without end pass 16 in a row, and then four per second")
    func answers() {
        var gate = RecordGate()
        let passed = (1...2_000 as ClosedRange<UInt64>).filter {
            gate.admit(
                .member(author, 1, $0), from: neighbour, isAnswer: true, at: instant(Int64($0) * 5))
        }
        // 12 and 2 of the member record's own, 16 and 40 of answers in ten seconds.
        #expect((50...75).contains(passed.count))
    }

    @Test("a removal waits for as long as it has to, whether or not its subject is a member")
    func removals() {
        var exchange = RecordExchange(store: Names.store(of: Names.hosts[11]))
        let stranger = HostID("stranger") ?? author
        for epoch in 1...13 as ClosedRange<UInt64> {
            _ = exchange.receive(
                [Record(removing: stranger, upTo: Epoch(epoch))], from: neighbour,
                in: Names.context(of: Names.hosts[11]), at: instant(0))
        }
        exchange.setMembers(Names.hosts, neighbours: [neighbour])
        _ = exchange.wake(in: Names.context(of: Names.hosts[11]), at: instant(6_000))
        #expect(exchange.store.removedThrough(stranger) == Epoch(13))
    }
}
