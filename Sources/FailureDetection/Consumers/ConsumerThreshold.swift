/// How much silence a consumer accepts of a peer, whatever the daemon itself thinks.
///
/// Défago, Urbán, Hayashibara and Katayama ("Definition and specification of accrual failure detectors", DSN 2005)
/// separate watching from judging: one detector, and each application with a threshold of its own. A failover wants
/// certainty, a load balancer wants speed; both can ask the same daemon.
public enum ConsumerThreshold: Sendable, BitwiseCopyable, Hashable {
    /// So long a silence since the last sign of life; never less than the interval that the peer announces.
    case silence(TimeSpan)
    /// A level of suspicion, 0.01 to 1,000; only of peers whose detector is an `AccrualDetector`.
    case level(Double)
}

extension Monitor {
    /// When the silence of the peer at an index reaches a consumer's threshold, as far as is known now.
    ///
    /// - Returns: the instant; `nil` for a peer that has left, and for a level of a detector that has none.
    public func deadline(ofPeer index: Int, reaching threshold: ConsumerThreshold) -> Instant? {
        peers.ask(index) { $0.deadline(reaching: threshold) }.map { $0 + health.reading.bound }
    }

    /// How suspicious the silence of the peer at an index is; computed on demand, off the receive path.
    ///
    /// - Returns: 0 and more; `nil` where the detector is no `AccrualDetector`, or the peer was never heard or has left.
    public func level(ofPeer index: Int, at now: Instant) -> Double? {
        peers.ask(index) { peer in
            guard peer.lastHeard != nil, peer.state != .left else { return nil }
            return peer.accrual?.level(at: now, after: peer.latestSign, interval: peer.interval)
        }
    }

    /// Whether the detector of the peer at an index reports levels.
    public func isAccrual(peer index: Int) -> Bool { peers.ask(index) { $0.accrual != nil } }

    /// When the peer at an index was last heard; `nil` when never.
    public func lastHeard(ofPeer index: Int) -> Instant? { peers[index].lastHeard }

    /// The time between the heartbeats of the peer at an index: what it announced, or what is expected of it.
    public func interval(ofPeer index: Int) -> TimeSpan { peers.ask(index) { $0.interval } }
}

extension Peer {
    var accrual: (any AccrualDetector)? { detector as? any AccrualDetector }

    /// What accrual detectors count from: they use arrivals alone.
    var latestSign: LifeSign { LifeSign(sent: silence.start, arrived: silence.start) }

    func deadline(reaching threshold: ConsumerThreshold) -> Instant? {
        guard state != .left else { return nil }
        switch threshold {
        case .silence(let longest):
            return max(silence.start + max(longest, interval), silence.graceEnd)
        case .level(let level):
            return accrual.map {
                max($0.deadline(after: latestSign, interval: interval, level: level), silence.graceEnd)
            }
        }
    }
}
