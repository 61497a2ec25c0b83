internal import CausalClock
package import FailureDetection
internal import Wire

/// What was reported, against what the simulator knows.
extension WorldChecks {
    mutating func checkTruth(
        of notice: Notice, by observer: Int, about peer: Int, after before: LastReport, in world: World
    ) {
        if notice.kind == .suspect, before.word != .suspected {
            checkSuspicion(notice, by: observer, of: peer, in: world)
        }
        if notice.kind == .trust { checkTrust(by: observer, in: peer, world: world) }
        checkEvidence(of: notice, after: before, by: observer, about: peer, in: world)
        checkQuorum(of: notice, by: observer, about: peer, in: world)
        guard let verdict = notice.verdict, verdict.certainty == .proved else { return }
        checkProof(of: verdict, in: notice, by: observer, about: peer, in: world)
    }

    /// Whether the present incarnation of a host is so young that no host can know it: its first message, and
    /// where there is a key the question whether it is running and the answer, have to arrive.
    func isNewborn(_ peer: Int, in world: World) -> Bool {
        guard let incarnation = world.hosts[peer].incarnations.last else { return false }
        return world.now - incarnation.began <= (troubles.longestDelay + settings.lag) * 3
    }

    /// A suspicion is right when the incarnation that it is about has ended.
    private mutating func checkSuspicion(
        _ notice: Notice, by observer: Int, of peer: Int, in world: World
    ) {
        if let ended = world.hosts[peer].end(of: notice.epoch), ended <= world.now {
            return countDetection(after: world.now - ended)
        }
        if isHeardInTime(peer, by: observer, in: world) {
            report(
                .evidence, at: world.now,
                "\(world.hosts[observer].id) suspects \(world.hosts[peer].id), which it has just heard")
        }
        let isExcused = troubles.excuses(observer, about: peer, from: world.now, to: world.now)
        if isExcused || (notice.epoch == nil && isNewborn(peer, in: world)) || !settings.promisesAccuracy {
            return countMistake()
        }
        report(
            .accuracy, at: world.now,
            "\(world.hosts[observer].id) suspects \(world.hosts[peer].id), which is running, on a link without trouble"
        )
    }

    /// No host that has been dead for long is trusted.
    private mutating func checkTrust(by observer: Int, in peer: Int, world: World) {
        guard let incarnation = world.hosts[peer].incarnations.last, incarnation.ended < world.now else {
            return
        }
        guard incarnation.ended + bound < world.now else { return }
        guard !troubles.touch(observer, peer, from: incarnation.ended, to: world.now),
            !troubles.isRetuned(observer, peer, from: incarnation.ended, to: world.now)
        else { return }
        report(
            .completeness, at: world.now,
            "\(world.hosts[observer].id) trusts \(world.hosts[peer].id), dead for \((world.now - incarnation.ended).milliseconds) ms"
        )
    }

    /// What is called proved must be so.
    private mutating func checkProof(
        of verdict: Verdict, in notice: Notice, by observer: Int, about peer: Int, in world: World
    ) {
        guard !troubles.isImpersonated(peer) else { return }
        let host = world.hosts[peer]
        let isTrue =
            switch verdict.cause {
            // A restart names the new incarnation; a suspicion the one that ended.
            case .crash:
                notice.kind == .restart
                    ? host.incarnations.contains {
                        $0.epoch == notice.epoch && $0.epoch != host.incarnations[0].epoch
                    }
                    : host.end(of: notice.epoch).map { $0 <= world.now } ?? false
            case .link: acted(host, asReportedIn: notice, at: world.now)
            case .inbound:
                acted(host, asReportedIn: notice, at: world.now) && hears(peer, observer, notice, world)
            case .outbound: host.end(of: notice.epoch) == .never
            case .daemon: host.end(of: notice.epoch).map { $0 <= world.now } ?? false
            case .isolated, .unknown: false
            }
        guard !isTrue else { return }
        report(
            .proof, at: world.now,
            "\(world.hosts[observer].id) calls it proved that \(host.id): \(verdict.cause.rawValue)")
    }

    /// A conflict of identities proves that another process pretends to be a host.
    mutating func checkConflict(in notice: Notice, by observer: Int, about peer: Int, in world: World) {
        guard notice.kind == .conflict else { return }
        let victim = notice.conflict == .ownEvents ? observer : peer
        guard !troubles.isSpokenFor(victim) else { return }
        let what = notice.conflict.map { $0.rawValue } ?? "nothing"
        report(
            .proof, at: world.now,
            "\(world.hosts[observer].id) sees a conflict, \(what), though \(world.hosts[victim].id) is one")
    }

