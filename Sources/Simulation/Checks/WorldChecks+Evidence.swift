internal import CausalClock
internal import FailureDetection
internal import Wire

/// What was reported, against what was received and what was sent.
extension WorldChecks {
    /// A host that is heard in time is not suspected, whatever is said of it: messages outrank errors and testimony.
    ///
    /// - Returns: whether it was.
    mutating func isHeardInTime(_ peer: Int, by observer: Int, in world: World) -> Bool {
        guard settings.promisesAccuracy, !troubles.isImpersonated(peer),
            let expected = world.askMonitor(of: observer, { $0.report(of: world.ids[peer])?.interval }) ?? nil
        else { return false }
        let interval = min(expected, settings.interval)
        return world.now - evidence.freshest[observer][peer] < interval - interval / 5
    }

    /// A host has not crashed while its datagrams arrive, believed or not.
    ///
    /// What is only reported again, because a quorum has come or gone, is no new finding.
    mutating func checkEvidence(
        of notice: Notice, after before: LastReport, by observer: Int, about peer: Int, in world: World
    ) {
        guard notice.kind == .suspect, notice.verdict?.cause == .crash,
            before.word != .suspected || before.verdict?.cause != .crash, settings.promisesAccuracy
        else { return }
        guard world.askHost(peer, { $0.end(of: nil) }) == .never, !troubles.isImpersonated(peer) else {
            return
        }
        // The answer that proves that a new incarnation is running may be under way.
        guard !isNewborn(peer, in: world) else { return }
        guard let present = world.askMonitor(of: observer, { $0.report(of: world.ids[peer]) }) ?? nil
        else { return }
        let patience = Self.vouchedInterval(present, of: settings) * 4 / 5
        if world.now - evidence.reached[observer][peer] < patience {
            report(
                .arrival, at: world.now,
                "\(world.ids[observer]) says that \(world.ids[peer]) has crashed, and gets its datagrams")
        }
    }

    /// The time for which a message of a peer vouches: the interval at which it sends, or at which it is asked where it only
    /// answers; that may be another one than its cluster's while a new configuration spreads.
    private static func vouchedInterval(_ report: PeerReport, of settings: ClusterSettings) -> TimeSpan {
        min(report.settings.mode == .ping ? report.settings.interval : report.interval, settings.interval)
    }

    /// Of a peer that could not be sent anything in all of its silence, nothing is known but that.
    mutating func checkMute(at place: Int, of monitor: Monitor, in world: World) {
        for index in 0..<monitor.count where monitor.state(ofPeer: index) == .suspected {
            let peer = peers[place][index]
            let silence = evidence.freshest[place][peer] + settings.interval
            let mute = evidence.mute[place][peer]
            guard mute <= silence || isNeverHeard(peer, by: place), mute < .never,
                // A peer that flaps stays suspected for earlier silences, although it is heard.
                mute < evidence.suspected[place][peer]
            else { continue }
            let id = world.ids[peer]
            if monitor.report(ofPeer: index).verdict?.cause == .crash {
                report(
                    .evidence, at: world.now,
                    "\(monitor.id) says that \(id) has crashed, and asked it nothing")
            }
            if monitor.opinions.contains(where: { $0.subject == id }) {
                report(.evidence, at: world.now, "\(monitor.id) votes against \(id), and asked it nothing")
            }
        }
    }

    /// A suspected peer that is heard in time again has no cause to be silent, and is not voted against.
    ///
    /// What was sent before the present process began may have been read by the one before, which was killed in that turn: of
    /// that it has kept the numbers and nothing else.
    mutating func checkReturned(at place: Int, of monitor: Monitor, in world: World) {
        for index in 0..<monitor.count where monitor.state(ofPeer: index) == .suspected {
            let (report, peer) = (monitor.report(ofPeer: index), peers[place][index])
            guard evidence.freshest[place][peer] > evidence.suspected[place][peer] + report.interval / 5,
                evidence.freshest[place][peer] > began[place], isHeardInTime(peer, by: place, in: world)
            else { continue }
            if report.verdict?.cause == .crash {
                self.report(
                    .evidence, at: world.now, "\(monitor.id) says that \(report.id) has crashed, and hears it"
                )
            }
            if monitor.opinions.contains(where: { $0.subject == report.id }) {
                self.report(
                    .evidence, at: world.now, "\(monitor.id) votes against \(report.id), and hears it")
            }
        }
    }

    private func isNeverHeard(_ peer: Int, by observer: Int) -> Bool {
        evidence.freshest[observer][peer].nanoseconds == .min && evidence.mute[observer][peer] < .never
    }

    /// A confirmation rests on enough hosts that truly suspect.
    mutating func checkQuorum(of notice: Notice, by observer: Int, about peer: Int, in world: World) {
        guard notice.kind == .confirm, !troubles.hasImpersonation,
            let needed = world.askMonitor(of: observer, { $0.quorum.needed(ofMembers: $0.count + 1) })
        else { return }
        let recent = world.now - bound - .seconds(15)
        let votes = (0..<settings.nodes).count { voter in
            voter != peer && (voter == observer || evidence.voted[voter][peer] >= recent)
        }
        guard needed.map({ votes < $0 }) ?? true else { return }
        let wanted = needed.map { "\($0)" } ?? "more than there can be"
        report(
            .quorum, at: world.now,
            "\(world.ids[observer]) has it confirmed that \(world.ids[peer]) fails, by \(votes); a quorum is \(wanted)"
        )
    }

    /// A reload leaves as they are the peers that stay.
    mutating func checkReload(at place: Int, in world: World) {
        guard let reload = world.latestReload else { return }
        for (before, after) in zip(reload.before, reload.after) where before != after {
            report(
                before.withoutBound == after.withoutBound ? .restored : .continuity, at: world.now,
                "a reload of \(world.ids[place]) changes what it has of \(world.ids[before.place]): \(before) became \(after)"
            )
        }
    }

    /// A process that continues with an incarnation takes no number that an earlier one has used.
    mutating func checkResumption(_ resumption: Resumption, at place: Int, in world: World) {
        let id = world.ids[place]
        if resumption.firstEvent <= resumption.lastEvent {
            report(
                .continuity, at: world.now,
                "\(id) continues with event \(resumption.firstEvent), and had \(resumption.lastEvent) before")
        }
        for (peer, numbers) in zip(resumption.lastNumbers, resumption.usedNumbers).enumerated() {
            guard let used = numbers.1, case let last = numbers.0, used < last else { continue }
            report(
                .continuity, at: world.now,
                "\(id) uses the numbers from \(used + 1) to \(last) of its link to \(world.ids[peer]) twice"
            )
        }
    }
}

/// What is left of troubles when they are over.
extension WorldChecks {
    /// All trouble is long over: nothing is left of it.
    mutating func judgeRecovery(of monitor: Monitor, at observer: Int, in world: World) {
        if monitor.isolatedSince != nil {
            report(.recovery, at: world.now, "\(monitor.id) still blames itself")
        }
        for opinion in monitor.opinions {
            report(.recovery, at: world.now, "\(monitor.id) still votes against \(opinion.subject)")
        }
        for index in 0..<monitor.count {
            guard let verdict = monitor.report(ofPeer: index).verdict else { continue }
            let id = monitor.id(ofPeer: index)
            report(.recovery, at: world.now, "\(monitor.id) still has \(id) as \(verdict.cause.rawValue)")
        }
    }
}
