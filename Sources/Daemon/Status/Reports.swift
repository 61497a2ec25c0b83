internal import CausalClock
internal import FailureDetection
internal import StatusAPI
internal import Wire

/// From the core's values to what the status socket shows.
extension DotText {
    init(_ dot: Dot) {
        self.init(
            id: dot.host.description, epoch: Int(clamping: dot.epoch.value),
            counter: Int(clamping: dot.counter))
    }
}

extension ReportedState {
    init(_ state: PeerState) {
        self =
            switch state {
            case .unknown: .unknown
            case .trusted: .trusted
            case .pending: .pending
            case .suspected: .suspected
            case .left: .left
            }
    }
}

extension ReportedCause {
    init(_ cause: Cause) {
        self =
            switch cause {
            case .crash: .crash
            case .link: .link
            case .inbound: .inbound
            case .outbound: .outbound
            case .isolated: .isolated
            case .daemon: .daemon
            case .unknown: .unknown
            }
    }
}

extension ReportedCause {
    /// The cause as it is reported of a silent peer: one that was never heard may never have run, and did not crash.
    ///
    /// The detector judges both alike, because both are suspected and both are silent.
    init(_ verdict: Verdict, lastHeard: Instant?, isExplained: Bool = false) {
        let isSilence =
            verdict.cause == .crash || verdict.cause == .isolated || verdict.cause == .unknown && !isExplained
        self = lastHeard == nil && isSilence ? .neverHeard : Self(verdict.cause)
    }

    /// The same, with what is known of the peer.
    init(_ verdict: Verdict, by evidence: Evidence?) {
        guard let evidence else {
            self.init(verdict.cause)
            return
        }
        let isExplained = evidence.obstacle != nil || evidence.unproved.count > 0
        self.init(verdict, lastHeard: evidence.lastHeard, isExplained: isExplained)
    }
}

extension ReportedCertainty {
    init(_ certainty: Certainty) { self = certainty == .proved ? .proved : .suspected }
}

extension StatusAPI.PeerReport {
    init(_ peer: FailureDetection.PeerReport, address: String, wall: WallClock) {
        self.init(
            id: peer.id.description, address: address, state: ReportedState(peer.state),
            sinceUSec: wall.microseconds(peer.since), heartbeatIntervalUSec: Int(peer.interval.microseconds),
            detector: peer.settings.detector.name, mode: peer.settings.mode.rawValue)
        epoch = Int(clamping: peer.epoch?.value ?? 0)
        cause = peer.verdict.map { ReportedCause($0.cause) }
        certainty = peer.verdict.map { ReportedCertainty($0.certainty) }
        lastHeardUSec = peer.lastHeard.map(wall.microseconds)
        rttUSec = peer.roundTrip.map { Int($0.microseconds) }
        jitterUSec = peer.roundTrip.map { _ in Int(peer.jitter.microseconds) }
        deadlineUSec = peer.deadline.map(wall.microseconds)
        marginUSec = Int(peer.settings.detector.margin(at: peer.interval).microseconds)
        lossInPerMille = peer.lossIn
        lossOutPerMille = peer.lossOut
        suspicions = Int(clamping: peer.suspicions)
        restarts = Int(clamping: peer.crashes)
        confirmed = peer.isConfirmed
        target = peer.target.map { StatusAPI.TargetReport($0, wall: wall) }
    }
}

extension StatusAPI.TargetReport {
    fileprivate init(_ report: FailureDetection.TargetReport, wall: WallClock) {
        let (target, plan, path) = (report.target, report.plan, report.path)
        self.init(
            detectionTimeUSec: Int(target.detectionTime.microseconds),
            mistakeRecurrenceUSec: Int(target.mistakeRecurrence.microseconds),
            mistakeDurationUSec: Int(target.mistakeDuration.microseconds), limit: report.limit?.rawValue,
            boundUSec: Int(report.detectionTime.microseconds),
            promisedRecurrenceUSec: Int(plan.mistakeRecurrence.microseconds),
            intervalUSec: Int(report.interval.microseconds),
            peerIntervalUSec: Int(plan.interval.microseconds), marginUSec: Int(plan.margin.microseconds),
            retries: plan.retries, pingTimeoutUSec: Int(plan.pingTimeout.microseconds),
            measured: report.isMeasured, lossPerMillion: Int(path.loss.rate * 1e6),
            lossAfterLossPerMillion: Int(path.loss.persistence * 1e6),
            delayDeviationUSec: Int(path.delayDeviation.microseconds),
            roundTripUSec: path.roundTrip.map { Int($0.microseconds) },
            retunedUSec: wall.microseconds(report.retuned))
    }
}

extension StatusAPI.PeerReport {
    /// Adds what is computed only when a client asks.
    mutating func addFigures(of monitor: Monitor, at index: Int, _ now: Instant) {
        let record = monitor.trackRecord(ofPeer: index, at: now)
        mistakes = Int(clamping: record.audit.mistakes)
        linkFaults = Int(clamping: record.audit.linkFaults)
        mistakeDurationUSec = record.mistakeDuration.map { Int($0.microseconds) }
        mistakeRecurrenceUSec = record.mistakeRecurrence.map { Int($0.microseconds) }
        // One that was never heard is not known to have lived.
        accuracyPerMillion = lastHeardUSec == nil ? nil : record.accuracyPerMillion
        detectionTimeBoundUSec = monitor.detectionTimeBound(ofPeer: index, at: now).map {
            Int($0.microseconds)
        }
        lossDelayUSec = monitor.lossDelay(ofPeer: index).map { Int($0.microseconds) }
        // A silence of years under a tiny mean has a level beyond any integer's worth of interest.
        level = monitor.level(ofPeer: index, at: now).map { Int(min($0 * 1_000, 1e12)) }
    }
}

