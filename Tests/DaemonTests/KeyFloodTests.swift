import Glibc
import LinuxIO
import Sealing
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// An attacker who has stolen the key, and sees nothing of what the daemons send each other.
    @Suite("a flood under a stolen key")
    struct KeyFloodTests {
        private static let forbidden: [ReportedEventKind] = [
            .suspect, .isolated, .restart, .leave, .conflict, .asymmetric, .flapping,
        ]

        /// First contacts: of hosts that no host knows, and of a peer in incarnations that no host has heard of.
        private func contacts(with daemon: TestDaemon, _ keyring: Keyring) throws -> [[UInt8]] {
            let epoch = UInt64(try daemon.status().epoch)
            var strangers = try (1...24 as ClosedRange<UInt64>).map { number in
                try Stranger(
                    number.isMultiple(of: 3) ? "stranger\(number)" : "b", to: daemon.id,
                    epoch: epoch + number * 100, sealer: keyring)
            }
            return strangers.indices.flatMap { strangers[$0].datagrams(100) }
        }

        @Test(
            "first contacts from 65,536 addresses: peers stay trusted, memory and log short, answers few and small"
        )
        func firstContacts() throws {
            let cluster = try TestCluster(["a", "b", "c"])
            let keyring = try cluster.giveKey()
            try cluster.start()
            let daemon = cluster["a"]
            let contacts = try contacts(with: daemon, keyring)
            let flooder = try ManyAddresses()
            var answers: [Int] = []
            var used: [Int] = []
            let began = Clocks.monotonic()
            for number in 0..<65_536 {
                try flooder.send(contacts[number % contacts.count], to: cluster.addresses[0])
                guard number % 128 == 127 else { continue }
                // An answer comes only after all of these were read: so the queue never overflows.
                if try daemon.status().uptimeUSec > 0 { answers += flooder.answers() }
                if number % 8_192 == 8_191 { used.append(try memory(of: daemon)) }
            }
            let took = Double(Clocks.monotonic() - began) / Double(second)
            let status = try daemon.status()
            #expect(status.datagramsReceived > 40_000, "\(status.dropped)")
            #expect(try daemon.refused("unknown-peer") > 20_000)
            #expect(used[7] - used[1] < 256, "\(used) KiB")
            #expect(!answers.isEmpty && Double(answers.count) <= 100 + 500 * (took + 1))
            #expect(try #require(answers.max()) <= #require(contacts.map(\.count).max()))
            #expect(daemon.logLines.count < 60, "\(daemon.logText)")
            for daemon in cluster.daemons {
                let reported = try daemon.events().filter { Self.forbidden.contains($0.event) }
                #expect(reported.isEmpty, "\(daemon.logText)")
                #expect(daemon.trustsEveryone)
            }
        }

        /// Its memory that is no file's, in KiB.
        private func memory(of daemon: TestDaemon) throws -> Int {
            let status = textOfFile("/proc/\(try #require(daemon.processID))/status")
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
            return try #require(Int(line.filter(\.isNumber)))
        }
    }
}

extension TestCluster {
    /// Writes a key into the configuration of every daemon, before they start.
    fileprivate func giveKey() throws -> Keyring {
        let path = "\(folder.path)/key"
        try SecretFile.create(Array(try SealingKey.newFile().utf8), at: path)
        for daemon in daemons {
            let text = textOfFile(daemon.configuration) + "[security]\nkeys = [\"\(path)\"]\n"
            try writeFile(text, to: daemon.configuration)
        }
        return try #require(try KeyFiles.load([path]))
    }
}
