/// The daemon itself, and how many of its peers are in which state (the interface's type `Status`).
package struct StatusReport: Codable, Equatable, Sendable {
    /// What is said where no peer has been heard at all, as a clause: the daemon and its tools say the same.
    ///
    /// - Parameter node: the daemon's id, by which its peers have to know it.
    /// - Returns: the clause.
    package static func noneHeard(by node: String) -> String {
        "no peer has been heard since the daemon started: either suspectd does not run there yet, or addresses, ports, keys or "
            + "the network of this host are wrong, or this node's id, \(node), is not in the files of the others"
    }

    /// Our id.
    package var node: String
    /// Our incarnation.
    package var epoch: Int
    /// The daemon's version.
    package var version: String
    /// Its process id.
    package var pid: Int
    /// When it started, in wall-clock microseconds since 1970.
    package var startedUSec: Int
    /// How long it has run.
    package var uptimeUSec: Int
    /// How many peers it watches.
    package var peers: Int = 0
    /// How many of them are trusted.
    package var trusted: Int = 0
    /// How many are overdue and being pinged.
    package var pending: Int = 0
    /// How many are suspected.
    package var suspected: Int = 0
    /// How many announced a planned stop.
    package var left: Int = 0
    /// How many were never heard.
    package var unknown: Int = 0
    /// Whether all peers, or most, fell silent simultaneously, so that the failure is probably this host's own.
    package var isolated: Bool = false
    /// Since when.
    package var isolatedSinceUSec: Int?
    /// How well this daemon can see.
    package var health: HealthReport
    /// Whether datagrams are authenticated by a key.
    package var authenticated: Bool
    /// Which configuration is in force.
    package var configuration: ConfigurationReport
    /// Datagrams that were refused, by reason, and what was lost otherwise.
    package var dropped: [DropReport] = []
    /// Datagrams from addresses of no peer that were refused; absent where there was none.
    package var strangers: RefusedReport?
    /// Datagrams that arrived, the refused ones included.
    package var datagramsReceived: Int = 0
    /// Datagrams that were sent.
    package var datagramsSent: Int = 0
    /// How the causal log fares; absent when none is kept.
    package var causalLog: CausalLogReport?
    /// Why our epoch could not be stored; absent when it is.
    package var unstored: String?
    /// How the names of the peers fare; absent while all resolve.
    package var names: NamesReport?
    /// The line that `systemctl status` shows.
    package var statusText: String = ""

    /// Describes a daemon; counts start at zero.
    package init(
        node: String, epoch: Int, version: String, pid: Int, startedUSec: Int, uptimeUSec: Int,
        authenticated: Bool, configuration: ConfigurationReport, health: HealthReport = HealthReport()
    ) {
        self.node = node
        self.epoch = epoch
        self.version = version
        self.pid = pid
        self.startedUSec = startedUSec
        self.uptimeUSec = uptimeUSec
        self.authenticated = authenticated
        self.configuration = configuration
        self.health = health
    }

    /// Sets the counts by state from the states of all peers.
    package mutating func count(_ states: some Sequence<ReportedState>) {
        var counts: [ReportedState: Int] = [:]
        for state in states { counts[state, default: 0] += 1 }
        peers = counts.values.reduce(0, +)
        trusted = counts[.trusted, default: 0]
        pending = counts[.pending, default: 0]
        suspected = counts[.suspected, default: 0]
        left = counts[.left, default: 0]
        unknown = counts[.unknown, default: 0]
    }
}

/// How well the daemon itself can see (the interface's type `Health`).
package struct HealthReport: Codable, Equatable, Sendable {
    /// How late the loop woke last.
    package var loopLagUSec: Int = 0
    /// How late it woke at worst since the start.
    package var loopLagMaximumUSec: Int = 0
    /// How far this host should distrust its own eyes, 0 to 8; margins and waits are a sixteenth longer for each point.
    package var lagScore: Int = 0
    /// How often it was away for so long that deadlines had to move.
    package var stalls: Int = 0
    /// When that was last.
    package var lastStallUSec: Int?
    /// How long it was away then.
    package var lastStallDurationUSec: Int?
    /// By how much later silence is judged because datagrams reach the socket late; absent when they come in time.
    package var readLagUSec: Int?
    /// Datagrams that the kernel dropped because our queue was full.
    package var kernelDrops: Int = 0

    /// Describes a daemon to which nothing has happened yet.
    package init() {}
}

/// How the names of the peers fare (the interface's type `Names`).
package struct NamesReport: Codable, Equatable, Sendable {
    /// How many do not resolve.
    package var unresolved: Int
    /// How many have waited for a name server for longer than a second.
    package var waiting: Int
    /// Why the first of those that do not resolve does not, and what to do; absent when all do.
    package var reason: String?

    /// Describes names that do not resolve, or wait.
    package init(unresolved: Int, waiting: Int, reason: String?) {
        self.unresolved = unresolved
        self.waiting = waiting
        self.reason = reason
    }
}

/// How the causal log fares (the interface's type `CausalLog`).
package struct CausalLogReport: Codable, Equatable, Sendable {
    /// Entries that were lost since the start.
    package var lost: Int = 0
    /// Why entries are being lost now; absent when they are written.
    package var failing: String?

    /// Describes a log that has lost nothing.
    package init() {}
}

/// Which configuration is in force (the interface's type `Configuration`).
package struct ConfigurationReport: Codable, Equatable, Sendable {
    /// The main file.
    package var path: String
    /// When it was loaded, in wall-clock microseconds since 1970.
    package var loadedUSec: Int
    /// Why the last reload was refused; absent when it was not.
    package var lastReloadFailed: String?

    /// Describes a configuration that was loaded.
    package init(path: String, loadedUSec: Int, lastReloadFailed: String? = nil) {
        self.path = path
        self.loadedUSec = loadedUSec
        self.lastReloadFailed = lastReloadFailed
    }
}

/// How many datagrams were refused for one reason (the interface's type `Drop`).
package struct DropReport: Codable, Equatable, Sendable {
    /// The reason, in words joined by hyphens.
    package var reason: String
    /// How many.
    package var count: Int

    /// Describes a counter of refused datagrams.
    package init(reason: String, count: Int) {
        self.reason = reason
        self.count = count
    }
}
