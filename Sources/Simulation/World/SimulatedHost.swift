package import CausalClock
package import FailureDetection
package import Wire

/// One life of a simulated host, as it truly was.
package struct Life: Sendable, BitwiseCopyable {
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
    /// Whom it watches, and how.
    package var settings: [PeerSettings]
    /// The detector; `nil` while it does not run.
    package internal(set) var endpoint: Endpoint?
    /// Whether it runs.
    package internal(set) var isUp = false
    /// Its monotonic clock.
    package var clock: HostClock
    /// Its wall clock at the beginning of the world, in seconds since 1970.
    package var wallOrigin: Int64
    /// How often it was started: one process may have several lives.
    package internal(set) var starts = 0
    /// Every life it had, in order.
    package internal(set) var lives: [Life] = []
    /// How late its loop wakes after what it waits for.
    package var lag = TimeSpan.zero...TimeSpan.zero
    /// How long datagrams wait before they can be read, although their stamps are right.
    package var readDelay = TimeSpan.zero...TimeSpan.zero
    /// Until when its loop does not run.
    package internal(set) var pausedUntil = Instant(nanoseconds: 0)

    /// The epoch that was stored last; `nil` when the state was lost.
    var storedEpoch: Epoch?
    /// Whether its kernel answers for it while it does not run.
    var refuses = false
    var inbox: [Arrival] = []
    var dropped: UInt64 = 0
    /// A host that refused a datagram, and how that began.
    struct Refuser: Sendable {
        var host: Int
        var quote: [UInt8]
    }

    /// Hosts that refused a datagram, as the error queue of the socket tells.
    var refusers: [Refuser] = []
    /// When its endpoint wants to be woken, in true time.
    var deadline = Instant.never
    /// The instant of the turn that is scheduled.
    var armed = Instant.never

    init(id: HostID, settings: [PeerSettings], clock: HostClock, wallOrigin: Int64) {
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
