/// Keeps the settings of one peer at what its target needs on the path as it is.
///
/// An operator asks for a quality (`QualityTarget`); `ConfigurationProcedure` turns it into settings for a path. Paths
/// change, so both are looked at again and again:
///
/// - Until a hundred messages of the peer have been received, the path is `PathQuality.assumed`.
/// - Every ten seconds it is asked whether the present settings still keep the target. If not, or every five minutes,
///   the procedure is run anew. Its cost is bounded, and it is never run for a datagram.
/// - A peer that announces another interval is judged anew at once, at most once a second.
/// - The interval is shortened when the target would be missed, and lengthened by a fifth or more, or not at all. A tenth
///   is kept in reserve, so that a path that changes a little changes nothing here.
///
/// Our interval is what *we* send at; what is needed to watch the peer is its own. Both come out of one file that all
/// hosts share, and each host plans for the worse of the two directions, of which it measures one itself and learns
/// the other from acknowledgements: so what each sends is enough for both. Margin and retries follow the interval that
/// the peer announces, whatever it is; when no margin makes up for one that is too long, that is said.
struct TargetTuner: Sendable {
    static let period = TimeSpan.seconds(10)
    static let searchPeriod = TimeSpan.seconds(300)

    /// What is asked for.
    let target: QualityTarget
    /// The settings as configured: they say what may not be derived, as the mode and the detector.
    private(set) var configured: PeerSettings
    /// What is aimed at: `target`, or the nearest that is feasible.
    private(set) var goal: QualityTarget
    /// Why `goal` is not `target`; `nil` if it is.
    private(set) var limit: DetectionPlanning.Limit?
    /// How often we send.
    private(set) var interval: TimeSpan
    /// How the peer is judged.
    private(set) var plan: DetectionPlan
    /// What was planned for.
    private(set) var path: PathQuality
    /// Whether `path` was measured.
    private(set) var isMeasured = false
    /// When settings changed last.
    private(set) var retuned: Instant
    /// When to look again.
    private(set) var due: Instant
    var delays: DelayMeter

    private var checked: Instant
    private var nextSearch: Instant
    private var limitSince: Instant
    private var toldLimit: DetectionPlanning.Limit?
    private var procedure: ConfigurationProcedure

    /// Begins with the settings as they are; `tune` is due at once.
    ///
    /// - Parameters:
    ///   - settings: as configured.
    ///   - target: what is asked for.
    ///   - delays: what is known of the peer's delays.
    ///   - now: the present instant.
    init(_ settings: PeerSettings, target: QualityTarget, delays: DelayMeter = DelayMeter(), at now: Instant)
    {
        self.target = target
        self.delays = delays
        configured = settings
        goal = target
        interval = settings.interval
        plan = DetectionPlan(
            interval: settings.interval, margin: settings.detector.margin(at: settings.interval),
            retries: settings.retries, pingTimeout: settings.minimumTimeout, mistakeRecurrence: .zero)
        retuned = now
        due = now
        checked = now
        nextSearch = now
        limitSince = now
        procedure = ConfigurationProcedure(maximumTimeout: settings.maximumTimeout)
        procedure.expectsHeartbeats = settings.mode != .ping
        path = .assumed
        path = usable(.assumed)
    }

    /// The configured settings with what is derived in place of what is not given.
    var settings: PeerSettings {
        var settings = configured
        settings.interval = interval
        settings.detector = configured.detector.with(margin: plan.margin, interval: plan.interval)
        guard configured.mode != .heartbeat else { return settings }
        settings.retries = plan.retries
        // The plan's timeout and no other, or the pings would not end within the detection time.
        settings.minimumTimeout = plan.pingTimeout
        settings.maximumTimeout = plan.pingTimeout
        return settings
    }

