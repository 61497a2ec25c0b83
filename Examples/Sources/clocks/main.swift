import CausalClock

/// A process with its clock; what it sends carries its latest event and what may have influenced that.
struct Process {
    var clock: VectorClock

    init(_ id: HostID) { clock = VectorClock(owner: id, epoch: Epoch(1)) }

    mutating func send() -> (dot: Dot, entries: [Dot]) {
        clock.tick()
        return (clock.dot, clock.entries)
    }

    mutating func receive(_ message: (dot: Dot, entries: [Dot])) {
        clock.merge(message.dot)  // merge first, then count the receipt
        _ = clock.merge(message.entries) { _ in }
        clock.tick()
    }
}

guard let a = HostID("a"), let b = HostID("b"), let c = HostID("c") else { preconditionFailure() }
var (first, second, third) = (Process(a), Process(b), Process(c))

let order = first.send()
let before = first.clock
second.receive(order)
third.receive(second.send())
_ = first.send()

print("\(before.dot) → \(third.clock.dot):", before.order(to: third.clock))
print("\(first.clock.dot) and \(third.clock.dot):", first.clock.order(to: third.clock))
print("c knows", third.clock.entries.map(\.description).joined(separator: ", "))
