import CausalClock
import Configuration
import FailureDetection
import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

@testable import Daemon

/// What clients of the status socket can cost the loop (docs/ARCHITECTURE.md, rule 3).
@Suite("the loop's share of serving clients")
struct StatusDeskTests {
    /// The documented bound for one view of 4,096 peers, ten times over for a debug build on a busy machine.
    private static let bound = Duration.milliseconds(50)

    @Test(
        "a view of all peers costs the loop a bounded slice, whatever is asked of it",
        arguments: [1_000, 4_000])
    func slice(peers: Int) throws {
        var state = try state(of: peers)
        let exchange = try StatusExchange(wakingLoopBy: WakeupDescriptor())
        var costs: [Duration] = []
        for ticket in 1...UInt64(9) {
            var desk = StatusDesk(exchange)
            exchange.ask(.view(ticket: ticket))
            costs.append(
                ContinuousClock().measure {
                    desk.takeAll(state: &state)
                    desk.show(&state)
                })
            let views = exchange.takeDeliveries().items.compactMap { delivery in
                if case .view(let view) = delivery { view } else { nil }
            }
            #expect(views.map(\.ticket) == [ticket])
            #expect(try #require(views.first).state.peers().count == peers)
        }
        // Load makes each run longer, and none shorter.
        #expect(try #require(costs.min()) < Self.bound / (4_000 / peers), "\(costs)")
    }

    @Test("views that are asked for without end take a twentieth of the loop's time at most")
    func share() throws {
        var state = try state(of: 4_000)
        let exchange = try StatusExchange(wakingLoopBy: WakeupDescriptor())
        var desk = StatusDesk(exchange)
        let began = Clocks.monotonic()
        exchange.ask(.view(ticket: 1))
        desk.takeAll(state: &state)
        desk.show(&state)
        let cost = Clocks.monotonic() - began
        #expect(desk.viewDeadline == .never)
        exchange.ask(.view(ticket: 2))
        desk.takeAll(state: &state)
        let rest = desk.viewDeadline - state.now
        #expect(rest > .zero && rest <= TimeSpan(nanoseconds: cost) * StatusDesk.share)
        desk.show(&state)
        #expect(exchange.takeDeliveries().items.count == 1, "not before it is due")
        state.now = desk.viewDeadline
        desk.show(&state)
        #expect(exchange.takeDeliveries().items.count == 1)
    }

    private func state(of count: Int) throws -> NodeState {
        let folder = try TestFolder()
        let path = "\(folder.path)/many.toml"
        let peers = (0..<count).map { number in
            "[[peer]]\nid = \"p\(number)\"\naddress = \"127.1.\(number / 250).\(number % 250 + 1):9\"\n"
        }
        try writeFile("[node]\nid = \"hub\"\nlisten = [\"127.0.0.1:7946\"]\n" + peers.joined(), to: path)
        let loaded = try ConfigurationLoader.load(path: path)
        let now = Instant(nanoseconds: Clocks.boottime())
        let monitor = Monitor(
            id: try #require(HostID("hub")), epoch: Epoch(1),
            peers: loaded.settings.peers.compactMap { FailureDetection.PeerSettings($0) }, seed: 1, at: now)
        return NodeState(configuration: loaded, path: path, monitor: monitor, keyring: nil, at: now)
    }
}

extension StatusDesk {
    /// Takes all requests, in as many turns as that needs on a machine that is busy with something else.
    fileprivate mutating func takeAll(state: inout NodeState) {
        repeat { _ = takeRequests(state: &state) } while hasWork
    }
}

extension RealDaemons {
    /// Local users who ask for all that there is, again and again.
    @Suite("clients that ask for much")
    struct GreedyClientTests {
        @Test("four who ask for cuts of a thousand peers without end hold up no heartbeat")
        func cuts() throws {
            let strangers = (0..<1_000).map {
                (id: "p\($0)", address: "127.1.\($0 / 250).\($0 % 250 + 1):9")
            }
            let cluster = try TestCluster(["a", "b"])
            let daemon = cluster["a"]
            let whole = textOfFile(daemon.configuration)
            let more = strangers.map {
                "[[peer]]\nid = \"\($0.id)\"\naddress = \"\($0.address)\"\nheartbeat_interval = \"10s\"\n"
            }
            try writeFile(whole + more.joined(), to: daemon.configuration)
            try daemon.launch()
            try cluster["b"].start()
            let trusts = eventually { (try? cluster["b"].peer("a").state) == .trusted }
            try #require(trusts)
            let clients = try (0..<4).map { _ in try daemon.client() }
            let call = try VarlinkMessage.call(MonitorMethod.getCut.fullName).bytes
            let end = Clocks.monotonic() + 3 * second
            var answers = 0
            while Clocks.monotonic() < end {
                for client in clients { try client.send(call) }
                for client in clients where try client.nextReply() != nil { answers += 1 }
            }
            #expect(answers > 0)
            #expect(try cluster["b"].peer("a").suspicions == 0, "\(cluster["b"].logText)")
        }

        @Test(
            "a status socket that is unlinked or replaced is made again within seconds, and reported once",
            arguments: [false, true])
        func unlinked(isReplaced: Bool) throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let before = try daemon.client()
            #expect(unlink(daemon.socket) == 0)
            if isReplaced { _ = try UnixListener(binding: daemon.socket).path }
            let answers = eventually { (try? daemon.status().trusted) == 1 }
            #expect(answers)
            let isReported = eventually {
                daemon.logText.contains("had been removed or replaced, and was made again")
            }
            #expect(isReported, "\(daemon.logText)")
            #expect(
                try before.call(.getStatus, as: GetStatusReply.self).status.trusted == 1,
                "a client that was connected stays")
            #expect(daemon.logText.split(separator: "was made again").count == 2)
            try daemon.send(SIGTERM)
            #expect(try daemon.waitForEnd() == .exited(0))
            #expect(access(daemon.socket, F_OK) != 0)
        }
    }
}