    /// Looks whether the settings still suit.
    ///
    /// - Parameters:
    ///   - measured: the path as it is now; `nil` while too little is known of it.
    ///   - announced: the interval that the peer announces; `nil` before it was heard.
    ///   - now: the present instant.
    mutating func tune(measured: PathQuality?, announced: TimeSpan?, at now: Instant) {
        if let measured {
            if !isMeasured { nextSearch = now }
            isMeasured = true
            path = usable(measured)
        }
        checked = now
        due = now + Self.period
        let before = (settings, limit)
        if now >= nextSearch || !keeps(plan, goal) { search(at: now) }
        judge(announced: configured.mode == .ping ? interval : announced ?? interval)
        if settings != before.0 { retuned = now }
        if limit != before.1 { limitSince = now }
    }

    /// Asks to be looked at again: the peer has announced another interval.
    mutating func hasten(at now: Instant) { due = min(due, max(now, checked + .seconds(1))) }

    /// Asks to be looked at later, so that not all peers are in one turn.
    mutating func postpone(to instant: Instant) { due = max(due, instant) }

    /// Takes settings with the same target: a name or a grace period has changed.
    mutating func adopt(_ settings: PeerSettings) -> Bool {
        guard settings.target == configured.target, settings.mode == configured.mode,
            settings.maximumTimeout == configured.maximumTimeout
        else { return false }
        configured = settings
        return true
    }

    /// Whether there is something new to tell: that the target cannot be kept, or that it can again.
    ///
    /// What rests on assumptions is not told. That a peer sends too rarely is told when it has lasted two search periods,
    /// for the two ends of a link are not retuned in one moment; that all is well again, when it has lasted one.
    mutating func takeNews(at now: Instant) -> Bool {
        let patience =
            switch limit {
            case nil: Self.searchPeriod
            case .peerInterval: Self.searchPeriod * 2
            case .detectionTime, .mistakeDuration: TimeSpan.zero
            }
        guard isMeasured, limit != toldLimit, now - limitSince >= patience else { return false }
        toldLimit = limit
        return true
    }

    private func usable(_ path: PathQuality) -> PathQuality {
        var path = path
        if configured.mode == .heartbeat { path.roundTrip = nil }
        return path
    }
}

extension TargetTuner {
    /// Runs the procedure anew, for what we send.
    private mutating func search(at now: Instant) {
        nextSearch = now + Self.searchPeriod
        var best: DetectionPlan?
        switch procedure.plan(for: target, on: path) {
        case .feasible(let plan):
            best = plan
            goal = target
            limit = nil
        case .infeasible(let limit, let nearest):
            self.limit = limit
            if let nearest {
                goal = nearest
                if case .feasible(let plan) = procedure.plan(for: nearest, on: path) { best = plan }
            }
        }
        guard let best else { return }
        let reserved = max(best.interval - best.interval / 10, procedure.minimumInterval)
        let proposed = isFeasible(every: reserved) ? reserved : best.interval
        if interval > best.interval || proposed > interval + interval / 5 { interval = proposed }
    }

    /// Finds margin and retries for a peer that sends every `announced`.
    private mutating func judge(announced: TimeSpan) {
        let isSuited = plan.interval == announced && keeps(plan, goal)
        guard !isSuited else { return }
        let procedure = procedure.receiving(every: announced)
        switch procedure.plan(for: goal, on: path) {
        case .feasible(let plan):
            self.plan = plan
            if limit == .peerInterval { limit = nil }
        case .infeasible(_, let nearest):
            limit = limit ?? .peerInterval
            if let nearest, case .feasible(let plan) = procedure.plan(for: nearest, on: path) {
                self.plan = plan
            }
        }
    }

    private func isFeasible(every interval: TimeSpan) -> Bool {
        if case .feasible = procedure.receiving(every: interval).plan(for: goal, on: path) { return true }
        return false
    }

    /// Whether a plan keeps a target on the present path; a hundredth of the detection time more is no reason to change.
    private func keeps(_ plan: DetectionPlan, _ goal: QualityTarget) -> Bool {
        let detection = path.expectedDelay + plan.interval + plan.margin + plan.pinging
        return detection <= goal.detectionTime + goal.detectionTime / 100
            && procedure.recurrence(of: plan, on: path) >= goal.mistakeRecurrence
    }
}
