import CausalClock
import FailureDetection
import Foundation
import Testing

/// The id of a name that is one.
private func host(_ name: String) -> HostID {
    guard let id = HostID(name) else { preconditionFailure("\(name) is no id") }
    return id
}

/// A message under way, and with a heartbeat which hosts its sender suspects.
private struct Packet {
    var to: HostID
    var due: Instant
    var bytes: Data
    var opinions: OpinionList?
}

/// Monitors that exchange whole messages as JSON, without a codec of ours.
private struct Exchange {
    var monitors: [Monitor]
    var now = Instant(nanoseconds: 1_000_000_000)
    private var underWay: [Packet] = []
    private(set) var refusals: [Refusal] = []
    private(set) var bodies: [InboundMessage.Body] = []

    init(_ names: [String]) {
        let start = now
        monitors = names.map { name in
            let peers = names.filter { $0 != name }.map {
                PeerSettings(id: host($0), interval: .milliseconds(200))
            }
            return Monitor(id: host(name), epoch: Epoch(1), peers: peers, seed: 1, at: start)
        }
    }

    mutating func run(for span: TimeSpan) throws {
        let end = now + span
        while now < end {
            let due = monitors.compactMap(\.nextDeadline?.instant) + underWay.map(\.due) + [end]
            now = max(now, due.min() ?? end)
            let arrived = underWay.filter { [now] in $0.due <= now }
            underWay.removeAll { [now] in $0.due <= now }
            for index in monitors.indices { try turn(of: index, arrived) }
        }
    }

    private mutating func turn(of index: Int, _ arrived: [Packet]) throws {
        for packet in arrived where packet.to == monitors[index].id {
            var message = try JSONDecoder().decode(InboundMessage.self, from: packet.bytes)
            message.arrived = packet.due
            #expect(message.isWellFormed)
            try handle(.received(message), by: index)
            guard let list = packet.opinions else { continue }
            try handle(.opinions(list, arrived: packet.due), by: index)
        }
        try handle(.wake, by: index)
    }

    private mutating func handle(_ event: Event, by index: Int) throws {
        var effects = Effects()
        monitors[index].handle(event, at: now, into: &effects)
        for effect in effects.items {
            if case .refused(let refusal) = effect { refusals.append(refusal) }
            guard case .send(let outgoing) = effect else { continue }
            bodies.append(outgoing.body)
            let message = monitors[index].message(for: outgoing, at: now)
            underWay.append(
                Packet(
                    to: monitors[index].id(ofPeer: outgoing.to), due: now + .milliseconds(1),
                    bytes: try JSONEncoder().encode(message),
                    opinions: outgoing.body == .heartbeat ? monitors[index].opinionList : nil))
        }
    }
}

@Suite("whole messages")
struct MessageCompositionTests {
    @Test("hosts that exchange them trust each other, blame no link, and refuse nothing")
    func exchange() throws {
        var exchange = Exchange(["a", "b", "c"])
        try exchange.run(for: .seconds(5))
        #expect(exchange.refusals.isEmpty)
        for monitor in exchange.monitors {
            for index in 0..<monitor.count {
                let report = monitor.report(ofPeer: index)
                #expect(report.state == .trusted && report.verdict == nil, "\(report)")
            }
            #expect(monitor.clock.isExact)
        }
    }

    @Test("with opinions and testimonies a crash is confirmed")
    func crash() throws {
        var exchange = Exchange(["a", "b", "c"])
        try exchange.run(for: .seconds(2))
        exchange.monitors.removeLast()
        try exchange.run(for: .seconds(2))
        for monitor in exchange.monitors {
            let report = monitor.report(ofPeer: 1)
            #expect(report.state == .suspected && report.verdict?.cause == .crash)
            #expect(monitor.agreement(on: 1).isQuorum)
        }
        #expect(exchange.bodies.contains { if case .ping = $0 { true } else { false } })
    }

