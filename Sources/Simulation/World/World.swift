package import CausalClock
package import FailureDetection
package import Wire

/// What became of one datagram that a host read.
package struct Delivery: Sendable, BitwiseCopyable {
    /// The position of the host that sent it.
    package var from: Int
    /// The sender's incarnation.
    package var epoch: Epoch
    /// Whether it was changed on the way.
    package var isCorrupted: Bool
    /// When it was sent, in true time.
    package var sent: Instant
    /// Whether a copy of it had been believed before in this incarnation.
    package var isRepeated: Bool
    /// The incarnation of the sender that the receiver knew before it read.
    package var knownEpoch: Epoch?
    /// Whether it was believed.
    package var isBelieved: Bool
    /// How many events the receiver counted for it.
    package var events: UInt64
}

/// A network, hosts and time that exist only in memory and follow from one seed.
///
/// Each host has the daemon's own `Endpoint`, and drives it as the daemon's loop does: the clock is read once, then
/// everything that had arrived is handed over, then the deadlines are judged, then what is to be sent is sent. The
/// bytes between them are the daemon's bytes.
///
/// `step` runs the world to the end of the next turn of some host. What that turn did can be checked until the next
/// step: in `outbox`, `deliveries`, and the host itself.
package struct World: Sendable {
    /// True time, which no host knows.
    package internal(set) var now = Instant(nanoseconds: 0)
    /// The hosts, by their index.
    package var hosts: [SimulatedHost] = []
    /// What links do.
    package internal(set) var links: LinkTable
    /// What the latest turn sent and reported.
    package internal(set) var outbox = Outbox()
    /// What the latest turn read.
    package internal(set) var deliveries: [Delivery] = []
    /// The instant of the latest turn, on the clock of its host.
    package internal(set) var turnInstant = Instant(nanoseconds: 0)
    /// The hosts that a process held for failed that was killed in the latest turn, after it had sent a part of that.
    package internal(set) var lastVotes: [HostID] = []
    /// Datagrams handed to the network by each host.
    package internal(set) var sent: [UInt64]
    /// The events of each host in its present incarnation.
    package internal(set) var events: [UInt64]
    /// Turns of all hosts.
    package internal(set) var turns: UInt64 = 0
    /// What the latest turn's reload did; `nil` when there was none.
    package internal(set) var latestReload: ReloadReport?
    /// What the network and the kernels did that is no mere loss.
    package internal(set) var effects = WorldEffects()
    /// Whether hosts believe a new incarnation only if it shows that it is running, as daemons with a key do.
    package var hasKey = false

    /// Whether hosts publish what they say of themselves, and what their services do.
    package var publishesRecords = true

    /// The names of the hosts, by their index.
    package private(set) var ids: [HostID] = []
    var queue = HappeningQueue()
    var pool = DatagramPool()
    var taps: [Tap] = []
    var forgeries: [Forgery] = []
    var liars: [RecordLiar] = []
    var errors = ErrorsUnderWay()
    private let capacity: Int
    var random: VirtualRandom
    private var nonces: VirtualRandom

    /// Makes a world without hosts.
    ///
    /// - Parameters:
    ///   - capacity: how many hosts it can have.
    ///   - link: what every link does until it is changed.
    ///   - seed: everything follows from it.
    package init(capacity: Int, link: LinkModel, seed: UInt64) {
        var random = VirtualRandom(seed: seed)
        nonces = random.fork()
        self.capacity = capacity
        self.random = random
        links = LinkTable(count: capacity, model: link)
        sent = Array(repeating: 0, count: capacity)
        events = sent
    }

    /// Adds a host that does not run yet.
    ///
    /// - Returns: its position.
    @discardableResult
    package mutating func add(
        _ id: HostID, watching settings: [PeerSettings], clock: HostClock, wallOrigin: Int64
    ) -> Int {
        ids.append(id)
        hosts.append(
            SimulatedHost(
                id: id, settings: settings, clock: clock, wallOrigin: wallOrigin, capacity: capacity))
        return hosts.count - 1
    }

    /// The address with a number of the host at an index.
    static func address(of place: Int, number: Int = 0) -> NetworkAddress {
        NetworkAddress(
            high: 0, low: UInt64(place) | UInt64(number) << 32, port: 7_946, scope: 0, isIPv4: true)
    }

    /// The position of the host that an address belongs to, and the number of the address.
    static func target(of address: NetworkAddress) -> (place: Int, number: Int) {
        (Int(address.low & 0xFFFF_FFFF), Int(address.low >> 32))
    }

    /// The first host with this name; clones come after their original.
    package func place(of id: HostID) -> Int? { ids.firstIndex { $0 == id } }

    /// Runs to the end of the next turn of some host before `end`.
    ///
    /// - Returns: the position of that host; `nil` when `end` was reached.
    package mutating func step(before end: Instant) -> Int? {
        outbox.removeAll()
        deliveries.removeAll(keepingCapacity: true)
        latestReload = nil
        while queue.next < end, let happening = queue.pop() {
            now = max(now, happening.at)
            let place = Int(happening.subject)
            switch happening.kind {
            case .arrival:
                let late = TimeSpan.microseconds(Int64(happening.object))
                if let host = arrive(place, late: late) { return host }
            case .turn:
                if isDue(place) {
                    turn(place)
                    return place
                }
            case .unreachable: receiveError(Int(happening.object), at: place)
            case .forgery: forge(place)
            case .lie: prepareLie(place)
            }
        }
        now = max(now, end)
        return nil
    }

    /// Runs to `end`, whatever happens on the way.
    package mutating func run(until end: Instant) {
        while step(before: end) != nil {}
    }

    mutating func nextNonceSeed() -> UInt64 { nonces.next() }
}

/// What the network and the kernels of a world did that is no mere loss.
package struct WorldEffects: Sendable, BitwiseCopyable {
    /// Datagrams that the sender's kernel refused.
    package var unsent: UInt64 = 0
    /// Datagrams that were answered with an error.
    package var rejected: UInt64 = 0
    /// Datagrams to an address that their host has not.
    package var misdirected: UInt64 = 0
    /// Errors that nothing caused.
    package var forged: UInt64 = 0
    /// Messages with records that were forged, and with steps of repairs that lead nowhere.
    package var lies: UInt64 = 0
    /// Configurations that were loaded.
    package var reloads: UInt64 = 0
    /// Processes that went on with the incarnation of an earlier one.
    package var resumptions: UInt64 = 0
}
