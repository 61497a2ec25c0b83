import CausalClock
import Testing

@testable import FailureDetection

/// Which of two events came first, as far as one host knows.
@Suite("order of recent events")
struct RecentEventsTests {
    /// A heartbeat of b, a silence, a suspicion, a heartbeat that knows of it.
    private func run() -> TimelineRun {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... .......... .......... .......... h......... h.........
            b !  T......... ..P....... ....C..... .......... T......... ..........
            c <  h......... h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... .......... ..........
            """)
    }

    private func dot(_ name: String, _ counter: UInt64) -> Dot {
        Dot(host: host(name), epoch: Epoch(10), counter: counter)
    }

    @Test("what a peer knew of us, and what we knew of it, with whose clock shows it")
    func order() throws {
        let run = run()
        let suspicion = try #require(run.notices.first { $0.kind == .suspect }).dot
        // b's second message is the first that knows of the suspicion.
        #expect(
            run.monitor.order(of: suspicion, to: dot("b", 2))
                == KnownOrder(order: .before, basis: [dot("b", 2)]))
        #expect(run.monitor.order(of: dot("b", 3), to: suspicion).order == .after)
        #expect(run.monitor.order(of: dot("b", 1), to: suspicion).order == .before)
        #expect(run.monitor.order(of: suspicion, to: suspicion).order == .same)
        // c's messages before the suspicion were known to it.
        #expect(run.monitor.order(of: dot("c", 2), to: suspicion).order == .before)
    }

    @Test("one host's events, and its incarnations, follow each other")
    func program() {
        let run = run()
        #expect(run.monitor.order(of: dot("x", 2), to: dot("x", 9)).order == .before)
        let later = Dot(host: host("x"), epoch: Epoch(11), counter: 1)
        #expect(run.monitor.order(of: later, to: dot("x", 9)).order == .after)
    }

    @Test("of hosts that said nothing of each other the order is not known")
    func unknown() {
        let run = run()
        #expect(run.monitor.order(of: dot("b", 2), to: dot("c", 4)).order == nil)
        #expect(run.monitor.order(of: dot("x", 2), to: dot("y", 9)).order == nil)
    }

    @Test("the latest are kept, and not more entries than there is space for")
    func bounded() {
        var recent = RecentEvents()
        let entries = Array(repeating: dot("b", 1), count: 1_000)
        for counter in 1...1_000 as ClosedRange<UInt64> {
            recent.append(.init(dot: dot("a", counter), entries: counter < 500 ? [] : entries, isExact: true))
            #expect(recent.events.count <= RecentEvents.capacity)
            #expect(recent.events.reduce(0) { $0 + $1.entries.count } <= RecentEvents.entryCapacity)
            #expect(recent.events.last?.dot.counter == counter)
        }
        #expect(recent.events.count == RecentEvents.entryCapacity / 1_000)
    }

    @Test("every order that is given is the true one", arguments: 0..<20 as Range<UInt64>)
    func sound(seed: UInt64) {
        let run = OrderedRun(seed: seed)
        var answers: [CausalOrder: Int] = [:]
        for left in run.asked {
            for right in run.asked {
                guard let order = run.monitor.order(of: left, to: right).order else { continue }
                answers[order, default: 0] += 1
                #expect(order == run.truth(left, right), "\(left) to \(right)")
            }
        }
        #expect(answers[.before, default: 0] > 100 && answers[.before] == answers[.after])
    }

    @Test("that events are concurrent is only said while clocks have no gaps")
    func gaps() {
        func concurrent(hasGaps: Bool) -> Int {
            (0..<20 as Range<UInt64>).reduce(0) { count, seed in
                let run = OrderedRun(seed: seed, hasGaps: hasGaps)
                let orders = run.asked.flatMap { left in
                    run.asked.map { run.monitor.order(of: left, to: $0).order }
                }
                #expect(orders.contains(.before) && run.monitor.isClockExact != hasGaps)
                return count + orders.count { $0 == .concurrent }
            }
        }
        #expect(concurrent(hasGaps: false) > 50)
        #expect(concurrent(hasGaps: true) == 0)
    }
}

/// A detector and two peers that talk to it and to each other, with the true past of every event.
private struct OrderedRun {
    var monitor: Monitor
    /// Our events that were no messages, and all of the peers'.
    var asked: [Dot] = []
    private var pasts: [Dot: Set<Dot>] = [:]
    private var peers: [VectorClock]
    private var sequences: [UInt64] = [0, 0]
    private let hasGaps: Bool

    /// With `hasGaps` the peers say that their clocks have gaps.
    init(seed: UInt64, hasGaps: Bool = false) {
        self.hasGaps = hasGaps
        var generator = RandomEvents(seed: seed, peers: 2).generator
        let names = ["b", "c"].map(host)
        var now = Instant(nanoseconds: 0)
        monitor = Monitor(
            id: host("a"), epoch: Epoch(5), peers: names.map { peer($0.description) }, seed: seed, at: now)
        peers = names.map { VectorClock(owner: $0, epoch: Epoch(10)) }
        pasts[monitor.clock.dot] = [monitor.clock.dot]
        var effects = Effects()
        var inFlight: [(to: Int, counter: UInt64)] = []
        for _ in 0..<150 {
            now = now + .milliseconds(.random(in: 1...90, using: &generator))
            effects.removeAll()
            effects.ticks = EventLog()
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                let sender = Int.random(in: 0...1, using: &generator)
                tick(sender)
                if Bool.random(using: &generator) { deliver(from: sender, to: 1 - sender) }
                let reception = message(of: sender, at: now)
                monitor.handle(.received(reception), at: now, into: &effects)
                note(effects, from: reception.dot)
            case 1:
                guard let sent = inFlight.popLast() else { continue }
                let known = Dot(host: host("a"), epoch: Epoch(5), counter: sent.counter)
                peers[sent.to].merge(known)
                // What we knew then is what our message carried.
                for entry in vector(of: known) where entry.host != peers[sent.to].owner {
                    peers[sent.to].merge(entry)
                }
                tick(sent.to, after: known)
            default:
                monitor.handle(.wake, at: now, into: &effects)
                note(effects, from: nil)
            }
            for case .send(let outgoing) in effects.items { inFlight.append((outgoing.to, outgoing.counter)) }
        }
    }

    /// The true order.
    func truth(_ left: Dot, _ right: Dot) -> CausalOrder {
        if left == right { return .same }
        if pasts[right]?.contains(left) == true { return .before }
        return pasts[left]?.contains(right) == true ? .after : .concurrent
    }

    private mutating func tick(_ index: Int, after cause: Dot? = nil) {
        let former = peers[index].dot
        peers[index].tick()
        let past = (pasts[former] ?? []).union(cause.flatMap { pasts[$0] } ?? [])
        pasts[peers[index].dot] = past.union([peers[index].dot])
        asked.append(peers[index].dot)
    }

    private mutating func deliver(from sender: Int, to receiver: Int) {
        peers[receiver].merge(peers[sender].dot)
        for entry in peers[sender].entries where entry.host != peers[receiver].owner {
            peers[receiver].merge(entry)
        }
        tick(receiver, after: peers[sender].dot)
    }

    private mutating func message(of sender: Int, at now: Instant) -> InboundMessage {
        sequences[sender] += 1
        var reception = InboundMessage(
            dot: peers[sender].dot, sequence: sequences[sender], sent: now, arrived: now,
            interval: .milliseconds(100), body: .heartbeat, acknowledgedEpoch: nil,
            acknowledgement: LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero),
            clock: peers[sender].entries)
        reception.hasGaps = hasGaps
        return reception
    }

    /// Our events of one turn follow each other; the first may follow a message.
    private mutating func note(_ effects: Effects, from sending: Dot?) {
        for (place, note) in (effects.ticks?.notes ?? []).enumerated() {
            let dot = Dot(host: host("a"), epoch: Epoch(5), counter: note.counter)
            let former = Dot(host: host("a"), epoch: Epoch(5), counter: note.counter - 1)
            var past = pasts[former] ?? []
            if place == 0, let sending { past.formUnion(pasts[sending] ?? []) }
            pasts[dot] = past.union([dot])
            if note.kind.isStateChange { asked.append(dot) }
        }
    }

    /// The latest event of each peer in the past of an event.
    private func vector(of event: Dot) -> [Dot] {
        ["b", "c"].map(host).compactMap { name in
            (pasts[event] ?? []).filter { $0.host == name }.max { $0.counter < $1.counter }
        }
    }
}
