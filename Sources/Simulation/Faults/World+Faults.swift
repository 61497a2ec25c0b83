internal import CausalClock
internal import FailureDetection

/// How faults begin and end.
extension World {
    /// A fault begins.
    ///
    /// - Parameters:
    ///   - planned: the fault.
    ///   - settings: the cluster; the hosts after its own are spare.
    package mutating func begin(_ planned: PlannedFault, of settings: ClusterSettings) {
        switch planned.fault {
        case .crash(let host, let refuses, let losesState):
            crash(host, refuses: refuses)
            if losesState { loseState(of: host) }
        case .leave(let host): leave(host)
        case .pause(let host): pause(host, for: planned.lasts)
        case .freeze(let host):
            pause(host, for: planned.lasts)
            hosts[host].frozenUntil = max(hosts[host].frozenUntil, now + planned.lasts)
            for other in 0..<settings.nodes where other != host { cut(from: other, to: host) }
        case .starve(let host): hosts[host].lag = .milliseconds(500) ... .milliseconds(2_500)
        case .lateReads(let host): hosts[host].readDelay = .milliseconds(500) ... .milliseconds(2_500)
        case .wallClock(let host, let by): moveWallClock(of: host, by: by)
        case .clone(let host): addClone(of: host, heardBy: nil, interval: settings.interval)
        case .lie(let liar, let victim): addClone(of: victim, heardBy: liar, interval: .milliseconds(1))
        case .intercept(let from, let to, let share): tap(from: from, to: to, holding: share)
        case .restart(let host, let moment):
            if let moment { kill(host, at: moment) } else { suspend(host) }
        case .move(let host): move(host)
        case .cut, .partition: eachCut(planned.fault, of: settings) { $0.cut(from: $1, to: $2) }
        default: change(planned.fault, of: settings, isOn: true)
        }
    }

    /// A fault ends.
    package mutating func end(_ planned: PlannedFault, of settings: ClusterSettings) {
        switch planned.fault {
        case .crash(let host, _, _), .leave(let host): start(host)
        case .pause, .wallClock: break
        case .freeze(let host):
            for other in 0..<settings.nodes where other != host { mend(from: other, to: host) }
        case .starve(let host): hosts[host].lag = .zero...settings.lag
        case .lateReads(let host): hosts[host].readDelay = .zero ... .zero
        case .clone(let host), .lie(_, let host): endClone(of: host, of: settings)
        case .intercept(let from, let to, _):
            untap(from: from, to: to)
            play(from: from, to: to)
        case .restart(let host, _): resume(host)
        case .move(let host): announceAddress(of: host)
        case .cut, .partition: eachCut(planned.fault, of: settings) { $0.mend(from: $1, to: $2) }
        default: change(planned.fault, of: settings, isOn: false)
        }
    }

    /// Faults of what a host learns from its operator, its resolver, its kernel and the network.
    private mutating func change(_ fault: Fault, of settings: ClusterSettings, isOn: Bool) {
        switch fault {
        case .reload(let hosts, let reload):
            for host in hosts { configure(host, reload, isOn: isOn, of: settings) }
        case .unresolved(let host, let peer): failLookup(of: peer, by: host, isOn)
        case .misdirected(let host, let peer): misdirect(host, about: peer, isOn)
        case .reject(let from, let to, let isVerified):
            if isOn { reject(from: from, to: to, isVerified: isVerified) } else { accept(from: from, to: to) }
        case .forgery(let victim, let subject, let rate):
            if isOn {
                startForging(to: victim, about: subject, every: .seconds(1) / Int64(rate))
            } else {
                stopForging(to: victim, about: subject)
            }
        case .forgedRecords(let liar, let victim, let lie, let rate):
            if isOn {
                startLying(liar, about: victim, lie, perSecond: rate)
            } else {
                endLie(of: liar, about: victim, lie)
            }
        case .unsendable(let from, let to):
            for other in 0..<settings.nodes where other != from && other == to ?? other {
                if isOn { block(from: from, to: other) } else { unblock(from: from, to: other) }
            }
        default: changeLinks(fault, of: settings, isOn: isOn)
        }
    }

