package import CausalClock
package import FailureDetection
package import Records
package import Wire

/// One incarnation of a simulated host, as it truly was.
package struct HostIncarnation: Sendable, BitwiseCopyable {
    /// Its number.
    package var epoch: Epoch
    /// When it began, in true time.
    package var began: Instant
    /// When it ended; `.never` while it lasts.
    package var ended = Instant.never
    /// How many events it had, once it has ended.
    package var events: UInt64 = 0
    /// Whether it ended as planned.
    package var left = false
}

/// A host that exists only in memory: its clock, its socket, its loop, and the daemon's own `Endpoint`.
package struct SimulatedHost: Sendable {
    /// A datagram in the socket's buffer.
    struct Arrival: Sendable, BitwiseCopyable {
        var slot: Int
        var at: Instant
    }

    /// The most datagrams that a socket's buffer holds.
    static let bufferSize = 4_096

    /// Its name; clones share one.
    package let id: HostID
    /// Which hosts it watches, and how: what its configuration says.
    package var settings: [PeerSettings]
    /// How many observers confirm a suspicion: what its configuration says.
    package var quorum = Quorum.majority
    /// The detector; `nil` while it does not run.
    package internal(set) var endpoint: Endpoint?
    /// Whether it runs.
    package internal(set) var isUp = false
    /// Its monotonic clock.
    package var clock: HostClock
    /// Its wall clock at the beginning of the world, in seconds since 1970.
    package var wallOrigin: Int64
    /// How often it was started: one process may have several incarnations.
    package internal(set) var starts = 0
    /// Every incarnation it had, in order.
    package internal(set) var incarnations: [HostIncarnation] = []
    /// How late its loop wakes after what it waits for.
    package var lag = TimeSpan.zero...TimeSpan.zero
    /// How long datagrams wait before they can be read, although their stamps are right.
    package var readDelay = TimeSpan.zero...TimeSpan.zero
    /// Until when all of it stands still, so that no process of it can start.
    var frozenUntil = Instant(nanoseconds: 0)
    /// Until when its loop does not run.
    package internal(set) var pausedUntil = Instant(nanoseconds: 0)

    /// The epoch that was stored last; `nil` when the state was lost.
    var storedEpoch: Epoch?
    /// Whether its kernel answers for it while it does not run.
    var refuses = false
    var inbox: [Arrival] = []
    var dropped: UInt64 = 0
    /// What the error queue of its socket holds.
    var errors: [ICMPError] = []
    /// The datagrams of the latest turn that its kernel refused to send.
    var unsent: [Outbox.Datagram] = []
    /// The number of the address that it sends from.
    package internal(set) var address = 0
    /// The numbers of the addresses that it has.
    package internal(set) var addresses: [Int] = [0]
    /// Whether what is sent to another address of it is refused, and not lost.
    var refusesElsewhere = false
    /// Where it believes the others to be.
    package internal(set) var lookups: LookupTable
    /// How its configuration differs from that of its cluster.
    var reloads: [Reload] = []
    /// What its services do, ascending by name.
    package internal(set) var services: [(name: ServiceName, report: ServiceFacts)] = []
    /// Which lies it sends in the next turn, by the numbers of the liars.
    var lies: [Int] = []
    /// Whether it has something to publish in the next turn.
    var mustPublish = false
    /// Whether a configuration waits to be loaded in the next turn.
    var mustReload = false
    /// What outlives its process; `nil` where nothing is kept.
    var memory: HostMemory?
    /// At what point of a turn its process is about to be killed.
    var dying: KillMoment?
    /// Whether the service manager keeps its socket open while it does not run.
    var isSocketKept = false
    /// How the latest process that went on with an incarnation began.
    package internal(set) var resumption: Resumption?
    /// When its endpoint wants to be woken, in true time.
    var deadline = Instant.never
    /// The instant of the turn that is scheduled.
    var armed = Instant.never

    init(id: HostID, settings: [PeerSettings], clock: HostClock, wallOrigin: Int64, capacity: Int) {
        lookups = LookupTable(count: capacity)
        self.id = id
        self.settings = settings
        self.clock = clock
        self.wallOrigin = wallOrigin
    }

    /// Its wall clock, in seconds since 1970.
    func wallSeconds(at truth: Instant) -> UInt64 {
        UInt64(max(wallOrigin + truth.nanoseconds / 1_000_000_000, 0))
    }
}
