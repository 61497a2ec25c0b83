internal import CausalClock
internal import Configuration
internal import FailureDetection

/// From what operators write to what the core counts in.
extension TimeSpan {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + TimeSpan(nanoseconds: attoseconds / 1_000_000_000)
    }
}

extension FailureDetection.PeerSettings {
    /// The core's settings of one configured peer; `nil` for an id the wire cannot carry.
    init?(_ peer: Configuration.PeerSettings) {
        guard let id = HostID(peer.id), let detector = DetectorChoice(peer.detection) else { return nil }
        let ping = peer.detection.ping
        self.init(
            id: id, mode: MonitoringMode(peer.detection.mode),
            interval: TimeSpan(peer.detection.heartbeatInterval), detector: detector, retries: ping.retries,
            minimumTimeout: TimeSpan(ping.minimumTimeout), maximumTimeout: TimeSpan(ping.maximumTimeout),
            startupGrace: TimeSpan(peer.detection.startupGrace))
    }
}

extension MonitoringMode {
    init(_ mode: DetectionMode) {
        self =
            switch mode {
            case .heartbeatAndPing: .heartbeatAndPing
            case .heartbeat: .heartbeat
            case .ping: .ping
            }
    }
}

extension DetectorChoice {
    /// `nil` for a detector this version does not have; the loader has refused those already.
    init?(_ detection: DetectionSettings) {
        switch detection.detector {
        case .median: self = .median(margin: TimeSpan(detection.margin))
        case .fixed: self = .fixed(timeout: TimeSpan(detection.timeout))
        default: return nil
        }
    }
}
