import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// What one member can make others believe of a dead host.
///
/// The last host of the cluster lies in every datagram: it has just got the latest event of the dead host, which knows
/// all of ours, and its clock has a still later one.
@Suite("lies about a dead host")
struct LiarTests {
    private let dead = host("a10001")

    private func cluster(_ count: Int, liars: Int, loss: Int = 0) -> Cluster {
        var (cluster, _) = Cluster.mesh(count, seed: 1) { settings($0) }
        cluster.tracksTruth = false
        cluster.loss = loss
        for liar in (count - liars)..<count {
            cluster.forgers[liar] = { [self] bytes, to, now in forged(bytes, to: to, at: now) }
        }
        cluster.run(.milliseconds(1_050))
        return cluster
    }

    /// The same message with lies about the dead host, which rise with time.
    private func forged(_ bytes: [UInt8], to place: Int, at now: Instant) -> [UInt8] {
        let addressee = "a\(10_000 + place)"
        guard let message = decoded(bytes, for: addressee), message.dot.host != dead, addressee != "\(dead)"
        else { return bytes }
        let counter = UInt64((now - start).nanoseconds / 1_000_000) + 1_000
        let lie = Dot(host: dead, epoch: Epoch(5), counter: counter)
        let known = message.entry(of: host(addressee))?.counter ?? 0
        let claim = Testimony(
            subject: lie, age: .zero, knownOfYou: known, gotOfYou: known, isTrusted: true, asks: true)
        return datagram(
            message.body, from: "\(message.dot.host)", to: addressee, epoch: message.dot.epoch.value,
            counter: message.dot.counter, sequence: message.sequence, interval: message.interval,
            sent: message.sent,
            acknowledging: message.acknowledgedEpoch.map { ($0, message.acknowledgement) },
            entries: (message.clock.filter { $0.host != dead } + [lie]).sorted { $0.host < $1.host },
            testimonies: [claim])
    }

    /// The causes that a host has reported of the dead one, and the latest verdict.
    private func causes(_ cluster: Cluster, at place: Int) -> (reported: [Cause], last: Verdict?) {
        let node = cluster.nodes[place]
        let monitor = node.endpoint.monitor
        return (
            node.notices.filter { $0.kind == .suspect && $0.peer == dead }.compactMap(\.verdict?.cause),
            monitor.index(of: dead).flatMap { monitor.report(ofPeer: $0).verdict }
        )
    }

    @Test(
        "with three sources and more one liar cannot keep it alive: every honest host says crash, and continues saying so",
        arguments: [(4, 0), (5, 0), (8, 0), (4, 200), (5, 200)])
    func one(count: Int, loss: Int) {
        var cluster = cluster(count, liars: 1, loss: loss)
        cluster.crash(1)
        cluster.run(.milliseconds(1_500))
        let honest = (0..<count - 1).filter { $0 != 1 }
        for place in honest { #expect(causes(cluster, at: place).last == Verdict(.crash, .suspected)) }
        let before = honest.map { causes(cluster, at: $0).reported.count }
        cluster.run(.seconds(5))
        for (place, count) in zip(honest, before) {
            #expect(causes(cluster, at: place).last == Verdict(.crash, .suspected))
            let later = causes(cluster, at: place).reported.dropFirst(count)
            #expect(!later.contains(.link) && !later.contains(.inbound), "\(place): \(later)")
        }
    }

    @Test("it delays the suspicion by one round of pings at most")
    func delay() throws {
        func suspicion(liars: Int) throws -> TimeSpan {
            var cluster = cluster(4, liars: liars)
            cluster.crash(1)
            let crash = cluster.now
            cluster.run(.seconds(1))
            let reported = cluster.nodes[0].notices.first { $0.kind == .suspect && $0.peer == dead }
            return try #require(reported).at - crash
        }
        let (honest, lied) = (try suspicion(liars: 0), try suspicion(liars: 1))
        // Five pings of 20 ms each.
        #expect(lied - honest <= .milliseconds(110), "\(honest.microseconds) \(lied.microseconds)")
    }

    @Test("a quorum of the others confirms that it has failed")
    func quorum() {
        var cluster = cluster(5, liars: 1)
        cluster.crash(1)
        cluster.run(.seconds(3))
        let monitor = cluster.nodes[0].endpoint.monitor
        let report = monitor.index(of: dead).map { monitor.report(ofPeer: $0) }
        #expect(report?.state == .suspected && report?.isConfirmed == true)
    }

    @Test("of a single witness no host can know whether it lies")
    func three() {
        var cluster = cluster(3, liars: 1)
        cluster.crash(1)
        cluster.run(.seconds(2))
        #expect(causes(cluster, at: 0).last?.cause == .inbound)
    }

    @Test("a claim that the dead host knows events which we have not had is a conflict, and proves nothing")
    func future() {
        var (cluster, _) = Cluster.mesh(3, seed: 1) { settings($0) }
        cluster.tracksTruth = false
        cluster.forgers[2] = { [self] bytes, to, now in
            guard to == 0, let message = decoded(bytes, for: "a10000") else { return bytes }
            let lie = Testimony(
                subject: Dot(host: dead, epoch: Epoch(5), counter: 1), age: .zero, knownOfYou: 1 << 40,
                gotOfYou: 1 << 40, isTrusted: false)
            return datagram(
                message.body, from: "a10002", to: "a10000", epoch: 5, counter: message.dot.counter,
                sequence: message.sequence, interval: message.interval, sent: message.sent,
                acknowledging: message.acknowledgedEpoch.map { ($0, message.acknowledgement) },
                entries: message.clock, testimonies: [lie])
        }
        cluster.run(.seconds(1))
        cluster.crash(1)
        cluster.run(.seconds(2))
        #expect(causes(cluster, at: 0).last == Verdict(.crash, .suspected))
        let monitor = cluster.nodes[0].endpoint.monitor
        let evidence = monitor.index(of: dead).map { monitor.evidence(of: $0) }
        #expect(evidence?.provedAlive == nil && evidence?.provedHearing == nil)
        let conflicts = cluster.nodes[0].notices.filter { $0.kind == .conflict }
        #expect(conflicts.map(\.peer) == [host("a10002")] && conflicts.map(\.conflict) == [.ownEvents])
    }

    @Test("two witnesses that hear a host are believed, and the liar beside them changes nothing")
    func living() {
        var cluster = cluster(5, liars: 1)
        cluster.cut(0, 1)
        cluster.run(.seconds(2))
        let verdict = causes(cluster, at: 0).last
        #expect(verdict?.cause == .link || verdict?.cause == .inbound)
        #expect(
            cluster.nodes[2].endpoint.monitor.index(of: dead).map {
                cluster.nodes[2].endpoint.monitor.report(ofPeer: $0).state
            } == .trusted)
    }
}