extension EvidenceReport {
    init(_ evidence: Evidence, reason: String, lossOut: Int, at now: Instant, wall: WallClock) {
        self.init(reason: reason)
        addSilence(evidence, at: now, wall)
        probes = evidence.probes.map { ProbeReport($0, wall: wall) }
        portUnreachableUSec = evidence.portUnreachable.map(wall.microseconds)
        heardByOthers = Self.news(evidence, wall)
        acknowledges = AcknowledgementReport(
            highest: Int(clamping: evidence.acknowledged), sent: Int(clamping: evidence.sent),
            lostPerMille: lossOut)
        ownLagUSec = Int(evidence.ownLag.microseconds)
        kernelDrops = Int(clamping: evidence.kernelDrops)
        ownLagScore = evidence.lagScore.value(at: now)
        observers = evidence.agreement.observers
        quorum = evidence.agreement.needed
        guard !evidence.postponements.isEmpty else { return }
        postponements = evidence.postponements.map {
            PostponementReport(reason: Wording.reason($0.rule), byUSec: Int($0.duration.microseconds))
        }
    }

    /// What the detector expected, and what came last.
    private mutating func addSilence(_ evidence: Evidence, at now: Instant, _ wall: WallClock) {
        detector = evidence.detector.name
        // A peer of which nothing is expected, as after its leave, has no deadline.
        if evidence.deadline > Instant(nanoseconds: 0) {
            deadlineUSec = wall.microseconds(evidence.deadline)
            overdueUSec = now > evidence.deadline ? Int((now - evidence.deadline).microseconds) : nil
        }
        lastHeardUSec = evidence.lastHeard.map(wall.microseconds)
        lastSequence = evidence.lastSequence > 0 ? Int(clamping: evidence.lastSequence) : nil
        silenceUSec = evidence.lastHeard.map { Int((now - $0).microseconds) }
        heartbeatIntervalUSec = Int(evidence.interval.microseconds)
    }

    /// Which other nodes have heard the peer: those that said so, before them the latest of which a clock has news.
    private static func news(_ evidence: Evidence, _ wall: WallClock) -> [RelayReport] {
        let reports = evidence.reports.filter(\.testimony.isTrusted)
        let heard = reports.map { RelayReport($0, wall: wall) }
        // The latest news may have come with one of these reports.
        guard let news = evidence.news,
            !reports.contains(where: { $0.witness == news.witness && $0.testimony.subject == news.dot })
        else { return heard }
        return [RelayReport(news, wall: wall)] + heard
    }
}

extension ProbeReport {
    fileprivate init(_ probe: Probe, wall: WallClock) {
        let (sent, timeout) = (wall.microseconds(probe.sent), Int(probe.timeout.microseconds))
        if let answered = probe.answered {
            self.init(
                sentUSec: sent, timeoutUSec: timeout, answeredUSec: wall.microseconds(answered),
                rttUSec: Int((answered - probe.sent).microseconds))
        } else {
            self.init(sentUSec: sent, timeoutUSec: timeout)
        }
    }
}

extension RelayReport {
    fileprivate init(_ report: WitnessStatement, wall: WallClock) {
        self.init(
            witness: report.witness.description, atUSec: wall.microseconds(report.arrived),
            dot: DotText(report.testimony.subject))
    }

    fileprivate init(_ news: IndirectNews, wall: WallClock) {
        self.init(
            witness: news.witness.description, atUSec: wall.microseconds(news.arrived),
            dot: DotText(news.dot))
    }
}

extension HealthReport {
    init(_ health: LocalHealth, at now: Instant, wall: WallClock) {
        self.init()
        lagScore = health.lagScore.value(at: now)
        loopLagUSec = Int(health.lag.microseconds)
        loopLagMaximumUSec = Int(health.maximumLag.microseconds)
        stalls = Int(clamping: health.stalls)
        lastStallUSec = health.lastStall.map(wall.microseconds)
        lastStallDurationUSec = health.lastStall.map { _ in Int(health.lastStallDuration.microseconds) }
        let late = health.reading.bound
        readLagUSec = late > .zero ? Int(late.microseconds) : nil
        kernelDrops = Int(clamping: health.kernelDrops)
    }
}

extension RecordReply {
    init(_ arrival: Arrival) {
        self.init(
            epoch: Int(clamping: arrival.epoch.value),
            heartbeatIntervalUSec: Int(arrival.interval.microseconds),
            heartbeats: [
                HeartbeatReport(
                    sequence: Int(clamping: arrival.sequence), sentNSec: Int(arrival.sign.sent.nanoseconds),
                    arrivedNSec: Int(arrival.sign.arrived.nanoseconds))
            ])
    }
}
