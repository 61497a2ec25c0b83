/// The keys of `[detection]` and `[ping]` that one location sets; layers are put over each other, then resolved.
struct DetectionLayer {
    var profile: Located<Profile>?
    var mode: Located<DetectionMode>?
    var heartbeatInterval: Located<Duration>?
    var heartbeatJitter: Located<Int>?
    var detector: Located<DetectorKind>?
    var margin: Located<Duration>?
    var threshold: Located<Double>?
    var timeout: Located<Duration>?
    var startupGrace: Located<Duration>?
    var retries: Located<Int>?
    var minimumTimeout: Located<Duration>?
    var maximumTimeout: Located<Duration>?
    var maximumRound: Located<Duration>?
    var target: Located<DetectionTarget>?
    /// Where the keys of the target are written.
    var targetKeys: [String: Location] = [:]

    /// Reads the keys; in a `[[peer]]` both tables are the same one.
    init(detection: TableReader, ping: TableReader, target: TableReader?, _ diagnostics: inout Diagnostics) {
        profile = detection.choice("profile", &diagnostics)
        mode = detection.choice("mode", &diagnostics)
        heartbeatInterval = detection.duration(
            "heartbeat_interval", in: Limits.heartbeatInterval, &diagnostics)
        heartbeatJitter = detection.integer("heartbeat_jitter", in: Limits.heartbeatJitter, &diagnostics)
        detector = detection.choice("detector", &diagnostics)
        margin = detection.duration("margin", in: Limits.margin, &diagnostics)
        threshold = detection.number("threshold", in: Limits.threshold, &diagnostics)
        timeout = detection.duration("timeout", in: Limits.timeout, &diagnostics)
        startupGrace = detection.duration("startup_grace", in: Limits.startupGrace, &diagnostics)
        retries = ping.integer("retries", in: Limits.retries, &diagnostics)
        minimumTimeout = ping.duration("minimum_timeout", in: Limits.minimumTimeout, &diagnostics)
        maximumTimeout = ping.duration("maximum_timeout", in: Limits.maximumTimeout, &diagnostics)
        maximumRound = ping.duration("maximum_round", in: Limits.maximumRound, &diagnostics)
        self.target = target.flatMap { TargetReader.read($0, &diagnostics) }
        for entry in target?.entries ?? [] { targetKeys[entry.key] = entry.node.location }
    }

    /// This layer with the gaps filled from `base`.
    ///
    /// A layer with a profile of its own starts from that profile: values of `base` were chosen for another
    /// network.
    func over(_ base: Self) -> Self {
        guard profile == nil else { return self }
        var result = self
        result.profile = base.profile
        result.mode = mode ?? base.mode
        result.heartbeatInterval = heartbeatInterval ?? base.heartbeatInterval
        result.heartbeatJitter = heartbeatJitter ?? base.heartbeatJitter
        result.detector = detector ?? base.detector
        result.margin = margin ?? base.margin
        result.threshold = threshold ?? base.threshold
        result.timeout = timeout ?? base.timeout
        result.startupGrace = startupGrace ?? base.startupGrace
        result.retries = retries ?? base.retries
        result.minimumTimeout = minimumTimeout ?? base.minimumTimeout
        result.maximumTimeout = maximumTimeout ?? base.maximumTimeout
        result.maximumRound = maximumRound ?? base.maximumRound
        // What is set for one peer alone was meant more than what is asked of all.
        result.target = target ?? (derivable.isEmpty ? base.target : nil)
        if target == nil { result.targetKeys = base.targetKeys }
        return result
    }

    /// What is set here of that which a target derives.
    var derivable: [(key: String, location: Location)] {
        [
            ("heartbeat_interval", heartbeatInterval?.location), ("margin", margin?.location),
            ("threshold", threshold?.location), ("timeout", timeout?.location),
            ("retries", retries?.location), ("minimum_timeout", minimumTimeout?.location),
        ].compactMap { key, location in location.map { (key, $0) } }
    }

    /// The settings with every gap filled: what is not set comes from the profile or the effective interval.
    func resolve() -> DetectionSettings {
        let profile = profile?.value ?? ProfileDefaults.profile
        let defaults = ProfileDefaults.of(profile)
        let mode = mode?.value ?? ProfileDefaults.mode
        let interval = heartbeatInterval?.value ?? defaults.heartbeatInterval
        let detector = detector?.value ?? ProfileDefaults.detector
        return DetectionSettings(
            profile: profile, mode: mode, heartbeatInterval: interval,
            heartbeatJitter: heartbeatJitter?.value ?? ProfileDefaults.heartbeatJitter, detector: detector,
            margin: margin?.value ?? defaults.margin(mode, interval: interval),
            threshold: threshold?.value ?? ProfileDefaults.threshold(detector, mode),
            timeout: timeout?.value ?? ProfileDefaults.timeout(mode, interval: interval),
            timeoutIsExplicit: timeout != nil,
            startupGrace: startupGrace?.value ?? ProfileDefaults.startupGrace(interval: interval),
            ping: resolvePing(defaults, interval: interval), target: target?.value)
    }

    private func resolvePing(_ defaults: ProfileDefaults, interval: Duration) -> PingSettings {
        // A bound that is set moves the one that is not, so that raising one key never asks for the other.
        let maximum = maximumTimeout?.value ?? max(defaults.maximumTimeout, minimumTimeout?.value ?? .zero)
        let minimum =
            minimumTimeout?.value ?? ProfileDefaults.minimumTimeout(interval: interval, maximum: maximum)
        return PingSettings(
            retries: retries?.value ?? ProfileDefaults.retries(interval: interval, minimumTimeout: minimum),
            minimumTimeout: minimum,
            maximumTimeout: maximum, maximumRound: maximumRound?.value ?? defaults.maximumRound)
    }

    /// Records a minimum above the maximum; `name` is the table the keys are looked up under.
    func checkPingBounds(_ name: String, _ diagnostics: inout Diagnostics) {
        guard let minimumTimeout, let maximumTimeout, minimumTimeout.value > maximumTimeout.value else {
            return
        }
        let minimum = DurationText.format(minimumTimeout.value)
        let maximum = DurationText.format(maximumTimeout.value)
        diagnostics.error(
            "\(name).minimum_timeout", at: minimumTimeout.location,
            "\"\(minimum)\" is longer than maximum_timeout \"\(maximum)\" at \(maximumTimeout.location)",
            "write a minimum of at most the maximum")
    }
}
