internal import CausalClock
internal import FailureDetection
internal import StatusAPI
internal import Wire

/// A call that stays open, as one connection serves it.
struct ServedStream {
    /// What the client asked for.
    let stream: MonitorStream
    /// The watch that judges by the client's own threshold, if it has one.
    var watch: ConsumerWatch?
}

/// The streams that clients open, made from the node's state.
extension NodeState {
    /// How many pairs of a subscriber and a peer all thresholds together may have.
    static let watchLimit = 8_192

    /// Begins to serve a stream.
    ///
    /// - Parameters:
    ///   - stream: what is wanted.
    ///   - space: how many more peers may be judged by thresholds of subscribers.
    /// - Throws: `VarlinkError` with the reason for which it cannot be served.
    /// - Returns: the stream, to be fed from now on.
    mutating func serve(_ stream: MonitorStream, space: Int) throws(VarlinkError) -> ServedStream {
        switch stream {
        case .events(let parameters):
            return ServedStream(stream: stream, watch: try watch(for: parameters, space: space))
        case .heartbeats(let peer):
            if let index = endpoint.index(ofPeer: peer) { endpoint.record(peer: index, true) }
            return ServedStream(stream: stream)
        }
    }

    /// Takes a stream over into a configuration that was loaded anew.
    ///
    /// - Returns: the peers that cannot be judged by its threshold any more.
    func renew(_ stream: inout ServedStream) -> [HostID] {
        guard case .events(let parameters) = stream.stream, let threshold = stream.watch?.threshold else {
            return []
        }
        let named = watchedPeers(of: parameters)
        let lost = threshold.isLevel ? named.filter { !isAccrual($0) } : []
        stream.watch?.rewatch(named.filter { !lost.contains($0) }, of: endpoint.monitor, at: now)
        return lost
    }

    private func watch(for parameters: SubscribeParameters, space: Int) throws(VarlinkError) -> ConsumerWatch?
    {
        guard let threshold = ConsumerThreshold(parameters) else { return nil }
        let peers = watchedPeers(of: parameters)
        guard peers.count <= SubscribeParameters.peerLimit else {
            throw MonitorInterface.subscriptionRefused(
                "a threshold may be asked for \(SubscribeParameters.peerLimit) peers at most, and there are "
                    + "\(peers.count); name those that matter in peers")
        }
        guard peers.count <= space else {
            throw MonitorInterface.subscriptionRefused(
                "all subscriptions together judge \(Self.watchLimit) peers by thresholds of their own at most; "
                    + "name fewer in peers, or end other subscriptions")
        }
        for peer in peers { try check(threshold, against: peer) }
        return ConsumerWatch(threshold, peers: peers, of: endpoint.monitor, at: now)
    }

    private func watchedPeers(of parameters: SubscribeParameters) -> [HostID] {
        guard let wanted = parameters.peers else {
            return (0..<endpoint.monitor.count).map { endpoint.monitor.id(ofPeer: $0) }
        }
        let places = Set(wanted.compactMap { endpoint.index(ofPeer: $0) })
        return places.sorted().map { endpoint.monitor.id(ofPeer: $0) }
    }

    private func isAccrual(_ peer: HostID) -> Bool {
        endpoint.monitor.index(of: peer).map { endpoint.monitor.isAccrual(peer: $0) } ?? false
    }

    private func check(_ threshold: ConsumerThreshold, against peer: HostID) throws(VarlinkError) {
        guard let index = endpoint.monitor.index(of: peer) else { return }
        switch threshold {
        case .silence(let longest):
            let interval = endpoint.monitor.interval(ofPeer: index)
            guard longest < interval else { return }
            throw MonitorInterface.subscriptionRefused(
                "\(peer) sends a heartbeat every \(Wording.duration(interval)), so a detection time of "
                    + "\(Wording.duration(longest)) would suspect it between two; ask for more, or shorten "
                    + "heartbeat_interval there")
        case .level:
            guard !endpoint.monitor.isAccrual(peer: index) else { return }
            throw MonitorInterface.subscriptionRefused(
                "the detector of \(peer) has no level; set detector = \"phi\" or \"exponential\" for it, name "
                    + "other peers, or ask for a detection time")
        }
    }
}

extension ConsumerThreshold {
    fileprivate init?(_ parameters: SubscribeParameters) {
        if let microseconds = parameters.detectionTimeUSec {
            self = .silence(.microseconds(Int64(microseconds)))
        } else if let thousandths = parameters.level {
            self = .level(Double(thousandths) / 1_000)
        } else {
            return nil
        }
    }

    fileprivate var isLevel: Bool {
        if case .level = self { true } else { false }
    }
}