    private mutating func endLie(of liar: Int, about victim: Int, _ lie: RecordLie) {
        stopLying(liar, about: victim, lie)
        if lie.needsRestart { startAnew(victim) }
    }

    /// The operator starts the daemon of a host anew.
    mutating func startAnew(_ host: Int) {
        guard hosts[host].isUp else { return }
        crash(host, refuses: true)
        start(host)
    }

    private mutating func eachCut(
        _ fault: Fault, of settings: ClusterSettings, _ act: (inout World, Int, Int) -> Void
    ) {
        if case .cut(let from, let to) = fault { return act(&self, from, to) }
        for (inside, outside) in fault.troubledLinks(of: settings.nodes) {
            act(&self, inside, outside)
            act(&self, outside, inside)
        }
    }

    private mutating func changeLinks(_ fault: Fault, of settings: ClusterSettings, isOn: Bool) {
        for (from, to) in fault.changedLinks(of: settings.nodes) {
            var model = links.model(from: from, to: to)
            fault.change(&model, from: settings.link, isOn: isOn)
            setLink(model, from: from, to: to)
        }
    }

    /// Starts a second host of the same name; where only one host hears it, it is that host's own invention, in the
    /// present incarnation of its victim.
    private mutating func addClone(of original: Int, heardBy audience: Int?, interval: TimeSpan) {
        let settings = hosts[original].settings.map { setting in
            var faster = setting
            faster.interval = interval
            return faster
        }
        let place = add(
            hosts[original].id, watching: settings, clock: hosts[original].clock,
            wallOrigin: hosts[original].wallOrigin)
        guard let audience else { return start(place) }
        for host in hosts.indices where host != audience { cut(from: place, to: host) }
        guard let epoch = hosts[original].incarnations.last?.epoch else { return }
        begin(place, epoch: epoch)
    }

    /// The clone ends, and its original starts anew, as the operator is advised to do.
    private mutating func endClone(of original: Int, of settings: ClusterSettings) {
        let id = hosts[original].id
        let clones = hosts.indices.filter { $0 >= settings.nodes && hosts[$0].id == id }
        for clone in clones { crash(clone, refuses: false) }
        let latest = clones.compactMap { hosts[$0].storedEpoch }.max()
        crash(original, refuses: true)
        hosts[original].storedEpoch = [hosts[original].storedEpoch, latest].compactMap { $0 }.max()
        start(original)
    }
}

extension Fault {
    /// The links, from one host to another, that it makes worse.
    fileprivate func changedLinks(of nodes: Int) -> [(Int, Int)] {
        switch self {
        case .duplication(let host, _), .corruption(let host, _): (0..<nodes).map { (host, $0) }
        default: troubledLinks(of: nodes)
        }
    }

    /// Makes a link worse, or as it is normally.
    fileprivate func change(_ model: inout LinkModel, from normal: LinkModel, isOn: Bool) {
        switch self {
        case .loss(_, _, let share): model.loss = isOn ? share : normal.loss
        case .bursts(_, _, let share, let burst):
            let bursts = BurstLoss(share: share, burst: max(burst, .milliseconds(1)))
            model.bursts = isOn ? bursts : nil
        case .slow(_, _, let by): model.delay = isOn ? normal.delay + by : normal.delay
        case .steps(_, _, let by, let every):
            model.wave = isOn ? DelayWave(.steps, height: by, period: every * 2) : nil
        case .bloat(_, _, let peak):
            model.wave = isOn ? DelayWave(.ramp, height: peak, period: peak * 3) : nil
        case .duplication(_, let share): model.duplication = isOn ? share : 0
        case .reordering(_, _, let share, let by):
            model.reordering = isOn ? share : 0
            model.holdBack = isOn ? by : .zero
        case .corruption(_, let share): model.corruption = isOn ? share : 0
        default: break
        }
    }
}
