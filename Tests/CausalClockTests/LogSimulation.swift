import CausalClock
import TestSupport

/// Daemons that send, lose, double and reorder messages, crash and restart, and log all of it; together with the truth.
///
/// The truth is the graph of events: program order, messages, and that an incarnation follows the incarnations
/// before it. The clocks and logs under test never see it.
struct LogSimulation {
    /// How much of their clocks the hosts log.
    enum Style: CaseIterable {
        case full
        case delta
        case partial
    }

    private struct Host {
        var clock: VectorClock
        var latest: Int?
        var wallSkew: Int64
    }

    private struct Message {
        var clock: VectorClock
        var sending: Int
        var to: Int
    }

    /// One entry for each event, in the order in which they happened.
    private(set) var entries: [CausalLogEntry] = []
    /// For each event which events happened before it.
    private(set) var past: [EventMarks] = []

    private var hosts: [Host]
    private var underWay: [Message] = []
    private let style: Style
    private let unlinked: Int?
    private var now: Int64 = 1_763_840_400_000_000

    /// Runs until there are `events` events; of the host `unlinked` no host has the log, so that nothing can know
    /// what its restarts carried over.
    init(
        seed: UInt64, events: Int, hosts count: Int = 5, style: Style = .full, restarts: Bool = true,
        unlinked: Int? = nil
    ) {
        var generator = SeededGenerator(seed: seed)
        self.style = style
        self.unlinked = unlinked
        hosts = (0..<count).compactMap { index in
            HostID("h\(index)").map {
                Host(clock: VectorClock(owner: $0, epoch: Epoch(7)), wallSkew: Int64(index) * 40_000)
            }
        }
        for host in hosts.indices { record(host, .start, text: "ready") }
        while entries.count < events { step(&generator, restarts) }
    }

    private mutating func step(_ generator: inout SeededGenerator, _ restarts: Bool) {
        now += Int64.random(in: 1..<50_000, using: &generator)
        let host = Int.random(in: hosts.indices, using: &generator)
        let other = (host + .random(in: 1..<hosts.count, using: &generator)) % hosts.count
        switch Int.random(in: 0..<100, using: &generator) {
        case ..<10:
            let peer = hosts[other].clock
            record(host, .suspect, peer: ProcessName(peer.owner, peer.epoch), text: "silent")
        case ..<50:
            record(host, .send, text: "heartbeat")
            let clock = hosts[host].clock
            underWay.append(Message(clock: clock, sending: entries.count - 1, to: other))
            if Bool.random(using: &generator) {
                let third = (other + 1) % hosts.count
                if third != host {
                    underWay.append(Message(clock: clock, sending: entries.count - 1, to: third))
                }
            }
        case ..<96:
            // Any message may be the next to arrive; one in five arrives twice, some never.
            guard let index = underWay.indices.randomElement(using: &generator) else { return }
            receive(underWay[index])
            if Int.random(in: 0..<5, using: &generator) > 0 { underWay.remove(at: index) }
        case ..<98: _ = underWay.popLast()
        default:
            if restarts { restart(host) }
        }
    }

    private mutating func receive(_ message: Message) {
        let receiver = hosts[message.to].clock
        guard message.clock.owner != receiver.owner else { return }
        // The daemon refuses messages of incarnations that are over.
        if let known = receiver.latest(of: message.clock.owner), known.epoch > message.clock.epoch { return }
        var advanced: [Dot] = []
        if hosts[message.to].clock.merge(message.clock.dot) { advanced.append(message.clock.dot) }
        hosts[message.to].clock.merge(message.clock.entries) { advanced.append($0) }
        record(message.to, .receive, from: message, advanced: advanced, text: "heartbeat")
    }

    private mutating func restart(_ host: Int) {
        let old = hosts[host].clock
        hosts[host].clock = VectorClock(owner: old.owner, epoch: Epoch(old.epoch.value + 1))
        if unlinked == host { hosts[host].latest = nil }
        record(host, .start, text: "ready")
    }

    private mutating func record(
        _ host: Int, _ kind: LoggedEventKind, from message: Message? = nil, advanced: [Dot] = [],
        peer: ProcessName? = nil, text: String
    ) {
        hosts[host].clock.tick()
        let clock = hosts[host].clock
        var marks = EventMarks()
        for event in [hosts[host].latest, message?.sending].compactMap({ $0 }) {
            marks.formUnion(past[event])
            marks.insert(event)
        }
        hosts[host].latest = entries.count
        past.append(marks)
        var entry = CausalLogEntry(
            clock.dot, entries: logged(clock, from: message, advanced: advanced), form: form,
            timeUSec: now + hosts[host].wallSkew,
            kind: kind, from: message?.clock.dot, text: text)
        entry.peer = peer
        entries.append(entry)
    }

    private var form: CausalLogEntry.ClockForm {
        switch style {
        case .full: .full
        case .delta: .delta
        case .partial: .partial
        }
    }

    private func logged(_ clock: VectorClock, from message: Message?, advanced: [Dot]) -> [Dot] {
        switch style {
        case .full: clock.entries
        case .delta: advanced.sorted { $0.host < $1.host }
        case .partial: message.map { [$0.clock.dot] } ?? []
        }
    }

    /// The true order of two events.
    func order(_ left: Int, _ right: Int) -> LoggedOrder {
        if left == right { return .same }
        if past[right].contains(left) { return .before }
        return past[left].contains(right) ? .after : .concurrent
    }
}

/// Some of the events of a run.
struct EventMarks {
    private var words: [UInt64] = []

    mutating func insert(_ number: Int) {
        while words.count <= number >> 6 { words.append(0) }
        words[number >> 6] |= 1 << UInt64(number & 63)
    }

    mutating func formUnion(_ other: EventMarks) {
        while words.count < other.words.count { words.append(0) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    func contains(_ number: Int) -> Bool {
        number >> 6 < words.count && words[number >> 6] >> UInt64(number & 63) & 1 == 1
    }
}
