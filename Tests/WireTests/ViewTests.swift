import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Records
@testable import Wire

/// Which hosts a host suspects, reported by records.
@Suite("views on the wire")
struct ViewTests {
    private func cluster(_ count: Int = 4) -> ClusterNetwork {
        var cluster = ClusterNetwork(count)
        cluster.run(.seconds(2))
        return cluster
    }

    private func view(_ cluster: ClusterNetwork, of author: String, at holder: String) -> View? {
        cluster[holder].records.record(RecordKey(.view, host(author)))?.view
    }

    /// The view of `author`, in its incarnation 5, that it suspects `subjects` since its event 7.
    private func record(
        of author: String, suspecting subjects: [String], counter: UInt64 = 500_000, epoch: UInt64 = 5
    ) -> Record {
        let hash = RecordHash(MixingHash())
        let reports = subjects.map {
            SuspicionReport(
                subject: hash.of(host: host($0)), epoch: Epoch(5), counter: 7,
                verdict: Verdict(.crash, .suspected))
        }
        return Record(
            .view(View(suspects: reports)),
            at: Dot(host: host(author), epoch: Epoch(epoch), counter: counter))
    }

    /// Hands `victim` a message of `sender` that carries records, as the event `number` of the sender.
    private func send(
        _ records: [Record], from sender: String, to victim: String, number: UInt64 = 1_000_000,
        _ cluster: inout ClusterNetwork
    ) {
        let bytes = datagram(
            .records, from: sender, to: victim, epoch: 5, counter: number, sequence: number,
            cargo: RepairCodec.encode(.records(records)))
        cluster.act(victim) { endpoint, now, outbox in
            endpoint.receive(bytes.span, from: loopback(9), arrived: now, at: now, into: &outbox)
        }
    }

