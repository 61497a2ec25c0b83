internal import CausalClock
internal import Configuration
internal import FailureDetection

extension FailureDetection.PeerSettings {
    /// The core's settings of one configured peer; `nil` for an id the wire cannot carry.
    init?(_ peer: Configuration.PeerSettings) {
        guard let id = HostID(peer.id) else { return nil }
        let ping = peer.detection.ping
        self.init(
            id: id, mode: MonitoringMode(peer.detection.mode),
            interval: TimeSpan(peer.detection.heartbeatInterval), detector: DetectorChoice(peer.detection),
            retries: ping.retries,
            minimumTimeout: TimeSpan(ping.minimumTimeout), maximumTimeout: TimeSpan(ping.maximumTimeout),
            startupGrace: TimeSpan(peer.detection.startupGrace), jitter: peer.detection.heartbeatJitter,
            target: peer.detection.target.map { QualityTarget($0) },
            longestRound: TimeSpan(ping.maximumRound))
    }
}

extension FailureDetection.Quorum {
    init(_ quorum: Configuration.Quorum) {
        self =
            switch quorum {
            case .majority: .majority
            case .all: .all
            case .count(let count): .count(count)
            }
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
    init(_ detection: DetectionSettings) {
        let margin = TimeSpan(detection.margin)
        self =
            switch detection.detector {
            case .median: .median(margin: margin)
            case .chen: .chen(margin: margin)
            case .twoWindow: .twoWindow(margin: margin)
            case .phi: .phi(threshold: detection.threshold)
            case .exponential: .exponential(threshold: detection.threshold)
            case .bertier: .bertier(deviations: detection.threshold)
            case .fixed where detection.timeoutIsExplicit: .fixed(timeout: TimeSpan(detection.timeout))
            case .fixed: .fixed(.halfIntervals(Int64(detection.timeoutHalfIntervals)))
            }
    }
}

extension QualityTarget {
    init(_ target: DetectionTarget) {
        self.init(
            detectionTime: TimeSpan(target.detectionTime),
            mistakeRecurrence: TimeSpan(target.mistakeRecurrence),
            mistakeDuration: TimeSpan(target.mistakeDuration))
    }
}
