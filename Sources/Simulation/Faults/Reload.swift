internal import CausalClock
package import FailureDetection

/// How a configuration differs from the one that all hosts of a cluster share.
package enum Reload: Sendable, Hashable {
    /// Not at all.
    case unchanged
    /// The host at this position is not in it.
    case without(Int)
    /// Heartbeats are sent as often as this many hundredths of the interval say.
    case interval(percent: Int64)
    /// Silence is noticed otherwise.
    case mode(MonitoringMode)
    /// Deadlines are set by another rule.
    case detector(DetectorChoice)
    /// Another number of observers confirms a suspicion.
    case quorum(Quorum)
    /// Settings follow from this quality.
    case target(QualityTarget)

    /// Whether it changes how long a crash may go unnoticed.
    var changesPatience: Bool {
        switch self {
        case .interval, .mode, .detector, .target: true
        case .unchanged, .without, .quorum: false
        }
    }

    /// In a word, for counting.
    package var kind: String {
        switch self {
        case .unchanged: "unchanged"
        case .without: "without a peer"
        case .interval: "interval"
        case .mode: "mode"
        case .detector: "detector"
        case .quorum: "quorum"
        case .target: "target"
        }
    }

    /// Changes the peers of a configuration.
    func apply(to peers: inout [PeerSettings], quorum: inout Quorum, without name: HostID?) {
        if case .quorum(let needed) = self { quorum = needed }
        if case .without = self { peers.removeAll { $0.id == name } }
        for place in peers.indices {
            switch self {
            case .interval(let percent):
                peers[place].interval = max(peers[place].interval * percent / 100, .milliseconds(10))
            case .mode(let mode): peers[place].mode = mode
            case .detector(let detector): peers[place].detector = detector
            case .target(let target): peers[place].target = target
            case .unchanged, .without, .quorum: break
            }
        }
    }
}

extension PeerSettings {
    /// Takes a detector with a margin where a target is to set one.
    ///
    /// The daemon refuses to load a target beside a detector that learns its margin (`TargetReader.checkDetector`): the plan
    /// would count on a margin that nothing keeps, and its pings alone would be too few.
    fileprivate mutating func suitDetectorToTarget() {
        guard target != nil else { return }
        switch detector {
        case .median, .chen, .twoWindow, .fixed: break
        case .phi, .exponential, .bertier, .custom:
            detector = .median(margin: detector.margin(at: interval))
        }
    }
}

extension Reload: CustomStringConvertible {
    /// The difference in a few words.
    package var description: String {
        switch self {
        case .unchanged: "that is the same"
        case .without(let host): "without n\(host + 1)"
        case .interval(let percent): "with \(percent) % of the interval"
        case .mode(let mode): "with mode \(mode.rawValue)"
        case .detector(let detector): "with detector \(detector.name)"
        case .quorum(let quorum): "with quorum \(quorum)"
        case .target(let target):
            "with a target of \(target.detectionTime.milliseconds) ms, and \(target.mistakeRecurrence.milliseconds / 1_000) s between mistakes"
        }
    }
}

extension World {
    /// A host loads a configuration that differs from that of its cluster, or ceases to.
    package mutating func configure(_ place: Int, _ reload: Reload, isOn: Bool, of settings: ClusterSettings)
    {
        if isOn {
            hosts[place].reloads.append(reload)
        } else if let present = hosts[place].reloads.firstIndex(of: reload) {
            hosts[place].reloads.remove(at: present)
        }
        configure(place, hosts[place].reloads, of: settings)
    }

    /// A host loads a configuration that differs in all these ways from that of its cluster.
    package mutating func configure(_ place: Int, _ reloads: [Reload], of settings: ClusterSettings) {
        hosts[place].reloads = reloads
        let ids = self.ids
        var peers = settings.peers(of: place).map { settings.peer(ids[$0]) }
        var quorum = Quorum.majority
        for difference in hosts[place].reloads {
            var name: HostID?
            if case .without(let peer) = difference { name = ids[peer] }
            difference.apply(to: &peers, quorum: &quorum, without: name)
        }
        for place in peers.indices { peers[place].suitDetectorToTarget() }
        configure(place, peers, quorum: quorum)
    }
}
