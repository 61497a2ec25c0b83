import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Records
@testable import Wire

/// Records between whole endpoints.
@Suite("records on the wire")
struct RecordTests {
    private let names = ["a", "b", "c"]
    private let service = ServiceName("db")

    private func cluster(_ count: Int = 3) -> ClusterNetwork {
        var cluster = ClusterNetwork(count)
        cluster.run(.milliseconds(500))
        return cluster
    }

    private func publish(
        _ state: ServiceState, by name: String, _ cluster: inout ClusterNetwork, generation: UInt64 = 1
    ) {
        guard let service else { return }
        cluster.act(name) { endpoint, now, outbox in
            endpoint.publish(
                ServiceFacts(state: state, generation: generation), of: service, at: now, into: &outbox)
        }
    }

    private func states(_ cluster: ClusterNetwork, of author: String) -> [ServiceState?] {
        names.map { cluster[$0].records.services(of: host(author)).first?.report.state }
    }

    private func areEqual(_ cluster: ClusterNetwork) -> Bool {
        names.allSatisfy { cluster[$0].records.digests == cluster["a"].records.digests }
    }

    /// Hands a host records as another one would send them.
    private func forge(
        _ records: [Record], to victim: String, _ cluster: inout ClusterNetwork, number: UInt64
    ) {
        let cargo = RepairCodec.encode(.records(records))
        let bytes = datagram(
            .records, from: "b", to: victim, epoch: 5, counter: 1_000_000 + number,
            sequence: 1_000_000 + number,
            cargo: cargo)
        cluster.act(victim) { endpoint, now, outbox in
            endpoint.receive(bytes.span, from: loopback(1), arrived: now, at: now, into: &outbox)
        }
    }

    @Test("what a service does is known everywhere after one way, and heartbeats say that stores are equal")
    func published() throws {
        var cluster = cluster()
        let begun = cluster.now
        publish(.down, by: "a", &cluster)
        cluster.run(.milliseconds(2))
        #expect(states(cluster, of: "a") == [.down, .down, .down])
        let others = cluster.recordNews.filter { $0.by != "a" }
        #expect(others.count == 2 && others.allSatisfy { $0.at - begun <= .milliseconds(1) })
        #expect(others.allSatisfy { $0.news.source == host("a") })
        cluster.run(.milliseconds(300))
        #expect(areEqual(cluster) && cluster["a"].exchange.spread.pending(for: host("b")) == 0)
        publish(.down, by: "a", &cluster)
        cluster.run(.milliseconds(2))
        #expect(cluster.recordNews.count { $0.by == "b" } == 1, "what is published already is no news")
    }

    @Test(
        "a link that carries nothing for a while: the record comes by another host, and by repair when there is none"
    )
    func cut() throws {
        var cluster = cluster()
        cluster.cut("a", "b")
        publish(.failed, by: "a", &cluster)
        cluster.run(.milliseconds(5))
        #expect(states(cluster, of: "a") == [.failed, .failed, .failed])
        cluster.cut("c", "ab")
        publish(.up, by: "a", &cluster)
        cluster.run(.seconds(3))
        #expect(states(cluster, of: "a") == [.up, .failed, .failed])
        cluster.heal()
        cluster.run(.seconds(3))
        #expect(states(cluster, of: "a") == [.up, .up, .up] && areEqual(cluster))
    }

    @Test(
        "a host that starts anew with other peers in its configuration learns what its neighbours' services do"
    )
    func otherPeers() {
        var cluster = cluster()
        for name in names { publish(.up, by: name, &cluster) }
        cluster.act("c") { endpoint, now, outbox in
            endpoint.publish(MemberFacts(version: "2"), at: now, into: &outbox)
        }
        cluster.run(.milliseconds(300))
        cluster.kill("a")
        cluster.run(.seconds(1))
        cluster.restart("a")
        cluster.reload("a", watching: "b")
        cluster.run(.seconds(6))
        let known = cluster["a"].records.services(of: host("b")).map(\.report.state)
        #expect(known == [.up])
    }

