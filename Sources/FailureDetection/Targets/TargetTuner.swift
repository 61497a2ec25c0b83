/// Keeps the settings of one peer at what its target needs on the path as it is.
///
/// An operator asks for a quality (`QualityTarget`); `ConfigurationProcedure` turns it into settings for a path. Paths
/// change, so both are checked again and again:
///
/// - Until a hundred messages of the peer have been received, the path is `PathQuality.assumed`.
/// - Every ten seconds it is asked whether the present settings still keep the target. If not, or if the path has become
///   much better, the procedure is run anew; else every five minutes, or every minute while the target cannot be kept.
///   Its cost is bounded, it is never run for a datagram, and the caller says when it may be (`maySearch`).
/// - A peer that announces another interval is judged anew immediately, at most once a second.
/// - The interval is shortened when the target would be missed, and lengthened only by a fifth or more. A tenth
///   is kept in reserve, so that a path that changes a little changes nothing here. It is never longer than half the
///   detection time, which is what an observer without a target needs to find a crash about as quickly.
///
/// Our interval is what *we* send at; what is needed to watch the peer is its own. Both come out of one file that all
/// hosts share, and each host plans for the worse of the two directions, of which it measures one itself and learns
/// the other from acknowledgements: so what each sends is enough for both. Margin and retries follow the interval that
/// the peer announces, whatever it is; when no margin makes up for one that is too long, that is said.
struct TargetTuner: Sendable {
    static let period = TimeSpan.seconds(10)
    static let searchPeriod = TimeSpan.seconds(300)
    /// How long after a search the next is due while the target cannot be kept.
    static let limitedSearchPeriod = TimeSpan.seconds(60)
    /// How often a peer that changes its interval is followed at most.
    static let hastePeriod = TimeSpan.seconds(1)
    /// How far apart two peers' searches are, so that no turn has two.
    static let spacing = TimeSpan.milliseconds(10)

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
    /// When to check again.
    private(set) var due: Instant
    /// How often the procedure was run.
    private(set) var searches: UInt64 = 0
    var delays: DelayMeter

    /// When it was last checked, or is, because the peer has announced another interval.
    private var hastened: Instant
    private var nextSearch: Instant
    private var limitSince: Instant
    private var reportedLimit: DetectionPlanning.Limit?
    private var procedure: ConfigurationProcedure
    /// The path of the latest search.
    private var searched: PathQuality
    private var basis = Basis.configuration
    /// What stood in the way of our own interval then.
    private var pathLimit: DetectionPlanning.Limit?

    /// What `plan` was made from.
    private enum Basis {
        /// It is what is configured, and the waits for pongs follow the path.
        case configuration
        /// From the target, for the path as it is assumed to be.
        case assumption
        /// From the target, for the path as it was measured.
        case measurement
    }

