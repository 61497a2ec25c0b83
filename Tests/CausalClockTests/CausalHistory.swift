@testable import CausalClock

/// Hosts that exchange messages, together with the truth: which event could have influenced which.
///
/// The truth is the graph of events itself, its reachability kept as one bit set per event; the clocks under test
/// never see it.
struct CausalHistory {
    /// One event, its clock, and the numbers of all events that happened before it.
    struct Event {
        var clock: VectorClock
        var past: BitSet
    }

    /// A message on its way: the clock that it carries and the event that was its sending.
    struct Message {
        var clock: VectorClock
        var sending: Int
        var to: Int
    }

    private(set) var events: [Event] = []
    private var clocks: [VectorClock]
    private var latest: [Int?]

    init(hosts: [HostID]) {
        clocks = hosts.map { VectorClock(owner: $0, epoch: Epoch(1)) }
        latest = Array(repeating: nil, count: hosts.count)
    }

    /// Something happens at a host.
    mutating func act(at host: Int) { record(at: host, cause: nil) }

    /// A host sends a message.
    mutating func send(from host: Int, to: Int) -> Message {
        record(at: host, cause: nil)
        return Message(clock: clocks[host], sending: events.count - 1, to: to)
    }

    /// A message arrives.
    mutating func receive(_ message: Message) {
        clocks[message.to].merge(message.clock.dot)
        clocks[message.to].merge(message.clock.entries) { _ in }
        record(at: message.to, cause: message.sending)
    }

    /// A host starts again and has forgotten everything.
    mutating func restart(_ host: Int) {
        clocks[host] = VectorClock(owner: clocks[host].owner, epoch: Epoch(clocks[host].epoch.value + 1))
        latest[host] = nil
    }

    private mutating func record(at host: Int, cause: Int?) {
        clocks[host].tick()
        var past = BitSet()
        for event in [latest[host], cause].compactMap({ $0 }) {
            past.formUnion(events[event].past)
            past.insert(event)
        }
        latest[host] = events.count
        events.append(Event(clock: clocks[host], past: past))
    }

    /// The true order of two events.
    ///
    /// Of an incarnation that is over everything counts as earlier than what a later incarnation of the same
    /// host has influenced: that is earlier in time, although what was known was lost.
    func order(_ left: Int, _ right: Int) -> CausalOrder {
        if left == right { return .same }
        if happened(left, before: right) { return .before }
        return happened(right, before: left) ? .after : .concurrent
    }

    private func happened(_ left: Int, before right: Int) -> Bool {
        if events[right].past.contains(left) { return true }
        let dot = events[left].clock.dot
        return events.indices.contains { later in
            let other = events[later].clock.dot
            return other.host == dot.host && other.epoch > dot.epoch
                && (later == right || events[right].past.contains(later))
        }
    }
}

/// Some of the first 256 numbers.
struct BitSet {
    private var words = InlineArray<4, UInt64>(repeating: 0)

    mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

    mutating func formUnion(_ other: BitSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    func contains(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 == 1 }
}
