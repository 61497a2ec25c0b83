import CausalClock
import FailureDetection
import Testing

@testable import Records

/// What is sent to which neighbour, and until when.
@Suite("records: spreading")
struct SpreadTests {
    private let owner = Names.hosts[11]
    private let author = Names.hosts[0]
    private let neighbour = Names.hosts[1]
    private let other = Names.hosts[2]
    private let context = Names.context(of: Names.hosts[11])
    private let roundTrip = TimeSpan.milliseconds(10)

    private func instant(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .seconds(1_000) + .milliseconds(milliseconds)
    }

    private func exchange(neighbours: [HostID]? = nil) -> RecordExchange {
        var exchange = RecordExchange(store: Names.store(of: owner))
        exchange.setMembers(Names.hosts, neighbours: neighbours ?? [neighbour, other])
        return exchange
    }

    private func acknowledge(_ number: UInt64, bitmap: UInt64 = 0) -> LinkAcknowledgement {
        LinkAcknowledgement(highest: number, bitmap: bitmap, delay: .zero)
    }

    /// Sends what is ready to the neighbour, as datagram `number`.
    private func send(_ exchange: inout RecordExchange, as number: UInt64, at now: Instant) -> [Record] {
        guard let batch = exchange.nextBatch(to: neighbour, at: now, capacity: RecordLayout.maximumLength)
        else {
            return []
        }
        exchange.spread.noteSent(batch, as: number, at: now)
        return batch.records
    }

    @Test("news goes in the same turn to every neighbour but the one that it came from")
    func sameTurn() {
        var exchange = exchange()
        let record = Record.service(Names.services[0], of: author, 1, 1, .down)
        _ = exchange.receive([record], from: other, in: context, at: instant(0))
        #expect(exchange.spread.pending(for: other) == 0)
        #expect(exchange.nextDeadline(after: instant(0)) <= instant(0))
        let sent1 = send(&exchange, as: 1, at: instant(0))
        #expect(sent1 == [record])
        #expect(exchange.nextDeadline(after: instant(0)) == .never)
    }

    @Test(
        "it leaves the queue when a datagram with this version or a later one is acknowledged, and not before"
    )
    func acknowledged() {
        var exchange = exchange()
        let (first, second) = (Record.member(author, 1, 1), Record.member(author, 1, 2))
        _ = exchange.receive([first], from: other, in: context, at: instant(0))
        let sent2 = send(&exchange, as: 1, at: instant(0))
        #expect(sent2 == [first])
        _ = exchange.receive([second], from: other, in: context, at: instant(1))
        exchange.spread.receive(acknowledge(1), from: neighbour, at: instant(2), roundTrip: roundTrip)
        #expect(exchange.spread.pending(for: neighbour) == 1, "the later version was not in it")
        let sent3 = send(&exchange, as: 2, at: instant(6))
        #expect(sent3 == [second])
        exchange.spread.receive(
            acknowledge(3, bitmap: 1), from: neighbour, at: instant(9), roundTrip: roundTrip)
        #expect(exchange.spread.pending(for: neighbour) == 0)
    }

    @Test("what a neighbour sends us itself is not sent to it, in that version or a later one")
    func crossing() {
        var exchange = exchange()
        _ = exchange.receive([.member(author, 1, 1)], from: other, in: context, at: instant(0))
        _ = exchange.receive([.member(author, 1, 1)], from: neighbour, in: context, at: instant(0))
        #expect(exchange.spread.pending(for: neighbour) == 0)
        _ = exchange.receive([.member(author, 1, 2)], from: neighbour, in: context, at: instant(0))
        #expect(exchange.spread.pending(for: neighbour) == 0 && exchange.spread.pending(for: other) == 1)
    }

