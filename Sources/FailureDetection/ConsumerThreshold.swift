public import CausalClock

/// How patient one consumer of suspicions is, whatever the daemon's own settings are.
public enum Patience: Sendable, BitwiseCopyable, Hashable {
    /// A peer is suspected when nothing was heard of it for this long.
    case silence(TimeSpan)
}

/// One consumer's own view of all peers.
///
/// A load balancer wants to know at once, a database that must elect a leader wants to be sure. Both can watch through
/// one daemon: each view draws its own line through the same signs of life, and is told when a peer crosses it. The
/// daemon's own verdicts are not changed by it. (ScyllaDB has this inside one process: listeners with a threshold each.)
public struct ConsumerThreshold: Sendable {
    /// What became of one peer in this view.
    public struct Change: Sendable, BitwiseCopyable, Hashable {
        /// The peer.
        public var peer: HostID
        /// Whether the consumer is to suspect it from now on; otherwise to trust it.
        public var isSuspected: Bool
        /// How long the peer has been silent.
        public var silence: TimeSpan
    }

    /// How patient the consumer is.
    public let patience: Patience

    private var suspected: [HostID] = []

    /// Makes the view of a consumer that suspects nobody yet.
    public init(_ patience: Patience) { self.patience = patience }

    /// Draws the line again.
    ///
    /// - Parameters:
    ///   - monitor: the failure detector; everything that had arrived by `now` has been handed to it.
    ///   - now: the present instant.
    ///   - tell: called with every change, in order of peer.
    /// - Returns: when to look again at the latest; `.never` when only a message can change anything.
    public mutating func update(from monitor: Monitor, at now: Instant, tell: (Change) -> Void) -> Instant {
        var next = Instant.never
        for index in 0..<monitor.count {
            let line = line(for: index, of: monitor)
            let peer = monitor.id(ofPeer: index)
            if line > now { next = min(next, line) }
            let isSuspected = line <= now
            guard isSuspected != suspected.contains(peer) else { continue }
            if isSuspected { suspected.append(peer) } else { suspected.removeAll { $0 == peer } }
            let silence = now - (monitor.lastHeard(ofPeer: index) ?? now)
            tell(Change(peer: peer, isSuspected: isSuspected, silence: silence))
        }
        return next
    }

    /// When the peer at a place crosses the line; never, when it left as planned or has not been heard yet.
    private func line(for index: Int, of monitor: Monitor) -> Instant {
        guard monitor.state(ofPeer: index) != .left, let heard = monitor.lastHeard(ofPeer: index) else {
            return .never
        }
        switch patience {
        case .silence(let span): return heard + span
        }
    }
}
