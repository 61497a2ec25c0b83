public import CausalClock

/// What there is to show about one peer.
public struct PeerReport: Sendable {
    /// The peer.
    public var id: HostID
    /// Its incarnation; `nil` until it is heard.
    public var epoch: Epoch?
    /// What is thought of it.
    public var state: PeerState
    /// Since when; of a trusted one since it became so, whatever pings it has answered in time since.
    public var since: Instant
    /// Why it is suspected, or that it does not hear us.
    public var verdict: Verdict?
    /// How it is watched.
    public var settings: PeerSettings
    /// When it was last heard.
    public var lastHeard: Instant?
    /// When it is overdue; `nil` when nothing is expected of it.
    public var deadline: Instant?
    /// The time between its heartbeats.
    public var interval: TimeSpan
    /// The smoothed round trip; `nil` before the first sample.
    public var roundTrip: TimeSpan?
    /// The smoothed deviation of the round trip.
    public var jitter: TimeSpan
    /// Losses per thousand from it to us.
    public var lossIn: Int
    /// Losses per thousand from us to it.
    public var lossOut: Int
    /// How often it was suspected.
    public var suspicions: UInt64
    /// How often it restarted without having announced that it stops.
    public var crashes: UInt64
    /// The target set for it, and what was derived from it; `nil` without one.
    public var target: TargetReport?
    /// Whether a quorum of independent observers shares the suspicion.
    public var isConfirmed: Bool
}

extension Monitor {
    /// What there is to show about the peer at an index.
    public func report(ofPeer index: Int) -> PeerReport {
        peers.ask(index) { $0.report }
    }

    /// What is thought of the peer at an index.
    public func state(ofPeer index: Int) -> PeerState { peers[index].state }

    /// The time between messages on the link to the peer at an index, the longer of both directions.
    public func slowerInterval(ofPeer index: Int) -> TimeSpan {
        peers.ask(index) { max($0.interval, $0.pace) }
    }

    /// How many regular messages go out every second, to all peers together, at the intervals that are set.
    public var messagesPerSecond: Int {
        let second = TimeSpan.seconds(1).nanoseconds
        return Int(
            clamping: peers.indices.reduce(0) {
                $0 + second / max(peers[$1].settings.interval.nanoseconds, 1)
            })
    }
}

extension Peer {
    fileprivate var report: PeerReport {
        PeerReport(
            id: id, epoch: epoch, state: state, since: stateSince, verdict: verdict,
            settings: settings, lastHeard: lastHeard ?? history.heardBefore,
            deadline: isWatched ? deadline : nil,
            interval: interval, roundTrip: roundTrip.smoothed, jitter: roundTrip.variation,
            lossIn: receiver.loss.perMille, lossOut: sender.loss.perMille,
            suspicions: history.suspicions, crashes: history.crashes, target: tuner?.report,
            isConfirmed: suspicion?.isConfirmed ?? false)
    }
}