    @Test(
        "sent again with the heartbeat after a message that should have acknowledged it, and not after an earlier one"
    )
    func retransmission() {
        var exchange = exchange()
        let record = Record.member(author, 1, 1)
        let interval = TimeSpan.milliseconds(200)
        _ = exchange.receive([record], from: other, in: context, at: instant(0))
        let sent4 = send(&exchange, as: 5, at: instant(0))
        #expect(sent4 == [record])
        exchange.spread.receive(acknowledge(4), from: neighbour, at: instant(3), roundTrip: roundTrip)
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(50), interval: interval)
        let sent5 = send(&exchange, as: 6, at: instant(50))
        #expect(sent5.isEmpty, "it was sent before ours can have arrived")
        exchange.spread.receive(acknowledge(4), from: neighbour, at: instant(60), roundTrip: roundTrip)
        let sent6 = send(&exchange, as: 6, at: instant(60))
        #expect(sent6.isEmpty, "it waits for the heartbeat")
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(100), interval: interval)
        let sent7 = send(&exchange, as: 6, at: instant(100))
        #expect(sent7 == [record])
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(299), interval: interval)
        let sent8 = send(&exchange, as: 7, at: instant(299))
        #expect(sent8.isEmpty)
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(300), interval: interval)
        let sent9 = send(&exchange, as: 7, at: instant(300))
        #expect(sent9 == [record], "an interval without a message")
        exchange.spread.receive(acknowledge(8), from: neighbour, at: instant(301), roundTrip: roundTrip)
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(310), interval: interval)
        let sent10 = send(&exchange, as: 9, at: instant(310))
        #expect(sent10 == [record], "a later datagram arrived, this one did not")
    }

    @Test("5 ms lie between two datagrams to one neighbour, unless the second is full or reports a failure")
    func pause() {
        var exchange = exchange()
        _ = exchange.receive([.member(author, 1, 1)], from: other, in: context, at: instant(0))
        let sent11 = send(&exchange, as: 1, at: instant(0))
        #expect(sent11.count == 1)
        _ = exchange.receive([.member(author, 1, 2)], from: other, in: context, at: instant(1))
        let sent12 = send(&exchange, as: 2, at: instant(1))
        #expect(sent12.isEmpty)
        #expect(exchange.nextDeadline(after: instant(1)) == instant(5))
        let down = Record.service(Names.services[0], of: author, 1, 3, .down)
        _ = exchange.receive([down], from: other, in: context, at: instant(2))
        let sent13 = send(&exchange, as: 2, at: instant(2))
        #expect(sent13 == [.member(author, 1, 2), down])
        let failed = Record.service(Names.services[0], of: author, 1, 4, .failed)
        _ = exchange.receive([failed], from: other, in: context, at: instant(3))
        let sent14 = send(&exchange, as: 3, at: instant(3))
        #expect(sent14.isEmpty, "only the first is urgent")
        let many = Names.hosts[3...9].map {
            Record(
                .member(
                    MemberFacts(
                        version: "0.1",
                        answers: (1...16 as ClosedRange<UInt64>).map {
                            Answer(observer: .max - $0, epoch: Epoch(1), counter: $0)
                        })), at: Dot(host: $0, epoch: Epoch(1), counter: 1))
        }
        _ = exchange.receive(many, from: other, in: context, at: instant(3))
        let sent15 = send(&exchange, as: 3, at: instant(3))
        #expect(!sent15.isEmpty, "there is more than a datagram holds")
    }

    @Test("membership goes first, and a view that only ends suspicions goes with the next heartbeat")
    func order() {
        var exchange = exchange()
        let suspicion = Record.view(by: owner, 1, 1, suspects: [Names.hosts[5], Names.hosts[6]])
        let member = Record.member(Names.hosts[4], 1, 1)
        _ = exchange.publish(suspicion, at: instant(0))
        _ = exchange.receive([member], from: other, in: context, at: instant(0))
        let sent16 = send(&exchange, as: 1, at: instant(0))
        #expect(sent16 == [member, suspicion])
        let less = Record.view(by: owner, 1, 2, suspects: [Names.hosts[5]])
        _ = exchange.publish(less, at: instant(20))
        let sent17 = send(&exchange, as: 2, at: instant(20))
        #expect(sent17.isEmpty)
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(30), interval: .milliseconds(200))
        let sent18 = send(&exchange, as: 2, at: instant(30))
        #expect(sent18 == [less])
    }

    @Test("another's view is passed on with the second heartbeat, unless equal digests show that it is there")
    func passedOn() {
        var exchange = exchange()
        let view = Record.view(by: author, 1, 1, suspects: [Names.hosts[5]])
        _ = exchange.receive([view], from: author, in: context, at: instant(0))
        var spared = exchange
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(30), interval: .milliseconds(200))
        let early = send(&exchange, as: 1, at: instant(30))
        #expect(early.isEmpty)
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(230), interval: .milliseconds(200))
        let late = send(&exchange, as: 1, at: instant(230))
        #expect(late == [view])
        spared.compare(spared.store.digests, of: neighbour, at: instant(40))
        #expect(spared.spread.pending(for: neighbour) == 0)
    }

    @Test("a neighbour that is silent is sent ever fewer datagrams, and everything once it is heard")
    func silent() {
        var exchange = exchange()
        let service = Record.service(Names.services[0], of: owner, 1, 1, .down)
        _ = exchange.publish(service, at: instant(0))
        var turns: [Int] = []
        for heartbeat in 1...100 {
            let now = instant(Int64(heartbeat) * 200)
            exchange.spread.beginHeartbeat(
                to: neighbour, at: now, interval: .milliseconds(200), isHeard: false)
            if send(&exchange, as: UInt64(heartbeat), at: now) == [service] { turns.append(heartbeat) }
            let again = send(&exchange, as: 0, at: now + .milliseconds(10))
            #expect(again.isEmpty)
        }
        #expect(turns == [1, 2, 4, 8, 16, 32, 64, 96])
        exchange.spread.beginHeartbeat(to: neighbour, at: instant(20_200), interval: .milliseconds(200))
        let heard = send(&exchange, as: 101, at: instant(20_200))
        #expect(heard == [service])
    }

    @Test("a queue holds 256 keys; more is counted and left to repair")
    func overflow() {
        var exchange = exchange()
        var hosts = Names.hosts
        hosts += (0..<300).compactMap { HostID("m\($0)") }
        exchange.setMembers(hosts, neighbours: [neighbour])
        for host in hosts.dropFirst(Names.hosts.count) {
            _ = exchange.receive([.member(host, 1, 1)], from: other, in: context, at: instant(0))
        }
        #expect(exchange.spread.pending(for: neighbour) == RecordQueue.capacity)
        #expect(exchange.spread.overflows == 300 - 256)
    }

    @Test(
        "with more than 32 neighbours a host sends them what it wrote itself, and leaves the rest to repair")
    func manyNeighbours() {
        for (count, relayed) in [(32, 1), (33, 0)] {
            let many = (0..<count).compactMap { HostID("n\($0)") }
            var exchange = RecordExchange(store: Names.store(of: owner))
            exchange.setMembers(Names.hosts + many, neighbours: many)
            _ = exchange.receive([.member(author, 1, 1)], from: author, in: context, at: instant(0))
            #expect(many.allSatisfy { exchange.spread.pending(for: $0) == relayed })
            _ = exchange.publish(.member(owner, 1, 1), at: instant(0))
            #expect(many.allSatisfy { exchange.spread.pending(for: $0) == relayed + 1 })
        }
    }

    @Test("all neighbours share 2,000 datagrams per second, 400 in a row")
    func bucket() {
        let many = (0..<500).compactMap { HostID("n\($0)") }
        var exchange = RecordExchange(store: Names.store(of: owner))
        exchange.setMembers(Names.hosts + many, neighbours: many)
        _ = exchange.publish(.member(owner, 1, 1), at: instant(0))
        let sent = many.filter { host in
            guard let batch = exchange.nextBatch(to: host, at: instant(0), capacity: 1_200) else {
                return false
            }
            exchange.spread.noteSent(batch, as: 1, at: instant(0))
            return true
        }
        #expect(sent.count == 400)
        let next = exchange.nextDeadline(after: instant(0))
        #expect(next > instant(0) && next <= instant(1))
    }

    @Test("a record that has become void is not sent any more")
    func void() {
        var exchange = exchange()
        _ = exchange.receive(
            [.service(Names.services[0], of: author, 1, 1)], from: other, in: context, at: instant(0))
        _ = exchange.receive([.member(author, 2, 1)], from: other, in: context, at: instant(0))
        let sent19 = send(&exchange, as: 1, at: instant(0))
        #expect(sent19 == [.member(author, 2, 1)])
        #expect(exchange.spread.pending(for: neighbour) == 1)
    }

    @Test("a record that had to wait is not sent to those that it came from")
    func echo() {
        var exchange = exchange()
        for counter in 1...13 as ClosedRange<UInt64> {
            for source in [other, neighbour] {
                _ = exchange.receive(
                    [.member(author, 1, counter)], from: source, in: context, at: instant(0))
            }
        }
        #expect(exchange.gate.waiting.count == 1)
        _ = exchange.wake(in: context, at: instant(5_000))
        #expect(exchange.store.record(RecordKey(.member, author)) == .member(author, 1, 13))
        #expect(exchange.spread.pending(for: other) == 0 && exchange.spread.pending(for: neighbour) == 0)
    }

    @Test("what waits of this host's own is not written in a later incarnation, and is not forgotten by it")
    func incarnation() {
        var exchange = exchange()
        for counter in 1...65 as ClosedRange<UInt64> {
            _ = exchange.publish(.view(by: owner, 1, counter, abstains: counter == 65), at: instant(0))
        }
        var later = exchange
        _ = later.wake(in: Names.context(of: owner, epoch: 2), at: instant(6_000))
        #expect(later.store.record(RecordKey(.view, owner)) == .view(by: owner, 1, 64))
        let own = exchange.takeOwn()
        #expect(own.count == 1 && exchange.gate.waiting.isEmpty)
        if case .view(let view) = own.first { #expect(view.abstains) }
    }

    @Test("what overrides a forged record in our own name does not wait")
    func override() {
        var exchange = exchange()
        for counter in 1...13 as ClosedRange<UInt64> {
            _ = exchange.publish(.member(owner, 1, counter), at: instant(0))
        }
        let waiting = exchange.publish(.member(owner, 1, 14), at: instant(1))
        #expect(waiting.isEmpty)
        let events = exchange.publish(.member(owner, 1, 15), isOverride: true, at: instant(1))
        #expect(events.count == 1 && exchange.gate.waiting.isEmpty)
    }

    @Test("with a failure to report the next datagram is due immediately, within the pause of 5 ms")
    func failureDeadline() {
        var exchange = exchange()
        _ = exchange.receive([.member(author, 1, 1)], from: other, in: context, at: instant(0))
        _ = send(&exchange, as: 1, at: instant(0))
        let down = Record.service(Names.services[0], of: author, 1, 3, .down)
        _ = exchange.receive([down], from: other, in: context, at: instant(2))
        #expect(exchange.nextDeadline(after: instant(2)) <= instant(2))
    }
}
