/// A whole configuration with every default filled in.
package struct Settings: Sendable, Equatable {
    /// This daemon.
    package let node: NodeSettings

    /// The other members, sorted by id; the entry with our own id is not among them.
    package let peers: [PeerSettings]

    /// The defaults of the peers, as `[detection]` and `[ping]` give them.
    package let detection: DetectionSettings

    /// How many witnesses make a suspicion confirmed.
    package let quorum: Quorum

    /// Which hosts may send to us.
    package let security: SecuritySettings

    /// The services of this host, sorted by name; at most 32.
    package let services: [LocalService]

    /// The names of the services of other members, by host, as far as `hosts` names these.
    package let servicesElsewhere: [String: [String]]
}

/// `[node]`: this daemon itself.
package struct NodeSettings: Sendable, Equatable {
    /// Our id, unique in the cluster, 1 to 63 bytes.
    package let id: String

    /// The UDP addresses to listen on, at least one, each a numeric IP address and port.
    package let listen: [NetworkAddress]

    /// Whether `listen` was written out.
    ///
    /// If not, an address family that the host lacks is no error.
    package let listenIsExplicit: Bool

    /// Where the epoch and the causal log live; relative to the working directory unless it begins with `/`.
    package let stateDirectory: String

    /// The UNIX socket for status clients; relative to the working directory unless it begins with `/`.
    package let statusSocket: String

    /// Where Prometheus may ask for metrics over HTTP, a loopback address; nil for nowhere.
    package let metricsListen: NetworkAddress?

    /// Whether the causal log is written.
    package let causalLog: Bool

    /// The size at which a file of the causal log is full, in MiB; 1 to 1024.
    package let causalLogSize: Int

    /// How many full files are kept besides the one that is written; 0 to 1000.
    package let causalLogFiles: Int

    /// Whether the causal log leaves messages and pings out.
    package let causalLogStatesOnly: Bool
}

/// A `[[peer]]`: one member to watch.
package struct PeerSettings: Sendable, Equatable {
    /// The peer's id, unique in the cluster, 1 to 63 bytes.
    package let id: String

    /// Where the peer listens; a host name has still to be resolved.
    package let address: NetworkAddress

    /// How this peer is watched, overrides and defaults resolved.
    package let detection: DetectionSettings
}

/// How a peer is watched: `[detection]` and `[ping]`, resolved.
package struct DetectionSettings: Sendable, Equatable {
    /// The profile the defaults came from.
    package let profile: Profile

    /// Which side sends what.
    package let mode: DetectionMode

    /// The time between two heartbeats, or pings in mode `ping`; 5 ms to 1 h.
    package let heartbeatInterval: Duration

    /// By how much of the interval a heartbeat may come early, at random; in percent, 0 to 90.
    package let heartbeatJitter: Int

    /// How a silence is judged.
    package let detector: DetectorKind

    /// What the detectors in units of time add to their estimate; 0 to 1 h.
    package let margin: Duration

    /// The suspicion level at which `phi` and `exponential` give up, 0.1 to 300.
    package let threshold: Double

    /// The silence after which `fixed` calls a peer overdue; 1 ms to 24 h.
    package let timeout: Duration

    /// Whether `timeout` was written out; if not, it follows the interval that a peer announces.
    package let timeoutIsExplicit: Bool

    /// How long a configured peer that never answered is given; 0 to 24 h.
    package let startupGrace: Duration

    /// How an overdue peer is pinged.
    package let ping: PingSettings

    /// The quality from which the knobs are derived; nil when they are set by hand.
    package let target: DetectionTarget?

    /// How many half intervals `fixed` waits when its timeout is not written out.
    package var timeoutHalfIntervals: Int { ProfileDefaults.timeoutHalfIntervals(mode) }
}

/// `[ping]`: how an overdue peer is asked before it is suspected.
package struct PingSettings: Sendable, Equatable {
    /// How often the first ping is repeated, 0 to 20.
    package let retries: Int

    /// The shortest wait for an answer; 1 ms to 10 s.
    package let minimumTimeout: Duration

    /// The longest wait for an answer; `minimumTimeout` to 60 s.
    package let maximumTimeout: Duration

    /// How long all pings may take where many messages are lost; 1 ms to 60 s.
    package let maximumRound: Duration
}

/// `[detection.target]`: the quality of service from which the knobs are derived.
package struct DetectionTarget: Sendable, Equatable {
    /// The longest time from a crash to the suspicion.
    package let detectionTime: Duration

    /// The shortest mean time between two mistakes.
    package let mistakeRecurrence: Duration

    /// The longest mean time until a mistake is corrected.
    package let mistakeDuration: Duration
}

/// `[security]`: which hosts may send to us.
package struct SecuritySettings: Sendable, Equatable {
    /// The key files: the first seals, all open.
    package let keys: [String]

    /// Whether to listen beyond loopback without a key.
    package let allowUnauthenticated: Bool
}

/// A `[[service]]` whose `hosts` include this host.
package struct LocalService: Sendable, Equatable {
    /// Its name, unique on this host, 1 to 63 bytes.
    package let name: String

    /// The name of its unit, with `.service`.
    package let unit: String

    /// How long it may make no call of `Alive`; 100 ms to 24 h, `nil` when it makes none.
    package let hungAfter: Duration?
}
