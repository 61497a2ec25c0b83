import CausalClock
import FailureDetection
import LinuxIO
import TestSupport
import Testing

@testable import Configuration
@testable import Daemon
@testable import Wire

/// Two endpoints, a network between them in which addresses come and go, and a name server for one name.
private struct Bench {
    var observer: Endpoint
    var subject: Endpoint
    var book = AddressBook()
    var now = Instant(nanoseconds: 1_000_000_000_000)
    /// What the name stands for; `nil` while it does not resolve.
    var name: [UInt32]?
    /// At which addresses the subject is reached, and from which it sends.
    var alive: Set<UInt32> = []
    var speaks: UInt32
    var news: [AddressBook.News] = []
    var suspicions = 0
    /// How many datagrams went to each address.
    var sent: [UInt32: Int] = [:]
    /// Whether the network, or our own kernel, says that datagrams to dead addresses fail.
    var reports = false
    /// Whether what the subject sends of its own accord is lost: it goes to a network that has failed.
    var losesHeartbeats = false
    /// Of 100 datagrams to an address, how many are lost.
    var loss: [UInt32: Int] = [:]
    private var chance = SplitMix64(seed: 3)

    init(
        mode: MonitoringMode = .heartbeatAndPing, name: [UInt32]?, alive: Set<UInt32>, speaks: UInt32,
        kept: KeptAddresses = KeptAddresses(), host: String = "b.example"
    ) throws {
        (self.name, self.alive, self.speaks) = (name, alive, speaks)
        observer = try Self.endpoint("a", watching: "b", mode, at: now)
        subject = try Self.endpoint("b", watching: "a", mode, at: now)
        subject.setAddress(Self.address(1), ofPeer: 0)
        book.recall(kept)
        try configure(host)
    }

    mutating func configure(_ host: String) throws {
        let text = """
            security.allow_unauthenticated = true
            [[peer]]
            id = "b"
            address = "\(host):7946"
            """
        let settings = try Configuration.ConfigurationLoader.settings(text)
        book.configure(settings.peers, at: now, endpoint: &observer)
    }

    private static func endpoint(
        _ id: String, watching peer: String, _ mode: MonitoringMode, at now: Instant
    ) throws -> Endpoint {
        let settings = FailureDetection.PeerSettings(
            id: try #require(HostID(peer)), mode: mode, interval: .milliseconds(200),
            detector: .median(margin: .milliseconds(mode == .heartbeat ? 400 : 100)), retries: 4,
            minimumTimeout: .milliseconds(20), maximumTimeout: .seconds(1), startupGrace: .seconds(30))
        let monitor = Monitor(
            id: try #require(HostID(id)), epoch: Epoch(5), peers: [settings], seed: 1, at: now)
        return Endpoint(monitor)
    }

    static func address(_ last: UInt32) -> Wire.NetworkAddress {
        NetworkAddress(SocketAddress(ipv4: 0x0a00_0000 | last, port: 7946))
    }

    var present: UInt32? {
        observer.address(ofPeer: 0).map { UInt32(truncatingIfNeeded: $0.low & 0xff) }
    }

    mutating func run(seconds: Double, answering: Bool = true) {
        for _ in 0..<Int(seconds * 50) { step(answering) }
    }

    /// Runs until the address in use is another; how many seconds that took.
    mutating func runUntil(_ address: UInt32, within seconds: Double) -> Double? {
        let begin = now
        while present != address {
            guard now - begin < .milliseconds(Int64(seconds * 1_000)) else { return nil }
            step(true)
        }
        return Double((now - begin).nanoseconds) / 1e9
    }

    private mutating func step(_ answering: Bool) {
        now = now + .milliseconds(20)
        for host in book.takeDue(at: now) where answering {
            let failure = NameResolutionError(
                host: host, reason: "Name or service not known", isTemporary: false)
            let addresses = name.map { $0.map { SocketAddress(ipv4: 0x0a00_0000 | $0, port: 0) } }
            book.take(.init(host: host, result: addresses.map { .success($0) } ?? .failure(failure)), at: now)
        }
        var (mine, theirs) = (Outbox(), Outbox())
        observer.wake(at: now, into: &mine)
        subject.wake(at: now, into: &theirs)
        if losesHeartbeats { theirs.removeAll() }
        book.review(at: now, endpoint: &observer, into: &mine)
        news += book.takeNews()
        // Until nothing is answered any more.
        for _ in 0..<4 {
            (mine, theirs) = carry(mine, theirs)
            book.review(at: now, endpoint: &observer, into: &mine)
            news += book.takeNews()
        }
    }

    private mutating func carry(_ mine: Outbox, _ theirs: Outbox) -> (Outbox, Outbox) {
        var (myNext, theirNext) = (Outbox(), Outbox())
        suspicions += mine.notices.count { $0.kind == .suspect }
        for datagram in mine.datagrams {
            let last = UInt32(truncatingIfNeeded: datagram.destination.low & 0xff)
            sent[last, default: 0] += 1
            guard Int(chance.next() % 100) >= loss[last] ?? 0 else { continue }
            guard alive.contains(last) else {
                if reports { book.noteFailure(ofPeer: 0, at: now) }
                continue
            }
            let bytes = Array(mine.arena[datagram.start..<datagram.start + datagram.count])
            subject.receive(bytes.span, from: Self.address(1), arrived: now, at: now, into: &theirNext)
        }
        for datagram in theirs.datagrams {
            let bytes = Array(theirs.arena[datagram.start..<datagram.start + datagram.count])
            observer.receive(bytes.span, from: Self.address(speaks), arrived: now, at: now, into: &myNext)
        }
        return (myNext, theirNext)
    }
}

/// Settings as a file with this text gives them.
extension Configuration.ConfigurationLoader {
    static func settings(_ text: String) throws -> Settings {
        let folder = try TestFolder()
        try writeFile(text, to: "\(folder.path)/a.toml")
        return try load(path: "\(folder.path)/a.toml").settings
    }
}

@Suite("an address is kept while it acknowledges, and left for one that does")
struct AddressBookTests {
    @Test(
        "of a name whose first address no host has, the next one is found within a second",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping])
    func deadFirst(mode: MonitoringMode) throws {
        var bench = try Bench(mode: mode, name: [2, 3], alive: [3], speaks: 3)
        let time = bench.runUntil(3, within: 10)
        let found = try #require(time)
        #expect(found < 1)
        bench.run(seconds: 60)
        #expect(bench.present == 3 && bench.suspicions == 0 && bench.sent[2] ?? 0 < 20)
        // It never answered at the first, so that was no address that any host relied on.
        #expect(bench.news.count <= 1)
    }

