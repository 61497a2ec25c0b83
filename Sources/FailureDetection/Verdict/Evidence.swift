internal import CausalClock

/// Everything this host knows that concerns the silence, or the incarnation, of one peer.
///
/// A suspicion carries it, and `suspectctl why` prints it. It says what was received and when; it draws no
/// conclusion.
public struct Evidence: Sendable, Hashable {
    /// The detector and its parameter.
    public var detector: DetectorChoice
    /// The interval between heartbeats that the peer announced, or that was expected of it.
    public var interval: TimeSpan
    /// When the peer was, or will be, overdue.
    public var deadline: Instant
    /// When it was, or is, to be back, if it announced that as it left and was not heard since.
    public var returnDue: Instant?
    /// When the peer was last heard; `nil` when never.
    public var lastHeard: Instant?
    /// The link sequence number of its latest datagram; 0 when there was none.
    public var lastSequence: UInt64
    /// The pings sent to it since it was last heard.
    public var probes: [Probe]
    /// When a verified report said that its port is closed (ICMP port unreachable), if no message has refuted it.
    public var portUnreachable: Instant?
    /// When the latest report of that kind arrived, also one that is not verified or that a message refuted.
    public var latestPortReport: Instant?
    /// Why what this host sends to it does not leave this host; `nil` while it does.
    public var obstacle: SendObstacle?
    /// Datagrams that seem to be its own and were not believed, since it was last heard.
    public var unproved: UnprovedDatagrams
    /// The latest news of it that came through another peer.
    public var news: IndirectNews?
    /// What other peers have of it directly, as far as they said so in this silence.
    public var reports: [WitnessStatement]
    /// The instant after which it is proved to have lived in this silence; `nil` without a proof.
    public var provedAlive: Instant?
    /// The instant after which it is proved to have got a message of ours that was sent later still.
    public var provedHearing: Instant?
    /// Which of the three reasons for silence it is, or was, where something points to one.
    public var reason: SilenceReason?
    /// What it has shown since it is heard again; `nil` where it is not suspected, or was not heard in time since.
    public var recovery: RecoveryProgress?
    /// The highest link sequence number that it acknowledged, of those sent to it.
    public var acknowledged: UInt64
    /// How many datagrams were sent to it.
    public var sent: UInt64
    /// The most that this host's own loop was late in the last seconds.
    public var ownLag: TimeSpan
    /// How far this host should distrust its own eyes.
    public var lagScore: LagScore
    /// Datagrams that this host's kernel dropped for want of buffer, since the start.
    public var kernelDrops: UInt64
    /// How far others agree.
    public var agreement: Agreement
    /// By how much each rule has put the verdict off, in the order in which they are asked.
    public var postponements: [Postponement] = []
    /// Whether it left as planned and seems to be back, and was not heard since.
    public var isBackUnheard = false
}

extension Monitor {
    /// What is known of the silence, or the incarnation, of the peer at an index.
    public func evidence(of index: Int) -> Evidence {
        peers.ask(index) { evidence(of: $0, at: index) }
    }

    private func evidence(of peer: Peer, at index: Int) -> Evidence {
        Evidence(
            detector: peer.settings.detector, interval: peer.interval, deadline: peer.deadline,
            returnDue: peer.returnDue, lastHeard: peer.lastHeard ?? peer.history.heardBefore,
            lastSequence: peer.receiver.highest,
            probes: peer.probes.since(peer.lastHeard ?? peer.watchedSince),
            portUnreachable: peer.portUnreachable,
            latestPortReport: peer.portReports.latest,
            obstacle: peer.obstacle, unproved: peer.unproved,
            news: indirectNews[index], reports: reports(of: peer), provedAlive: peer.watch.provedAlive,
            provedHearing: peer.watch.provedHearing, reason: silenceReason(of: index),
            recovery: peer.recoveryProgress,
            acknowledged: peer.sender.acknowledged, sent: peer.sender.next - 1,
            ownLag: health.recentLag, lagScore: health.lagScore, kernelDrops: health.kernelDrops,
            agreement: agreement(on: index), postponements: postponements(of: index).list,
            isBackUnheard: peer.returnSign != nil)
    }
}

extension Evidence {
    /// Evidence of a silence of which nothing else is known; the rest can be set.
    ///
    /// - Parameters:
    ///   - detector: the detector that set the deadline.
    ///   - interval: the interval that the peer announced.
    ///   - deadline: when the peer was overdue.
    ///   - lastHeard: when it was last heard; `nil` when never.
    public init(detector: DetectorChoice, interval: TimeSpan, deadline: Instant, lastHeard: Instant? = nil) {
        self.init(
            detector: detector, interval: interval, deadline: deadline, lastHeard: lastHeard,
            lastSequence: 0, probes: [], unproved: UnprovedDatagrams(), reports: [], acknowledged: 0, sent: 0,
            ownLag: .zero, lagScore: LagScore(), kernelDrops: 0,
            agreement: Agreement(observers: 0, needed: nil, includesOwn: false))
    }
}
