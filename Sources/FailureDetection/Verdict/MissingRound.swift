/// The pings that are still to be sent before a suspicion can rest on their silence.
struct MissingRound: Sendable, BitwiseCopyable {
    /// Why those of the round before were not sent.
    var obstacle: SendObstacle
    /// How many are still to be sent.
    var pings: Int

    /// A whole round on a clean link.
    init(_ obstacle: SendObstacle, of settings: PeerSettings) {
        (self.obstacle, pings) = (obstacle, settings.retries + 1)
    }
}

extension Peer {
    /// Why its silence rests on nothing that was sent: most pings of the round never left this host, or are still to be
    /// made up for.
    ///
    /// A single datagram that the kernel refuses, as a rate limit or a full table of connections does now and then, takes
    /// nothing from a round that was sent, nor from a suspicion that rests on one.
    var obstacle: SendObstacle? {
        switch state {
        case _ where settings.mode == .heartbeat: sending.obstacle ?? suspicion?.missingRound?.obstacle
        case .suspected: suspicion?.missingRound?.obstacle
        case .pending where probes.handedOver * 2 >= allowedAttempts: nil
        default: sending.obstacle ?? suspicion?.missingRound?.obstacle
        }
    }

    /// Whether what was sent to it has asked the link: a round of pings that left this host, or, where no pings ask, what is
    /// sent regularly.
    var isLinkAsked: Bool {
        settings.mode == .heartbeat ? sending.obstacle == nil && sender.next > 1 : obstacle == nil
    }

    /// Whether it was never heard and has no address: it was asked for nothing, so its silence says nothing of the network.
    var isUnaddressed: Bool { lastHeard == nil && sending.obstacle == .noAddress }

    /// Whether pings of the round that never left this host are tried once more, now that nothing is in the way.
    var hasUnsentPings: Bool { sending.obstacle == nil && probes.unsent > 0 }
}
