internal import FailureDetection

extension FaultPlan {
    static func settings(nodes: Int, using random: inout VirtualRandom) -> ClusterSettings {
        let interval = TimeSpan.milliseconds(random.pick([20, 50, 100, 200, 200, 200, 1_000]))
        var link = LinkModel(
            delay: .microseconds(50) + random.upTo(.milliseconds(20)),
            jitter: random.upTo(.milliseconds(3)))
        var settings = ClusterSettings(nodes: nodes, interval: interval, link: link)
        settings.lag = random.pick([.zero, .microseconds(100), .milliseconds(1)])
        switch random.below(10) {
        case 0, 1:
            settings.mode = .heartbeat
            settings.detector = patientDetector(interval, using: &random)
        case 2: settings.mode = .ping
        default:
            link.loss = random.pick([0, 0, 0.01, 0.02])
            settings.detector = hastyDetector(interval, usual: settings.detector, using: &random)
        }
        settings.link = link
        return settings
    }

    /// A detector whose deadline is a verdict, as nothing is pinged after it.
    private static func patientDetector(
        _ interval: TimeSpan, using random: inout VirtualRandom
    ) -> DetectorChoice {
        random.pick([
            .median(margin: interval * 2), .chen(margin: interval * 2), .twoWindow(margin: interval * 2),
            .fixed(.halfIntervals(6)), .phi(threshold: 8), .exponential(threshold: 8),
            .bertier(deviations: 4),
        ])
    }

    /// A detector whose deadline only begins a round of pings.
    private static func hastyDetector(
        _ interval: TimeSpan, usual: DetectorChoice, using random: inout VirtualRandom
    ) -> DetectorChoice {
        let margin = max(interval / 10, .milliseconds(5))
        return random.pick([
            usual, usual, .chen(margin: margin), .twoWindow(margin: margin),
            .fixed(.halfIntervals(3)), .phi(threshold: 3), .exponential(threshold: 1),
            .bertier(deviations: 4),
        ])
    }

    static func fault(of settings: ClusterSettings, using random: inout VirtualRandom) -> Fault {
        let host = random.below(settings.nodes)
        let other = (host + 1 + random.below(settings.nodes - 1)) % settings.nodes
        let share = random.pick([0.05, 0.1, 0.3, 0.6])
        switch random.below(36) {
        case 0, 1, 2: return .crash(host, refuses: random.happens(0.5), losesState: random.happens(0.3))
        case 3: return .leave(host)
        case 4: return .pause(host)
        case 5: return .freeze(host)
        case 6: return .starve(host)
        case 7: return .lateReads(host)
        case 8, 9: return .cut(from: host, to: other)
        case 10: return .partition(random.happens(0.5) || settings.nodes < 4 ? [host] : [host, other])
        case 11: return .loss(from: host, to: other, share: share)
        case 12: return .bursts(from: host, to: other, share: share / 2, burst: random.upTo(.seconds(1)))
        case 13: return .slow(from: host, to: other, by: random.upTo(.milliseconds(300)))
        case 14: return .duplication(host, share: share)
        case 15:
            return .reordering(from: host, to: other, share: share, by: random.upTo(.milliseconds(500)))
        case 16: return .corruption(host, share: share)
        case 17: return .wallClock(host, by: Int64(random.below(24_000)) - 12_000)
        case 18: return .clone(host)
        case 19: return settings.nodes > 2 ? .lie(by: other, about: host) : .pause(host)
        default: return reported(host, other, of: settings, using: &random)
        }
    }

    /// What a host learns from its operator, its resolver, its kernel and the network.
    private static func reported(
        _ host: Int, _ other: Int, of settings: ClusterSettings, using random: inout VirtualRandom
    ) -> Fault {
        switch random.below(16) {
        case 0, 1: return .restart(host, killed: random.pick(KillMoment.allCases))
        case 2: return .restart(host, killed: nil)
        case 3, 4, 5: return reload(host, other, of: settings, using: &random)
        case 6: return .unresolved(by: host, of: other)
        case 7: return .move(host)
        case 8: return .misdirected(from: host, to: other)
        case 9, 10: return .reject(from: host, to: other, isVerified: random.happens(0.7))
        case 11: return .forgery(to: host, about: other, perSecond: random.pick([1, 5, 20, 95, 500]))
        case 12: return .unsendable(from: host, to: random.happens(0.5) ? other : nil)
        case 13, 14:
            return .steps(
                from: host, to: other, by: .milliseconds(random.pick([150, 300])),
                every: .milliseconds(random.pick([100, 500, 3_000])))
        default: return .bloat(from: host, to: other, peak: .milliseconds(random.pick([200, 500, 2_000])))
        }
    }

    private static func reload(
        _ host: Int, _ other: Int, of settings: ClusterSettings, using random: inout VirtualRandom
    ) -> Fault {
        let hosts = random.happens(0.3) ? Array(0..<settings.nodes) : [host]
        let margin = settings.mode == .heartbeat ? settings.interval * 2 : settings.interval / 2
        switch random.below(7) {
        case 0: return .reload(hosts, .unchanged)
        case 1: return .reload([host], .without(other))
        case 2: return .reload(hosts, .interval(percent: random.pick([50, 80])))
        case 3: return .reload(hosts, .mode(random.pick([.heartbeatAndPing, .ping])))
        case 4:
            return .reload(
                hosts, .detector(random.pick([.chen(margin: margin), .twoWindow(margin: margin)])))
        case 5:
            return .reload(hosts, .quorum(random.pick([.all, .count(1), .count(2), .count(settings.nodes)])))
        default:
            let target = QualityTarget(
                detectionTime: max(settings.interval * random.pick([3, 5, 10]), .milliseconds(300)),
                mistakeRecurrence: .seconds(random.pick([3_600, 2_592_000])), mistakeDuration: .seconds(60))
            return .reload(hosts, .target(target))
        }
    }
}