    @Test(
        "when the address in use goes away, the others are asked, although the peer is heard",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat])
    func lost(mode: MonitoringMode) throws {
        var bench = try Bench(mode: mode, name: [2, 3, 4], alive: [2, 4], speaks: 4)
        bench.run(seconds: 5)
        #expect(bench.present == 2 && bench.news == [])
        bench.alive = [4]
        let time = bench.runUntil(4, within: 20)
        let found = try #require(time)
        #expect(found < 4, "\(found)")
        bench.run(seconds: 60)
        let moved = AddressBook.News.moved(
            peer: "b", from: Bench.address(2), to: Bench.address(4), isGuess: false)
        #expect(bench.present == 4 && bench.news == [moved])
    }

    @Test(
        "when one of two networks fails, the pings of the first round ask the other: nothing is suspected",
        arguments: [MonitoringMode.heartbeatAndPing, .ping], 0..<10)
    func oneOfTwo(mode: MonitoringMode, phase: Int) throws {
        var bench = try Bench(mode: mode, name: [2, 3], alive: [2, 3], speaks: 2)
        bench.run(seconds: 5 + Double(phase) * 0.02)
        (bench.alive, bench.speaks, bench.losesHeartbeats) = ([3], 3, true)
        let time = bench.runUntil(3, within: 20)
        let found = try #require(time)
        #expect(found < 4, "\(found)")
        bench.run(seconds: 5)
        #expect(bench.suspicions == 0)
    }

    @Test(
        "an address that loses much is left for one that does not, once and for good",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping], [30, 45, 60])
    func lossy(mode: MonitoringMode, loss: Int) throws {
        var bench = try Bench(mode: mode, name: [2, 3], alive: [2, 3], speaks: 2)
        bench.run(seconds: 5)
        bench.loss = [2: loss]
        let time = bench.runUntil(3, within: 300)
        let found = try #require(time)
        #expect(found < 120, "\(found)")
        bench.run(seconds: 1_200)
        #expect(bench.present == 3 && bench.news.count == 1, "\(bench.news)")
        // And back, should that become worse.
        bench.loss = [3: loss]
        #expect(bench.runUntil(2, within: 900) != nil)
    }

    @Test(
        "addresses that share their losses are not left one for the other, and comparing them costs little",
        arguments: [10, 30, 50])
    func shared(loss: Int) throws {
        var bench = try Bench(name: [2, 3, 4], alive: [2, 3, 4], speaks: 2)
        bench.loss = [2: loss, 3: loss, 4: loss]
        bench.run(seconds: 3_600)
        #expect(bench.news.count <= 1, "\(bench.news)")
        #expect(bench.sent[2, default: 0] + bench.sent[3, default: 0] > 17_000)
        let asides = bench.sent.filter { $0.key != bench.present }.values.reduce(0, +)
        #expect(asides < 2_000 || !bench.news.isEmpty, "\(bench.sent)")
    }

    @Test("a report that it fails is enough to ask, and not to leave an address that works")
    func report() throws {
        var bench = try Bench(name: [2, 3], alive: [2, 3], speaks: 2)
        bench.run(seconds: 5)
        for _ in 0..<20 {
            bench.book.noteFailure(ofPeer: 0, at: bench.now)
            bench.run(seconds: 1)
        }
        #expect(bench.present == 2 && bench.news == [])
        bench.alive = [3]
        bench.reports = true
        let time = bench.runUntil(3, within: 20)
        let found = try #require(time)
        #expect(found < 2, "\(found)")
    }

    @Test(
        "a peer that moves is found as soon as its name stands for its new address, although it is heard all the time"
    )
    func renumbered() throws {
        var bench = try Bench(name: [2], alive: [2], speaks: 2)
        bench.run(seconds: 20)
        (bench.name, bench.alive, bench.speaks) = ([9], [9], 9)
        let time = bench.runUntil(9, within: 60)
        let found = try #require(time)
        #expect(found < 4, "\(found)")
        #expect(bench.suspicions == 0)
    }

    @Test("a name that changes to an address that does not answer takes the working one not away")
    func wrongName() throws {
        var bench = try Bench(name: [2], alive: [2], speaks: 2)
        bench.run(seconds: 5)
        bench.name = [66]
        bench.run(seconds: 120)
        #expect(bench.present == 2 && bench.suspicions == 0)
        // And one that does is taken, without waiting for the old one to fail.
        (bench.name, bench.alive) = ([9], [2, 9])
        try bench.configure("b.example")
        let time = bench.runUntil(9, within: 60)
        let found = try #require(time)
        #expect(found < 1)
    }

    @Test("that a name does not resolve is reported once, and once that it does again; nothing else changes")
    func unresolved() throws {
        var bench = try Bench(name: [2], alive: [2], speaks: 2)
        bench.run(seconds: 5)
        bench.name = nil
        bench.run(seconds: 200)
        #expect(bench.present == 2 && bench.suspicions == 0 && bench.news.count == 1)
        let failure = try #require(bench.book.failure(0))
        #expect(failure.contains("Name or service not known"))
        bench.name = [2]
        bench.run(seconds: 200)
        #expect(bench.news.count == 2 && bench.news.last == .resolved(host: "b.example", peers: ["b"]))
        #expect(bench.book.failure(0) == nil)
    }

    @Test(
        "a restart while no name server answers continues where the peer answered last, until its name resolves"
    )
    func restarted() throws {
        var first = try Bench(name: [2, 3], alive: [3], speaks: 3)
        first.run(seconds: 5)
        let written = first.book.takeFile(at: first.now)
        let file = try #require(written)
        #expect(String(decoding: file, as: UTF8.self) == "b b.example:7946 10.0.0.3:7946\n")
        var second = try Bench(name: nil, alive: [3], speaks: 3, kept: KeptAddresses(file))
        #expect(second.present == 3)
        second.run(seconds: 30, answering: false)
        #expect(second.present == 3 && second.observer.monitor.state(ofPeer: 0) == .trusted)
        // Another name is another host.
        let other = try Bench(name: nil, alive: [3], speaks: 3, kept: KeptAddresses(file), host: "c.example")
        #expect(other.present == nil)
    }

    @Test("a reload that misspells a name leaves the address that works")
    func misspelt() throws {
        var bench = try Bench(name: [2], alive: [2], speaks: 2)
        bench.run(seconds: 5)
        bench.name = nil
        try bench.configure("b.exmaple")
        bench.run(seconds: 30)
        #expect(bench.present == 2 && bench.suspicions == 0)
    }

    @Test("an address with the name of an interface is a name, one with its number is not")
    func zones() throws {
        for (text, isName) in [
            ("[fe80::2%eth0]:1", true), ("[fe80::2%2]:1", false), ("[fe80::2]:1", false), ("b:1", true),
            ("10.0.0.1:1", false),
        ] {
            #expect(try Configuration.NetworkAddress.parse(text).isName == isName, "\(text)")
        }
    }

    @Test("what was kept is read again as it was, and damage costs no more than its line")
    func keptFile() {
        let text = "a a.example:1 10.0.0.1:1\nrubbish\nb b:2 [::1]:2\nc c:3 nowhere\n"
        var kept = KeptAddresses(Array(text.utf8))
        #expect(kept.address(of: "b", configured: "b:2") == .loopbackIPv6(port: 2))
        #expect(
            kept.address(of: "b", configured: "b:3") == nil && kept.address(of: "c", configured: "c:3") == nil
        )
        #expect(!kept.isChanged)
        kept.keep(only: ["b"])
        #expect(kept.isChanged)
        let text2 = String(decoding: kept.takeText(), as: UTF8.self)
        #expect(text2 == "b b:2 [::1]:2\n")
    }
}