    @Test("a suspicion is known to all others in the turn in which it begins, and its end with a heartbeat")
    func spreading() throws {
        var cluster = cluster()
        cluster.cut("a", "d")
        while cluster["a"].monitor.opinions.isEmpty { cluster.run(.milliseconds(1)) }
        cluster.run(.milliseconds(2))
        for name in ["b", "c"] { #expect(cluster.witnesses(name, on: "d").contains("a")) }
        let suspicion = try #require(cluster["a"].monitor.opinions.first)
        let told = try #require(view(cluster, of: "a", at: "b")?.suspects.first)
        #expect(told.counter == suspicion.counter && told.verdict == suspicion.verdict)
        cluster.heal()
        while !cluster["a"].monitor.opinions.isEmpty { cluster.run(.milliseconds(1)) }
        cluster.run(.milliseconds(120))
        for name in ["b", "c"] { #expect(cluster.witnesses(name, on: "d").isEmpty) }
        #expect(view(cluster, of: "a", at: "b") == View())
    }

    @Test("a host that suspects no other writes no view")
    func quiet() {
        var cluster = cluster()
        cluster.run(.seconds(10))
        #expect(["a", "b", "c", "d"].allSatisfy { cluster[$0].records.count == 0 })
    }

    @Test("what others send in a host's name has no vote; what it sends itself has")
    func forged() throws {
        var cluster = cluster()
        let forged = record(of: "b", suspecting: ["d"])
        send([forged], from: "c", to: "a", &cluster)
        #expect(view(cluster, of: "b", at: "a")?.suspects.count == 1, "it is in the store")
        #expect(cluster.witnesses("a", on: "d").isEmpty)
        send([forged], from: "b", to: "a", &cluster)
        #expect(cluster.witnesses("a", on: "d") == ["b"])
    }

    @Test("a view that comes by another host counts once its author's digests say that it holds it")
    func vouched() throws {
        var cluster = cluster()
        // What b sends to a is lost where it carries records, and nothing else is.
        cluster.loseRecords(from: "b", to: "a")
        cluster.cut("b", "d")
        cluster.run(.seconds(3))
        #expect(view(cluster, of: "b", at: "a")?.suspects.count == 1)
        #expect(cluster.witnesses("a", on: "d") == ["b"])
        let known = try #require(cluster["a"].monitor.presentCut.first { $0.reach.host == host("b") })
        #expect(known.suspects.map(\.peer) == [host("d")] && known.isCurrent)
    }

    @Test(
        "of a peer's views those count that it can have written: no earlier one, none of another incarnation, none of what is to come"
    )
    func order() {
        var cluster = cluster()
        send([record(of: "b", suspecting: ["d"], counter: 500_020)], from: "b", to: "a", &cluster)
        send(
            [record(of: "b", suspecting: [], counter: 500_019)], from: "b", to: "a", number: 1_000_001,
            &cluster)
        #expect(cluster.witnesses("a", on: "d") == ["b"])
        send(
            [record(of: "b", suspecting: [], counter: 500_021, epoch: 4)], from: "b", to: "a",
            number: 1_000_002,
            &cluster)
        #expect(cluster.witnesses("a", on: "d") == ["b"])
        send(
            [record(of: "b", suspecting: [], counter: 1_000_004)], from: "b", to: "a", number: 1_000_003,
            &cluster)
        #expect(cluster.witnesses("a", on: "d") == ["b"])
        send(
            [record(of: "b", suspecting: [], counter: 500_021)], from: "b", to: "a", number: 1_000_005,
            &cluster)
        #expect(cluster.witnesses("a", on: "d").isEmpty)
    }

    @Test(
        "a peer that changes its view a thousand times has as many of them counted as a mesh has suspicions")
    func flood() {
        var cluster = cluster()
        var counted = 0
        for number in 1...1_000 as ClosedRange<UInt64> {
            let before = cluster.witnesses("a", on: "d")
            let suspects = number % 2 == 0 ? [] : ["d"]
            send(
                [record(of: "b", suspecting: suspects, counter: 500_000 + number)], from: "b", to: "a",
                number: 1_000_000 + number, &cluster)
            if cluster.witnesses("a", on: "d") != before { counted += 1 }
        }
        #expect(counted == 64)
    }

    @Test("after a reload the views of the others are counted of the new peers, too")
    func reload() {
        var cluster = cluster()
        cluster.reload("a", watching: "bc")
        cluster.cut("b", "d")
        cluster.run(.seconds(3))
        #expect(cluster.witnesses("a", on: "d").isEmpty)
        cluster.reload("a", watching: "bcd")
        cluster.run(.seconds(6))
        #expect(cluster.witnesses("a", on: "d") == ["b"])
    }

    @Test("a host that begins a later incarnation while it suspects a peer says so again, by its own events")
    func renewed() throws {
        var cluster = cluster()
        cluster.cut("b", "d")
        cluster.run(.seconds(20))
        cluster.act("b") { endpoint, now, outbox in
            endpoint.beginIncarnation(Epoch(20), at: now, into: &outbox)
        }
        cluster.run(.seconds(3))
        let suspicion = try #require(cluster["b"].monitor.opinions.first)
        #expect(suspicion.counter <= cluster["b"].monitor.clock.counter)
        #expect(cluster["b"].monitor.opinionList.isWellFormed)
        #expect(view(cluster, of: "b", at: "a")?.suspects.map(\.counter) == [suspicion.counter])
        #expect(cluster.witnesses("a", on: "d") == ["b"] && cluster.witnesses("c", on: "d") == ["b"])
        #expect(cluster["a"].records.digests == cluster["c"].records.digests)
    }

    @Test("a process that resumes an incarnation takes back a suspicion of the process before")
    func resumed() {
        var cluster = cluster()
        cluster.cut("b", "d")
        cluster.run(.seconds(2))
        #expect(cluster.witnesses("a", on: "d") == ["b"])
        cluster.heal()
        cluster.resume("b", watching: "acd")
        cluster.run(.seconds(5))
        #expect(cluster.witnesses("a", on: "d").isEmpty && view(cluster, of: "b", at: "a") == View())
        #expect(cluster.recordConflicts.isEmpty)
    }

    @Test(
        "100,000 mutants of a view with a right checksum neither trap nor miscount",
        arguments: 0..<4 as Range<UInt64>)
    func mutants(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var endpoint = endpoint("a", peers: ["b", "c", "d", "e"].map { settings($0) })
        var outbox = Outbox()
        let valid = datagram(
            .records, counter: 200,
            cargo: RepairCodec.encode(
                .records([record(of: "b", suspecting: ["a", "c", "d", "e"], counter: 200, epoch: 1)])))
        for _ in 0..<25_000 {
            var mutant = valid
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                // Sequence numbers, too, so that many are taken for fresh.
                let place = Int.random(in: 11..<mutant.count, using: &generator)
                mutant[place] = UInt8.random(in: 0...255, using: &generator)
            }
            outbox.removeAll()
            endpoint.receive(
                resealed(mutant).span, from: loopback(9), arrived: start, at: start, into: &outbox)
        }
        #expect(endpoint.accepted + endpoint.refused == 25_000 && endpoint.accepted > 0)
        for index in 0..<4 { #expect(endpoint.monitor.witnesses(ofPeer: index).count <= 3) }
    }
}