    @Test("a host that starts anew learns all by repair, and what it said before is forgotten everywhere")
    func restart() throws {
        var cluster = cluster()
        for name in names { publish(.up, by: name, &cluster) }
        cluster.run(.milliseconds(300))
        cluster.kill("b")
        cluster.run(.seconds(1))
        cluster.restart("b")
        cluster.act("b") { endpoint, now, outbox in
            endpoint.publish(MemberFacts(version: "2"), at: now, into: &outbox)
        }
        cluster.run(.seconds(5))
        #expect(states(cluster, of: "a") == [.up, .up, .up] && states(cluster, of: "c") == [.up, .up, .up])
        #expect(states(cluster, of: "b") == [nil, nil, nil] && areEqual(cluster))
        #expect(cluster.recordConflicts.isEmpty)
    }

    @Test(
        "a process that resumes an incarnation takes back what it does not publish any more, without a conflict"
    )
    func resumed() throws {
        var cluster = cluster()
        publish(.up, by: "b", &cluster)
        cluster.run(.milliseconds(300))
        cluster.resume("b", watching: "ac")
        cluster.act("b") { endpoint, now, outbox in
            endpoint.setServices([], at: now, into: &outbox)
        }
        cluster.run(.seconds(4))
        #expect(states(cluster, of: "b") == [nil, nil, nil] && areEqual(cluster))
        #expect(cluster.recordConflicts.isEmpty)
    }

    @Test(
        "hosts whose configurations name different hosts say so once, and repair each other ever more rarely")
    func unequal() throws {
        var cluster = cluster()
        cluster.reload("b", watching: "a")
        publish(.up, by: "c", &cluster)
        publish(.up, by: "b", &cluster)
        cluster.run(.seconds(60))
        #expect(states(cluster, of: "b") == [.up, .up, .up])
        #expect(cluster["b"].records.services(of: host("c")).isEmpty)
        #expect(cluster.unequalPeers.count { $0.by == "a" && $0.about == host("b") } == 1)
        #expect(cluster["a"].unequalNeighbours == [host("b")])
        #expect(cluster["a"].exchange.schedule.pause(with: host("b")) >= .seconds(16))
    }

    @Test("a forged record in a host's name is overridden and reported, on all hosts")
    func forged() throws {
        var cluster = cluster()
        let service = try #require(service)
        publish(.up, by: "a", &cluster)
        cluster.run(.milliseconds(300))
        let epoch = cluster["a"].monitor.clock.epoch
        let lie = Record(
            .service(service, ServiceFacts(state: .failed)),
            at: Dot(host: host("a"), epoch: epoch, counter: cluster["a"].monitor.clock.counter))
        forge([lie], to: "c", &cluster, number: 1)
        cluster.run(.milliseconds(500))
        #expect(states(cluster, of: "a") == [.up, .up, .up])
        #expect(cluster.recordConflicts.contains { $0.by == "a" && $0.about == host("a") })
    }

    @Test(
        "what is said of events that a host has not had makes it begin a later incarnation, and say all again"
    )
    func claimed() throws {
        var cluster = cluster()
        publish(.up, by: "a", &cluster)
        cluster.run(.milliseconds(300))
        let epoch = cluster["a"].monitor.clock.epoch
        let lie = Record(
            .view(View(abstains: true)), at: Dot(host: host("a"), epoch: epoch, counter: 1 << 40))
        forge([lie], to: "c", &cluster, number: 1)
        cluster.run(.milliseconds(500))
        let stale = try #require(cluster["a"].monitor.staleEpoch)
        cluster.act("a") { endpoint, now, outbox in
            endpoint.beginIncarnation(Epoch(stale.value + 1), at: now, into: &outbox)
        }
        cluster.run(.seconds(4))
        #expect(states(cluster, of: "a") == [.up, .up, .up] && areEqual(cluster))
        #expect(cluster["c"].records.record(RecordKey(.view, host("a"))) == nil)
    }