    /// Begins with the settings as they are; `tune` is due immediately.
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
        hastened = now - Self.hastePeriod
        nextSearch = now
        limitSince = now
        procedure = ConfigurationProcedure(maximumTimeout: settings.maximumTimeout)
        procedure.expectsHeartbeats = settings.mode != .ping
        procedure.minimumMargin = min(procedure.minimumMargin, max(target.detectionTime / 2, .zero))
        procedure.maximumInterval = max(target.detectionTime / 2, procedure.minimumInterval)
        path = .assumed
        searched = .assumed
        path = usable(.assumed)
        plan.mistakeRecurrence = procedure.recurrence(of: plan, on: path)
    }

    /// The configured settings with derived values where none is given.
    var settings: PeerSettings {
        var settings = configured
        settings.interval = interval
        // What is configured may follow the interval that the peer announces, which no plan has been made for yet.
        guard basis != .configuration else { return settings }
        settings.detector = configured.detector.with(margin: plan.margin, interval: plan.interval)
        guard configured.mode != .heartbeat else { return settings }
        settings.retries = plan.retries
        // The plan's timeout and no other, or the pings would not end within the detection time; but a round trip that is
        // longer than is assumed must not make every pong come too late.
        settings.minimumTimeout = plan.pingTimeout
        if basis == .measurement { settings.maximumTimeout = plan.pingTimeout }
        return settings
    }

    /// Checks whether the settings still suit.
    ///
    /// - Parameters:
    ///   - measured: the path as it is now; `nil` while too little is known of it.
    ///   - announced: the interval that the peer announces; `nil` before it was heard.
    ///   - now: the present instant.
    ///   - maySearch: whether the procedure may be run; if it has to be and may not, that is due in a moment.
    mutating func tune(measured: PathQuality?, announced: TimeSpan?, at now: Instant, maySearch: Bool = true)
    {
        if let measured {
            if !isMeasured { nextSearch = now }
            isMeasured = true
            path = usable(measured)
        }
        let announced = configured.mode == .ping ? interval : announced ?? interval
        let isSearchDue = now >= nextSearch || !keeps(plan, goal) || hasImproved
        guard maySearch || !isSearchDue && plan.interval == announced else {
            due = now + Self.spacing
            return
        }
        due = now + Self.period
        let before = (settings, limit)
        if isSearchDue { search(at: now) }
        if isSearchDue || plan.interval != announced {
            judge(announced: configured.mode == .ping ? interval : announced)
        } else if limit != nil, keeps(plan, target) {
            settle(plan, goal: target, limit: nil)
        }
        plan.mistakeRecurrence = procedure.recurrence(of: plan, on: path)
        if settings != before.0 { retuned = now }
        if limit != before.1 { limitSince = now }
    }

    /// Asks to be checked again: the peer has announced another interval.
    ///
    /// A plan for another interval than the peer's keeps no promise, so the first change is followed immediately, as when one
    /// configuration reaches both ends within milliseconds. A peer that changes it again and again is followed once a second.
    mutating func hasten(at now: Instant) {
        let next = max(now, hastened + Self.hastePeriod)
        guard next < due else { return }
        (due, hastened) = (next, next)
    }

    /// Asks to be checked later, so that not all peers are in one turn.
    mutating func postpone(to instant: Instant) { due = max(due, instant) }

    /// Takes settings with the same target: a name or a grace period has changed.
    mutating func adopt(_ settings: PeerSettings) -> Bool {
        guard settings.target == configured.target, settings.mode == configured.mode,
            settings.maximumTimeout == configured.maximumTimeout
        else { return false }
        configured = settings
        return true
    }

    /// Whether there is something new to report: that the target cannot be kept, or that it can again.
    ///
    /// What rests on assumptions is not reported. That a peer sends too rarely is reported when it has lasted two
    /// search periods, for the two ends of a link are not retuned in one moment; that all is well again, when it
    /// has lasted one.
    mutating func takeNews(at now: Instant) -> Bool {
        let patience =
            switch limit {
            case nil: Self.searchPeriod
            case .peerInterval: Self.searchPeriod * 2
            case .detectionTime, .mistakeRecurrence, .mistakeDuration: TimeSpan.zero
            }
        guard isMeasured, limit != reportedLimit, now - limitSince >= patience else { return false }
        reportedLimit = limit
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
        searches += 1
        searched = path
        let best: DetectionPlan?
        switch procedure.plan(for: target, on: path) {
        case .feasible(let plan): (best, pathLimit) = (plan, nil)
        case .infeasible(let limit, let nearest): (best, pathLimit) = (nearest?.plan, limit)
        }
        nextSearch = now + (pathLimit == nil ? Self.searchPeriod : Self.limitedSearchPeriod)
        guard let best else { return }
        let reserved = max(best.interval - best.interval / 10, procedure.minimumInterval)
        let proposed = pathLimit != nil || isFeasible(every: reserved) ? reserved : best.interval
        if interval > best.interval || proposed > interval + interval / 5 { interval = proposed }
    }

    /// Finds margin and retries for a peer that sends every `announced`.
    private mutating func judge(announced: TimeSpan) {
        // What suits is kept, or a path that changes a little would change settings with every search.
        if plan.interval == announced, keeps(plan, target) { return settle(plan, goal: target, limit: nil) }
        searches += 1
        switch procedure.receiving(every: announced).plan(for: target, on: path) {
        case .feasible(let plan): settle(plan, goal: target, limit: nil)
        case .infeasible(_, let nearest):
            guard let nearest else { return limit = pathLimit ?? .peerInterval }
            settle(nearest.plan, goal: nearest.goal, limit: pathLimit ?? .peerInterval)
        }
    }

    private mutating func settle(
        _ plan: DetectionPlan, goal: QualityTarget, limit: DetectionPlanning.Limit?
    ) {
        (self.plan, self.goal, self.limit) = (plan, goal, limit)
        basis = isMeasured ? .measurement : .assumption
    }

    private func isFeasible(every interval: TimeSpan) -> Bool {
        if case .feasible = procedure.receiving(every: interval).plan(for: target, on: path) { return true }
        return false
    }

    /// Whether the path is so much better than at the latest search that another would show it.
    private var hasImproved: Bool {
        let gap = plan.interval.inSeconds
        return path.loss.rate < searched.loss.rate / 2
            || path.loss.lossAfterLoss(gap: gap) < searched.loss.lossAfterLoss(gap: gap) / 2
            || path.delayDeviation < searched.delayDeviation / 2
            || path.expectedDelay < searched.expectedDelay / 2
    }

    /// Whether a plan keeps a target on the present path; a hundredth of the detection time more is no reason to change.
    private func keeps(_ plan: DetectionPlan, _ goal: QualityTarget) -> Bool {
        let detection = path.expectedDelay + plan.interval + plan.margin + plan.pinging
        return detection <= goal.detectionTime + goal.detectionTime / 100
            && procedure.recurrence(of: plan, on: path) >= goal.mistakeRecurrence
    }
}
