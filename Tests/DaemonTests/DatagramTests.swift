import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// What the network can do to a daemon: be counted.
    @Suite("datagrams from elsewhere")
    struct DatagramTests {
        @Test("fifty thousand datagrams of junk are counted by reason, and no peer is suspected")
        func flood() throws {
            let cluster = try TestCluster()
            try cluster.start()
            let (daemon, sender) = (cluster["a"], try PortHolder())
            var junk = Junk(of: try Stranger("stranger", to: "a"))
            for _ in 0..<100 {
                try sender.send(junk.next(500), to: cluster.addresses[0])
                // An answer comes only after all of these were read: so the queue never overflows.
                _ = try daemon.status()
            }
            let status = try daemon.status()
            let refused = status.dropped.reduce(0) { $0 + $1.count }
            #expect(refused + status.health.kernelDrops >= 50_000)
            #expect(refused >= 45_000)
            for reason in ["malformed", "version", "oversized", "unknown-peer", "misaddressed"] {
                #expect(try daemon.refused(reason) > 0, "\(status.dropped)")
            }
            #expect(daemon.logLines.count < 100, "\(daemon.logText)")
            try cluster.becomeTrusting()
            for observer in cluster.daemons { #expect(try !observer.hasSuspected()) }
            // What is in order still counts.
            let heard = try daemon.peer("b").lastHeardUSec ?? 0
            let hearsOn = try eventually { try daemon.peer("b").lastHeardUSec ?? 0 > heard + 1_000 }
            #expect(hearsOn)
        }

        @Test("a datagram from an id that is no peer is counted, and noted with the remedy")
        func unknownPeer() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            var stranger = try Stranger("stranger", to: "a")
            let sender = try PortHolder()
            try sender.send(stranger.datagrams(5), to: cluster.addresses[0])
            let isCounted = try eventually { try cluster["a"].refused("unknown-peer") == 5 }
            #expect(isCounted)
            // At the first, the second and the fourth.
            let isNoted = eventually { remarks(of: cluster["a"]).count == 3 }
            #expect(isNoted)
            #expect(remarks(of: cluster["a"]).first?.contains(sender.address.description) == true)
        }

        private func remarks(of daemon: TestDaemon) -> [Substring] {
            daemon.logLines.filter {
                $0.contains("its id, \"stranger\", is not among the peers; add a [[peer]] entry")
            }
        }

        @Test("a datagram that carries the receiver's own id is a conflict")
        func ownIdentity() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            var impostor = try Stranger("a", to: "a")
            try PortHolder().send(impostor.datagrams(1), to: cluster.addresses[0])
            let tells = try eventually { try cluster["a"].events(.conflict).count == 1 }
            #expect(tells)
            let reason = try cluster["a"].events(.conflict).first?.evidence.reason ?? ""
            #expect(reason.contains("give every node an id of its own"))
        }

        @Test(
            "two daemons with one id are a conflict, reported a few times and not indefinitely",
            arguments: [0, 100])
        func twoOfOneID(secondsLater: Int) throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let port = try freeAddresses(1)[0].port
            let peers = [("a", "127.0.0.1:\(port)"), ("b", cluster.addresses[1].description)]
            let folder = try TestFolder()
            let twin = try TestDaemon("a", in: folder) { TestCluster.configuration(of: $0, peers: peers) }
            let epoch = try cluster["a"].status().epoch + secondsLater
            try writeFile("a \(epoch - 1)\n", to: "\(twin.stateFolder)/epoch")
            try twin.start()
            let all = cluster.daemons + [twin]
            let isReported = try eventually { try all.contains { try !$0.events(.conflict).isEmpty } }
            #expect(isReported)
            letPass(milliseconds: 1_000)
            for daemon in all { #expect(try daemon.events(.conflict).count < 5, "\(daemon.logText)") }
        }
    }
}

/// An endless mix of what is no datagram of suspectd's: noise, and good ones of a stranger spoilt.
private struct Junk {
    private var generator = SeededGenerator(seed: 42)
    private let models: [[UInt8]]

    init(of stranger: consuming Stranger) { models = stranger.datagrams(32) }

    mutating func next(_ count: Int) -> [[UInt8]] { (0..<count).map { _ in next() } }

    private mutating func next() -> [UInt8] {
        guard generator.next(below: 4) > 0 else { return noise() }
        var datagram = models[generator.next(below: models.count)]
        spoil(&datagram)
        // Half of them under a right checksum, so that the decoder behind it has work too.
        return generator.next(below: 2) == 0 ? datagram : resealed(datagram)
    }

    private mutating func noise() -> [UInt8] {
        (0..<generator.next(below: 1_400)).map { _ in UInt8(generator.next(below: 256)) }
    }

    private mutating func spoil(_ datagram: inout [UInt8]) {
        switch generator.next(below: 4) {
        case 0: datagram.removeLast(generator.next(below: datagram.count))
        case 1: datagram += (0...generator.next(below: 1_300)).map { _ in 7 }
        case 2: datagram[generator.next(below: datagram.count)] = UInt8(generator.next(below: 256))
        default: datagram[generator.next(below: datagram.count)] ^= 1 << UInt8(generator.next(below: 8))
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