    @Test("forged records in a host's name, a thousand in a second, cost the cluster a few overrides")
    func flood() throws {
        var cluster = cluster()
        let service = try #require(service)
        publish(.up, by: "a", &cluster)
        cluster.run(.milliseconds(300))
        let news = cluster.recordNews.count
        for number in 0..<1_000 as Range<UInt64> {
            let lie = Record(
                .service(service, ServiceFacts(state: .failed, generation: number)),
                at: Dot(
                    host: host("a"), epoch: cluster["a"].monitor.clock.epoch,
                    counter: cluster["a"].monitor.clock.counter))
            forge([lie], to: "a", &cluster, number: number)
            cluster.run(.milliseconds(1))
        }
        cluster.run(.seconds(4))
        #expect(states(cluster, of: "a") == [.up, .up, .up] && areEqual(cluster))
        // 16 and 4 a second as answers, 12 and one a second as changes; at three hosts.
        #expect(cluster.recordNews.count - news <= 3 * (16 + 20 + 12 + 5))
    }

    @Test("the longest record fits into a datagram between the longest names, with everything else")
    func longest() throws {
        let (sender, addressee) = (String(repeating: "s", count: 63), String(repeating: "d", count: 63))
        let author = host(String(repeating: "r", count: 63))
        let reports = (0..<64 as Range<UInt64>).map {
            SuspicionReport(
                subject: .max - $0, epoch: Epoch(.max), counter: VectorClock.maximumCounter,
                verdict: Verdict(.crash, .proved))
        }
        let record = Record(
            .view(View(suspects: reports)),
            at: Dot(host: author, epoch: Epoch(.max), counter: VectorClock.maximumCounter))
        let cargo = RepairCodec.encode(.records([record]))
        let longest = MessageLayout.maximumSequence
        let acknowledgement = LinkAcknowledgement(
            highest: longest, bitmap: .max, delay: TimeSpan(nanoseconds: .max))
        let bytes = datagram(
            .records, from: sender, to: addressee, epoch: .max, counter: VectorClock.maximumCounter,
            sequence: longest, interval: TimeSpan(nanoseconds: .max),
            acknowledging: (Epoch(.max), acknowledgement),
            entries: [Dot(host: host(addressee), epoch: Epoch(.max), counter: VectorClock.maximumCounter)],
            limit: Envelope.maximumLength
                - (Envelope.sealedHeaderLength + Envelope.tagLength - Envelope.headerLength),
            cargo: cargo)
        let read = try #require(decoded(bytes, for: addressee))
        #expect(read.acknowledgement.highest == longest && read.clock.count == 1)
    }

    @Test("with as many services as there may be, each may be replaced by another, and none is lost")
    func replaced() throws {
        var cluster = cluster()
        var names = (0..<32).compactMap { ServiceName("s\($0)") }
        for round in 0..<40 {
            cluster.act("a") { endpoint, now, outbox in
                endpoint.setServices(names, at: now, into: &outbox)
                for name in names {
                    endpoint.publish(ServiceFacts(state: .up), of: name, at: now, into: &outbox)
                }
            }
            cluster.run(.seconds(4))
            let held = cluster["b"].records.services(of: host("a")).map(\.name)
            #expect(held == names.sorted(), "round \(round)")
            names.removeFirst()
            if let name = ServiceName("t\(round)") { names.append(name) }
        }
    }