    private func message() -> InboundMessage {
        InboundMessage(
            dot: Dot(host: host("b"), epoch: Epoch(1), counter: 7), sequence: 3,
            sent: Instant(nanoseconds: 1),
            arrived: Instant(nanoseconds: 2), interval: .milliseconds(200), body: .heartbeat,
            acknowledgedEpoch: nil,
            acknowledgement: LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero),
            clock: [
                Dot(host: host("a"), epoch: Epoch(1), counter: 1),
                Dot(host: host("c"), epoch: Epoch(1), counter: 1),
            ])
    }

    @Test("what no host can have sent is not well-formed")
    func malformed() {
        let wrongs: [(String, (inout InboundMessage) -> Void)] = [
            ("no event", { $0.dot.counter = 0 }),
            ("an event after the last", { $0.dot.counter = VectorClock.maximumCounter + 1 }),
            ("no number", { $0.sequence = 0 }),
            ("sent before time began", { $0.sent = Instant(nanoseconds: -1) }),
            ("a negative interval", { $0.interval = TimeSpan(nanoseconds: -1) }),
            ("a negative wait", { $0.body = .pong(nonce: 1, waited: TimeSpan(nanoseconds: -1)) }),
            ("a delta of what is to come", { $0.clockForm = .delta(base: 8) }),
            ("entries out of order", { $0.clock.reverse() }),
            ("its own entry", { $0.clock[0] = Dot(host: host("b"), epoch: Epoch(1), counter: 1) }),
            ("an empty entry", { $0.clock[0].counter = 0 }),
            ("the lower bound of no entry", { $0.lowerBounds = [host("z")] }),
            (
                "two testimonies on one host",
                {
                    let subject = Dot(host: host("c"), epoch: Epoch(1), counter: 1)
                    $0.testimonies = Array(repeating: Testimony(subject: subject, age: .zero), count: 2)
                }
            ),
        ]
        #expect(message().isWellFormed)
        for (what, breaks) in wrongs {
            var message = message()
            breaks(&message)
            #expect(!message.isWellFormed, "\(what)")
        }
    }

    @Test("a list that no host can have written is not well-formed")
    func malformedOpinions() {
        let dot = Dot(host: host("b"), epoch: Epoch(1), counter: 7)
        func isWellFormed(_ opinions: [Opinion]) -> Bool { OpinionList(opinions, at: dot).isWellFormed }
        #expect(
            isWellFormed([]) && isWellFormed([opinion(of: "a", counter: 1), opinion(of: "c", counter: 7)]))
        #expect(!isWellFormed([opinion(of: "b", counter: 1)]), "of itself")
        #expect(!isWellFormed([opinion(of: "c", counter: 8)]), "of its future")
        #expect(!isWellFormed([opinion(of: "c", counter: 0)]), "of no event")
        #expect(!isWellFormed([opinion(of: "c", counter: 1), opinion(of: "a", counter: 1)]), "descending")
    }

    private func opinion(of subject: String, counter: UInt64) -> Opinion {
        Opinion(
            subject: host(subject), epoch: Epoch(1), verdict: Verdict(.crash, .suspected),
            isAfterAnother: false, counter: counter)
    }

    @Test("an id is checked when it is read")
    func ids() throws {
        let name = try JSONDecoder().decode(HostID.self, from: Data(#""db1""#.utf8))
        #expect(name == host("db1"))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(HostID.self, from: Data(#""a b""#.utf8))
        }
    }
}

@Suite("what a program that embeds the detector tests itself with")
struct ConstructionTests {
    @Test("everything that the detector hands out can be constructed")
    func construction() {
        let now = Instant(nanoseconds: 7)
        var evidence = Evidence(
            detector: .median(margin: .milliseconds(20)), interval: .milliseconds(200), deadline: now)
        evidence.probes = [Probe(nonce: 1, sent: now, timeout: .milliseconds(25))]
        evidence.news = IndirectNews(
            witness: host("c"), arrived: now, dot: Dot(host: host("b"), epoch: Epoch(1), counter: 2))
        evidence.agreement = Agreement(observers: 2, needed: 2)
        evidence.postponements = [Postponement(rule: .losses, duration: .milliseconds(5))]
        var notice = Notice(
            kind: .suspect, dot: Dot(host: host("a"), epoch: Epoch(1), counter: 1), at: now, peer: host("b"),
            verdict: Verdict(.crash, .suspected), evidence: evidence)
        notice.share = SilentShare(silent: 3, members: 4)
        notice.restartSeries = RestartSeries(count: 3, duration: .seconds(2))
        let message = OutboundMessage(
            to: 0, body: .heartbeat, counter: 1, sequence: 1, interval: .milliseconds(200), sent: now)
        let arrival = Arrival(
            peer: 0, epoch: Epoch(1), sequence: 1, sign: LifeSign(sent: now, arrived: now),
            interval: .milliseconds(200))
        var effects = Effects()
        for effect in [Effect.notice(notice), .send(message), .heartbeat(arrival)] { effects.append(effect) }
        #expect(effects.items.count == 3 && evidence.agreement.isQuorum)
    }
}

@Suite("durations")
struct DurationConversionTests {
    @Test("become lengths of time and come back", arguments: [0, 1, -1, 1_500_000_000, Int64.max, Int64.min])
    func roundTrip(nanoseconds: Int64) {
        let span = TimeSpan(nanoseconds: nanoseconds)
        #expect(TimeSpan(Duration(span)) == span)
    }

    @Test("lose what is shorter than a nanosecond, and end at the longest length")
    func limits() {
        #expect(
            TimeSpan(.nanoseconds(7) + Duration(secondsComponent: 0, attosecondsComponent: 999_999_999))
                == TimeSpan(nanoseconds: 7))
        #expect(TimeSpan(.seconds(Int64.max)) == .maximum)
    }
}