    /// Whether a peer got a message of the observer that was sent after the instant after which it is proved to have; one of
    /// another process that pretends to be the observer counts, for the peer cannot know.
    ///
    /// Whether it believed that the observer was running then is another question: an answer that came too late to
    /// show that has come all the same.
    private func hears(_ peer: Int, _ observer: Int, _ notice: Notice, _ world: World) -> Bool {
        guard !troubles.isImpersonated(observer) else { return true }
        guard let proof = notice.evidence?.provedHearing else { return false }
        let ago = notice.at - proof
        return gotUpTo[peer][observer] >= world.now - ago - ago / 1_000
    }

    /// Whether the host still acted at the instant after which it is proved to have.
    private func acted(_ host: SimulatedHost, asReportedIn notice: Notice, at now: Instant) -> Bool {
        guard let proof = notice.evidence?.provedAlive, let end = host.end(of: notice.epoch) else {
            return false
        }
        // The instant is of the observer's clock, which runs at a pace of its own.
        let ago = notice.at - proof
        return end >= now - ago - ago / 1_000
    }

    /// The time after which a host that has ended must be suspected by every host to which nothing happens.
    package var bound: TimeSpan {
        settings.detectionBound(delay: troubles.longestDelay, isLossy: troubles.areLossy)
    }

    /// A crashed host has been down for the bound: all that can must suspect it.
    package mutating func judgeCrash(of peer: Int, at crashed: Instant, in world: World) {
        guard !world.hosts[peer].isUp, world.hosts[peer].incarnations.last?.ended == crashed else { return }
        for observer in 0..<settings.nodes where observer != peer {
            guard let state = world.askMonitor(of: observer, { $0.state(of: world.ids[peer]) }) ?? nil,
                let incarnation = world.hosts[observer].incarnations.last,
                incarnation.began + settings.startupGrace <= crashed,
                !troubles.touch(observer, peer, from: crashed, to: world.now),
                !troubles.isRetuned(observer, peer, from: crashed, to: world.now)
            else { continue }
            guard state != .suspected, state != .left else { continue }
            report(
                .completeness, at: world.now,
                "\(world.hosts[observer].id) has \(world.hosts[peer].id), dead for \((world.now - crashed).milliseconds) ms, as \(state.rawValue)"
            )
        }
    }

    /// A host is down, and nothing else is wrong: all others have it confirmed, where there are enough of them.
    package mutating func judgeConfirmed(_ dead: Int, in world: World) {
        guard settings.promisesAccuracy, !world.hosts[dead].isUp, settings.watched >= settings.nodes - 1
        else { return }
        for observer in 0..<settings.nodes where observer != dead {
            let isConfirmed = world.askMonitor(of: observer) { monitor -> Bool? in
                guard monitor.quorum.needed(ofMembers: settings.nodes).map({ $0 < settings.nodes }) ?? false
                else { return nil }
                return monitor.index(of: world.ids[dead]).map { monitor.report(ofPeer: $0).isConfirmed }
            }
            guard case .some(.some(false)) = isConfirmed else { continue }
            report(
                .completeness, at: world.now,
                "\(world.hosts[observer].id) has not confirmed that \(world.hosts[dead].id), which is down, fails"
            )
        }
    }

    /// All trouble is long over: every host that runs must trust every host that runs.
    package mutating func judgeCalm(in world: World) {
        guard settings.promisesAccuracy else { return }
        for observer in 0..<settings.nodes {
            guard let monitor = world.hosts[observer].endpoint?.monitor else { continue }
            judgeRecovery(of: monitor, at: observer, in: world)
            for index in 0..<monitor.count {
                let state = monitor.state(ofPeer: index)
                let peer = peers[observer][index]
                guard world.hosts[peer].isUp, state != .trusted, state != .pending
                else { continue }
                report(
                    .accuracy, at: world.now,
                    "\(world.hosts[observer].id) has \(world.hosts[peer].id) as \(state.rawValue) though all is well"
                )
            }
        }
    }
}

extension SimulatedHost {
    /// When an incarnation ended, `.never` while it lasts; `nil` when there was none such.
    ///
    /// When none is named it is the latest.
    func end(of epoch: Epoch?) -> Instant? {
        guard let epoch else { return incarnations.last?.ended }
        return incarnations.first { $0.epoch == epoch }?.ended
    }
}