    @Test("a host whose address is not proved is never sent more bytes than it sent")
    func amplification() throws {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        endpoint.setServices([], at: start, into: &outbox)
        for number in 0..<20 {
            guard let name = ServiceName("s\(number)") else { continue }
            endpoint.publish(ServiceFacts(state: .up), of: name, at: start, into: &outbox)
        }
        endpoint.wake(at: start, into: &outbox)
        for number in 0..<50 as Range<UInt64> {
            let now = start + .milliseconds(Int64(number))
            outbox.removeAll()
            let asking = datagram(
                .records, counter: number + 1, sequence: number + 1,
                cargo: RepairCodec.encode(.summary(.facts, .root, [])))
            let before = endpoint.exchange.repairs.isEmpty
            endpoint.beginTurn(at: now, into: &outbox)
            endpoint.receive(asking.span, from: loopback(1), arrived: now, at: now, into: &outbox)
            #expect(before && endpoint.exchange.repairs.isEmpty, "\(asking.count) bytes draw a repair")
        }
        let proving = datagram(
            .records, counter: 51, sequence: 51,
            acknowledging: (Epoch(5), LinkAcknowledgement(highest: 1, bitmap: 0, delay: .zero)),
            cargo: RepairCodec.encode(.summary(.facts, .root, [])))
        for _ in 0..<2 {
            endpoint.receive(
                proving.span, from: loopback(1), arrived: start + .seconds(1), at: start + .seconds(1),
                into: &outbox)
        }
        #expect(!endpoint.exchange.repairs.isEmpty, "an acknowledgement proves the address")
    }

    @Test("messages of records beyond what a host may send are not read")
    func tooMany() throws {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        for number in 1...1_000 as ClosedRange<UInt64> {
            let cargo = RepairCodec.encode(.records([Record(removing: host("x"), upTo: Epoch(number))]))
            let bytes = datagram(.records, counter: number, sequence: number, cargo: cargo)
            endpoint.receive(bytes.span, from: loopback(1), arrived: start, at: start, into: &outbox)
        }
        #expect(endpoint.accepted == 1_000 && endpoint.unreadRecords == 600)
        let junk = RepairCodec.encode(.summary(.facts, .root, [1, 2, 3]))
        let later = start + .seconds(10)
        for number in 1_001...1_300 as ClosedRange<UInt64> {
            let bytes = datagram(.records, counter: number, sequence: number, cargo: junk)
            endpoint.receive(bytes.span, from: loopback(1), arrived: later, at: later, into: &outbox)
        }
        #expect(endpoint.unreadRecords == 700, "of steps of repairs 200 in a row are read")
        let many = RepairCodec.encode(
            .records((1...33 as ClosedRange<UInt64>).map { Record(removing: host("x"), upTo: Epoch($0)) }))
        #expect(RepairCodec.decode(many.span) == nil)
    }

    @Test("a message of records whose records cannot be read is malformed, and changes nothing")
    func malformed() throws {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        let good = datagram(
            .records, cargo: RepairCodec.encode(.records([Record(removing: host("x"), upTo: Epoch(1))])))
        for end in [good.count - 3, good.count - 1] {
            endpoint.turn(resealed(Array(good[..<end])), at: start, into: &outbox)
        }
        #expect(endpoint.count(of: .malformed) == 2 && endpoint.accepted == 0)
        endpoint.turn(good, at: start, into: &outbox)
        #expect(endpoint.accepted == 1 && endpoint.records.refusals[.removal] == 1)
    }

    @Test(
        "records of strangers, of the future and of earlier incarnations, and those that remove a host, change nothing"
    )
    func refused() throws {
        var cluster = cluster()
        cluster.act("c") { endpoint, _, _ in endpoint.setWallClock(seconds: Epoch.origin + 100) }
        let records: [Record] = [
            Record(.view(View()), at: Dot(host: host("x"), epoch: Epoch(1), counter: 1)),
            Record(.view(View()), at: Dot(host: host("a"), epoch: Epoch(1 << 40), counter: 1)),
            Record(removing: host("a"), upTo: Epoch(7)),
            Record(.view(View()), at: Dot(host: host("a"), epoch: Epoch(6), counter: 1)),
        ]
        forge(records, to: "c", &cluster, number: 1)
        let refusals = cluster["c"].records.refusals
        #expect(refusals[.stranger] == 1 && refusals[.epochAhead] == 1 && refusals[.removal] == 1)
        #expect(cluster["c"].records.removedThrough(host("a")) == nil)
    }
}
