package import FailureDetection
package import Wire

/// What hosts hand to the network, by what it is for.
package struct TrafficMeter: Sendable {
    /// Datagrams and their bytes.
    package struct Amount: Sendable, BitwiseCopyable {
        /// How many datagrams.
        package var datagrams: UInt64 = 0
        /// The bytes of all of them, without the headers of IP and UDP.
        package var bytes: UInt64 = 0
    }

    private var amounts = Array(repeating: Amount(), count: DatagramPurpose.allCases.count)
    /// For how long was measured, all hosts together.
    package private(set) var hostTime = TimeSpan.zero

    /// Nothing yet.
    package init() {}

    /// What there was for a purpose.
    package subscript(purpose: DatagramPurpose) -> Amount { amounts[purpose.rawValue] }

    /// What there was for each purpose, and for all of them, in the order of `headings`.
    package var columns: [Amount] { amounts + [all] }

    /// What the columns are about.
    package static let headings = DatagramPurpose.allCases.map(\.plural) + ["all"]

    /// What there was for all purposes.
    package var all: Amount {
        amounts.reduce(Amount()) {
            Amount(datagrams: $0.datagrams + $1.datagrams, bytes: $0.bytes + $1.bytes)
        }
    }

    /// Counts what the latest turn of a world sent.
    package mutating func count(_ world: World) {
        for datagram in world.outbox.datagrams {
            let to = World.target(of: datagram.destination).place
            let bytes = world.outbox.arena.span.extracting(droppingFirst: datagram.start)
                .extracting(first: datagram.count)
            guard world.hosts.indices.contains(to),
                let purpose = DatagramPurpose(of: bytes, to: world.ids[to])
            else { continue }
            amounts[purpose.rawValue].datagrams += 1
            amounts[purpose.rawValue].bytes += UInt64(datagram.count)
        }
    }

    /// Runs a world to `end`, and counts what is sent.
    package mutating func run(_ world: inout World, until end: Instant) {
        let began = world.now
        while world.step(before: end) != nil { count(world) }
        cover(world.now - began, hosts: world.hosts.count { $0.isUp })
    }

    /// Notes that so many hosts were measured for a time.
    package mutating func cover(_ span: TimeSpan, hosts: Int) { hostTime = hostTime + span * Int64(hosts) }

    /// Records and steps of repairs.
    package var records: Amount {
        let (records, repairs) = (self[.records], self[.repair])
        return Amount(
            datagrams: records.datagrams + repairs.datagrams, bytes: records.bytes + repairs.bytes)
    }

    /// How many of something that was counted a host has in a second.
    package func perHostSecond(_ count: UInt64) -> Double {
        Double(count) / max(Double(hostTime.nanoseconds) / 1e9, 1e-9)
    }

    /// Adds what another meter counted.
    package mutating func add(_ other: TrafficMeter) {
        for index in amounts.indices {
            amounts[index].datagrams += other.amounts[index].datagrams
            amounts[index].bytes += other.amounts[index].bytes
        }
        hostTime = hostTime + other.hostTime
    }
}

extension DatagramPurpose {
    /// The heading of a column.
    fileprivate var plural: String {
        switch self {
        case .heartbeat: "heartbeats"
        case .ping: "pings"
        case .pong: "pongs"
        case .leave: "goodbyes"
        case .records: "records"
        case .repair: "repairs"
        }
    }
}
