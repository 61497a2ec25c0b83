import Glibc
import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// An attacker without a key that sees and can repeat every datagram of two daemons that have one.
    @Suite("an attacker on the path")
    struct HostilePathTests {
        /// What no host without a key may bring about.
        private static let forbidden: [ReportedEventKind] = [
            .suspect, .isolated, .restart, .leave, .conflict, .asymmetric, .flapping,
        ]

        private func expectUnmoved(_ tap: Wiretap) throws {
            try tap.becomeTrusting()
            for daemon in tap.cluster.daemons {
                let reported = try daemon.events().filter { Self.forbidden.contains($0.event) }
                #expect(reported.isEmpty, "\(daemon.logText)")
            }
            #expect(try tap.cluster["a"].peer("b").address == tap.toB.socket.address.description)
            #expect(try tap.cluster["b"].peer("a").address == tap.toA.socket.address.description)
        }

        private func attacker() throws -> PortHolder {
            try PortHolder(host: try #require(SocketAddress(parsing: "127.0.0.9:0")))
        }

        @Test(
            "replays, cuts, lengthens and damages datagrams from elsewhere: all are refused, nothing is answered"
        )
        func alteredCopies() throws {
            let (tap, attacker) = (try Wiretap(), try attacker())
            for daemon in tap.cluster.daemons { try daemon.launch() }
            try tap.becomeTrusting()
            // What was sent to one that did not listen yet was never heard, so it would be no replay.
            tap.forget()
            try tap.carry(milliseconds: 1_000)
            var sent = tap.toA.recorded + tap.toB.recorded
            let model = try #require(sent.last)
            sent += model.indices.map { Array(model[..<$0]) }
            sent += stride(from: 1, to: 60_000, by: 997).map { model + [UInt8](repeating: 0, count: $0) }
            sent += (0..<model.count * 8).map { bit in
                var damaged = model
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                return damaged
            }
            let before = try refused(tap)
            for address in tap.cluster.addresses { try attacker.send(sent, to: address) }
            let areRefused = try tap.carry { try refused(tap) - before >= 2 * sent.count }
            #expect(areRefused, "not all of \(2 * sent.count)")
            #expect(try attacker.takeAll().isEmpty)
            try expectUnmoved(tap)
        }

        @Test(
            "delivers everything late, in reverse, and from elsewhere: no peer is suspected or taken for another"
        )
        func reordered() throws {
            let (tap, attacker) = (try Wiretap(), try attacker())
            for daemon in tap.cluster.daemons { try daemon.launch() }
            try tap.becomeTrusting()
            for _ in 0..<20 {
                tap.forget()
                tap.isHolding = true
                try tap.carry(milliseconds: 120)
                for direction in [tap.toA, tap.toB] {
                    try attacker.send(direction.recorded.reversed(), to: direction.destination)
                }
                tap.isHolding = false
                try tap.carry(milliseconds: 30)
            }
            try expectUnmoved(tap)
        }

        @Test(
            "plays recordings of a peer that is dead: it stays suspected, also by an observer that restarts")
        func recordings() throws {
            let (tap, attacker) = (try Wiretap(), try attacker())
            let (a, b) = (tap.cluster["a"], tap.cluster["b"])
            for daemon in tap.cluster.daemons { try daemon.launch() }
            try tap.becomeTrusting()
            try tap.carry(milliseconds: 1_000)
            let recording = tap.toA.recorded
            try b.kill()
            let finds = try tap.carry { try a.peer("b").state == .suspected }
            #expect(finds)
            try play(recording, by: attacker, in: tap)
            #expect(try a.peer("b").state == .suspected)
            try a.kill()
            try a.start()
            try play(recording, by: attacker, in: tap)
            #expect(try a.events(.trust).isEmpty, "\(a.logText)")
            #expect(try a.peer("b").state != .trusted)
            try b.launch()
            try tap.becomeTrusting()
            try play(recording, by: attacker, in: tap)
            try tap.becomeTrusting()
            #expect(try a.events(.conflict).isEmpty, "\(a.logText)")
        }

        private func play(_ recording: [[UInt8]], by attacker: PortHolder, in tap: Wiretap) throws {
            for _ in 0..<5 {
                try attacker.send(recording, to: tap.toA.destination)
                try tap.carry(milliseconds: 100)
            }
        }

        private func refused(_ tap: Wiretap) throws -> Int {
            try tap.cluster.daemons.reduce(0) {
                try $0 + $1.status().dropped.reduce(0) { $0 + $1.count }
            }
        }
    }
}
