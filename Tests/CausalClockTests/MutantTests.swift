import CausalClock
import TestSupport
import Testing

/// Mistakes that clocks in use have had; each breaks a law that is tested here, so the laws would find it.
enum ClockMistake: CaseIterable {
    /// Merging goes through the entries that are there already, so that new hosts are never learnt.
    case oneSideOnly
    /// Merging takes the owner's entry from a message.
    case mergesOwn
    /// What is refused counts as an event.
    case ticksOnJunk
    /// What was merged counts as received: the owner's entry in one's own clock is taken for an acknowledgement.
    case acknowledgesMerged
    /// After the largest counter comes zero.
    case wraps
}

/// What the laws are asked of.
protocol ClockUnderTest {
    init(owner: HostID, counter: UInt64)
    var dot: Dot { get }
    var all: [Dot] { get }
    mutating func tick()
    mutating func receive(_ message: [Dot])
    mutating func refuse(_ junk: [UInt8])
    func includes(_ event: Dot) -> Bool
    /// The latest event of `sender` that this clock's owner would acknowledge.
    func acknowledged(of sender: HostID, received: UInt64) -> UInt64
}

/// The real clock.
struct RealClock: ClockUnderTest {
    private var clock: VectorClock

    init(owner: HostID, counter: UInt64) {
        clock = VectorClock(owner: owner, epoch: Epoch(1), counter: counter)
    }

    var dot: Dot { clock.dot }
    var all: [Dot] { (clock.entries + [clock.dot]).sorted { $0.host < $1.host } }
    mutating func tick() { clock.tick() }
    mutating func receive(_ message: [Dot]) {
        clock.merge(message) { _ in }
        clock.tick()
    }
    mutating func refuse(_ junk: [UInt8]) {}
    func includes(_ event: Dot) -> Bool { clock.includes(event) }
    func acknowledged(of sender: HostID, received: UInt64) -> UInt64 { received }
}

/// A clock with one mistake.
struct MistakenClock: ClockUnderTest {
    var mistake: ClockMistake?
    private let owner: HostID
    private var counters: [HostID: UInt64]

    init(owner: HostID, counter: UInt64) {
        self.owner = owner
        counters = [owner: counter]
    }

    var dot: Dot { Dot(host: owner, epoch: Epoch(1), counter: counters[owner] ?? 0) }

    var all: [Dot] {
        counters.map { Dot(host: $0.key, epoch: Epoch(1), counter: $0.value) }.sorted { $0.host < $1.host }
    }

    mutating func tick() {
        let counter = counters[owner] ?? 0
        let isLast = counter >= VectorClock.maximumCounter
        counters[owner] = isLast ? (mistake == .wraps ? 0 : counter) : counter + 1
    }

    mutating func receive(_ message: [Dot]) {
        for entry in message where entry.host != owner || mistake == .mergesOwn {
            if mistake == .oneSideOnly, counters[entry.host] == nil { continue }
            counters[entry.host] = max(counters[entry.host] ?? 0, entry.counter)
        }
        tick()
    }

    mutating func refuse(_ junk: [UInt8]) { if mistake == .ticksOnJunk { tick() } }

    func includes(_ event: Dot) -> Bool { (counters[event.host] ?? 0) >= event.counter }

    func acknowledged(of sender: HostID, received: UInt64) -> UInt64 {
        mistake == .acknowledgesMerged ? counters[sender] ?? 0 : received
    }
}

/// The laws, each a count of what breaks it.
struct ClockLaws<Clock: ClockUnderTest> {
    var make: (HostID, UInt64) -> Clock

    /// All violations.
    var violations: Int { order + ownEntry + junk + overflow + acknowledgement }

    /// An event is included exactly where it may have had an influence.
    var order: Int {
        var wrong = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var clocks = hosts.map { make($0, 0) }
            var latest = [Set<Dot>](repeating: [], count: 3)
            var seen: [(clock: Clock, past: Set<Dot>)] = []
            for _ in 0..<20 {
                let (from, to) = (
                    Int.random(in: 0..<3, using: &generator), Int.random(in: 0..<3, using: &generator)
                )
                clocks[from].tick()
                latest[from].insert(clocks[from].dot)
                seen.append((clocks[from], latest[from]))
                guard from != to else { continue }
                clocks[to].receive(clocks[from].all)
                latest[to].formUnion(latest[from])
                latest[to].insert(clocks[to].dot)
                seen.append((clocks[to], latest[to]))
            }
            let events = seen.map(\.clock.dot)
            for (clock, past) in seen { wrong += events.count { clock.includes($0) != past.contains($0) } }
        }
        return wrong
    }

    /// No other host counts the owner's events.
    var ownEntry: Int {
        var clock = make(hosts[0], 5)
        clock.receive([Dot(host: hosts[0], epoch: Epoch(1), counter: 900)])
        return clock.dot.counter == 6 ? 0 : 1
    }

    /// What is refused leaves no trace.
    var junk: Int {
        var clock = make(hosts[0], 5)
        clock.refuse([1, 2, 3])
        return clock.dot.counter == 5 ? 0 : 1
    }

    /// A counter never goes back.
    var overflow: Int {
        var clock = make(hosts[0], VectorClock.maximumCounter - 1)
        clock.tick()
        clock.tick()
        return clock.dot.counter == VectorClock.maximumCounter ? 0 : 1
    }

    /// A message that was lost is not acknowledged, although news of it comes another way.
    var acknowledgement: Int {
        var (a, b, c) = (make(hosts[0], 0), make(hosts[1], 0), make(hosts[2], 0))
        a.tick()
        b.receive(a.all)
        c.receive(b.all)
        return c.acknowledged(of: hosts[0], received: 0) == 0 ? 0 : 1
    }
}

@Suite("mistakes that the laws of clocks find")
struct MutantTests {
    @Test("the clock itself keeps every law")
    func real() { #expect(ClockLaws { RealClock(owner: $0, counter: $1) }.violations == 0) }

    @Test("so does the model of it without a mistake")
    func model() { #expect(ClockLaws { MistakenClock(owner: $0, counter: $1) }.violations == 0) }

    @Test("every mistake breaks the law that it is against, and no other", arguments: ClockMistake.allCases)
    func mistaken(mistake: ClockMistake) {
        let laws = ClockLaws { owner, counter in
            var clock = MistakenClock(owner: owner, counter: counter)
            clock.mistake = mistake
            return clock
        }
        let broken = [laws.order, laws.ownEntry, laws.junk, laws.acknowledgement, laws.overflow].map {
            $0 > 0
        }
        #expect(broken == ClockMistake.allCases.map { $0 == mistake })
    }
}
