/// What is known of the units on the bus, by object path, and what was read of them and not yet reported.
///
/// The answer to a call overtakes what the service manager has sent before it. Reported immediately it would have the older
/// messages lead back to what is over; it waits for its turn instead, by the serial numbers of its sender.
struct UnitLedger {
    private var facts: [String: UnitFacts] = [:]
    private var snapshots: [(serial: UInt64, path: String, facts: UnitFacts)] = []

    /// What is known of a unit; `nil` for one that is not listened to.
    subscript(path: String) -> UnitFacts? {
        get { facts[path] }
        set { facts[path] = newValue }
    }

    /// The units that are listened to, in a fixed order.
    var paths: [String] { facts.keys.sorted() }

    /// Takes what an answer with this serial number says of a unit; those of later calls are higher.
    mutating func add(_ read: UnitFacts, of path: String, serial: UInt64) {
        snapshots.append((serial, path, read))
    }

    /// The answers that a message with this serial number follows, in order.
    mutating func takeSnapshots(before serial: UInt64) -> [(path: String, facts: UnitFacts)] {
        let due = snapshots.prefix { $0.serial < serial }
        snapshots.removeFirst(due.count)
        return due.map { ($0.path, $0.facts) }
    }

    /// Forgets the answers of a process that is no longer the service manager.
    mutating func dropSnapshots() { snapshots = [] }
}
