internal import CausalClock

/// One peer: what was heard of it, until when its silence is no reason to worry, and what is thought of it.
///
/// A peer holds its own state and answers questions; `Monitor` decides and sends. Each part has a file of its own:
/// the detector sets deadlines, `ProbeRecord` the pings, `LinkReceiver` and `LinkSender` the two directions.
struct Peer: Sendable {
    var settings: PeerSettings
    var standing = PeerStanding.unknown { didSet { state = standing.state } }
    /// What is thought of it; kept, for it is asked for again and again and hidden deep in `standing`.
    private(set) var state = PeerState.unknown
    var stateSince: Instant
    /// Since when it is watched: the start of this process, or the reload that added it.
    let watchedSince: Instant
    /// The incarnation of the peer that is being watched; `nil` until it is heard.
    var epoch: Epoch?
    var lastHeard: Instant?
    /// When the peer is overdue.
    var deadline: Instant
    /// When it is to be back, if it announced that as it left; `nil` once it was heard again.
    var returnDue: Instant?
    /// What points to it that it is back, after it left, and is not heard here; `nil` once it was heard.
    var returnSign: ReturnSign?
    /// When the next heartbeat, or routine ping, to it is due.
    var nextHeartbeat: Instant

    var receiver = LinkReceiver()
    var sender = LinkSender()
    var roundTrip = RoundTripEstimator()
    private(set) var delays = PathDelays()
    var probes = ProbeRecord()
    /// What its messages in its present incarnation show of its clock and of its identity.
    var incarnation = PeerIncarnation()
    /// What is learnt of it through others while it is silent.
    var watch = SilenceEvidence()
    var detector: any SuspicionDetector
    var recent = RecentHeartbeats()
    /// Derives `settings`, where a target is set instead.
    var tuner: TargetTuner?
    /// The pace that is kept until the peer has acknowledged a message that announces a slower one.
    var formerPace: (interval: TimeSpan, until: UInt64)?

    /// Which other hosts suspect it.
    var witnesses = WitnessList()
    /// How many opinions of its own are kept, about other peers.
    var opinionsHeld = 0
    /// Reports that its port is closed.
    var portReports = PortReports()
    /// Whether what is sent to it leaves this host.
    var sending = SendRecord()
    /// Datagrams that seem to be its own and are not believed.
    var unproved = UnprovedDatagrams()
    /// What its host said when its daemon ended.
    var lastWords = LastWords()
    var history = PeerHistory()
    var silence: Silence
    /// Whether its heartbeats are handed out to a client that records them.
    var isRecorded = false

    var announcedInterval: TimeSpan?
    /// Until when a pong, another sign that is no heartbeat, or a pause of our own vouches for the peer.
    private var vouchedUntil = Instant(nanoseconds: .min)
    /// The latest pause of our own, and by how much its deadline moved for that and for those before since it was heard.
    private var forgiven = (at: Instant(nanoseconds: .min), by: TimeSpan.zero)
    /// Which of its heartbeats teach anything.
    var lessons = Lessons()
    /// What this silence was forgiven.
    var forgiveness = StallAllowance()
    /// By how much its deadline was put off in this silence because of our own health; `nil` if that was not checked yet.
    private(set) var lagAllowance: TimeSpan?
    private var clockJump = SenderClockStep()
    /// Until when arrivals show a pause of our own, not of the path.
    private(set) var pauseEnd = Instant(nanoseconds: .min)
    var flaps = FlapDamping()

    init(_ settings: PeerSettings, at now: Instant) {
        tuner = settings.target.map { TargetTuner(settings, target: $0, at: now) }
        self.settings = tuner?.settings ?? settings
        (stateSince, watchedSince) = (now, now)
        deadline = now + settings.startupGrace
        nextHeartbeat = now
        silence = Silence(at: now, grace: settings.startupGrace)
        detector = self.settings.detector.makeDetector()
    }

    var id: HostID { settings.id }

    /// When a verified report said that its port is closed, if no message has refuted that.
    var portUnreachable: Instant? { portReports.verified }

    /// The time between its heartbeats: what it announced, or what we would do ourselves.
    ///
    /// Spelled out, here and below: an operator's closure would capture, and copy, the whole peer for every heartbeat.
    var heartbeatInterval: TimeSpan {
        if let announcedInterval { return announcedInterval }
        return settings.interval
    }

    /// The interval within which it is expected to be heard: that of its heartbeats, or, where it is only asked, our
    /// own.
    ///
    /// Everything that judges a silence, or promises how long one may last, asks for this one.
    var interval: TimeSpan { settings.mode == .ping ? pace : heartbeatInterval }

    var margin: TimeSpan { settings.detector.margin(at: interval) }

    /// Whether it is overdue or suspected, or left and seems to be back: others are asked about it.
    var isSilent: Bool { state == .pending || state == .suspected || isReturnExpected }

    /// Limits what was granted before to what the settings grant now, after they were changed.
    mutating func expectAnew(at now: Instant) {
        guard state == .trusted else { return }
        let latest = now + max(patience, settings.mode == .ping ? interval + pingTimeout : .zero)
        vouchedUntil = min(vouchedUntil, latest)
        deadline = min(deadline, latest)
    }

    /// Whether the peer is being watched for silence at all.
    var isWatched: Bool { state != .left && state != .suspected }

    /// The earliest thing that falls due for this peer, when silence is judged `late`.
    func nextDeadline(late: TimeSpan) -> (instant: Instant, reason: Deadline.Reason) {
        var first = ownDeadline(late: late)
        if nextHeartbeat <= first.instant { first = (nextHeartbeat, .heartbeat) }
        if let due = tuner?.due, due < first.instant { first = (due, .target) }
        return first
    }

    private func ownDeadline(late: TimeSpan) -> (instant: Instant, reason: Deadline.Reason) {
        switch state {
        case .unknown, .trusted: (deadline + late, .overdue)
        case .pending: (pingDeadline(late: late), .ping)
        case .suspected: (suspicion?.review ?? .never, .review)
        case .left: (min(returnDue ?? .never, returnSign?.due ?? .never), .overdue)
        }
    }
}

extension Peer {
    /// Begins to watch an incarnation of the peer: a first one, or a new one after a restart.
    mutating func beginIncarnation(_ epoch: Epoch) {
        if self.epoch != nil {
            receiver = LinkReceiver(losses: receiver.losses)
            incarnation = PeerIncarnation()
            sender.peerRestarted()
            forgetDelays()
            clockJump = SenderClockStep()
            lessons = Lessons()
            announcedInterval = nil
            watch.hasRestarted = true
        }
        portReports = PortReports()
        lastWords = LastWords()
        self.epoch = epoch
        silence.beginIncarnation()
        forgetVouching()
        deadline = vouchedUntil
    }

    /// Continues with an incarnation in which the peer was watched before.
    mutating func resume(_ epoch: Epoch, receiver: LinkReceiver, from counter: UInt64) {
        self.epoch = epoch
        self.receiver = receiver
        incarnation.began = counter
        // What was sent to us meanwhile is not remembered.
        incarnation.needsFreshnessProof = true
    }

    /// Adopts the interval that a message announces; zero announces none.
    mutating func adopt(interval: TimeSpan, at now: Instant) {
        guard interval > .zero, interval != announcedInterval else { return }
        announcedInterval = min(max(interval, .milliseconds(1)), .seconds(3_600))
        tuner?.hasten(at: now)
        forgetVouching()
        // A peer that is asked from now on sends no heartbeat that would set the deadline by the new interval.
        expectAnew(at: now)
    }

    private mutating func forgetVouching() {
        (vouchedUntil, forgiven.by) = (Instant(nanoseconds: .min), .zero)
    }

    /// Notes a fresh heartbeat and sets the deadline that follows from it.
    mutating func heard(heartbeat sign: LifeSign) {
        let interval = heartbeatInterval
        learn(sign)
        noteHeard(sign.arrived)
        var next = detector.deadline(after: sign, interval: interval)
        let hasJumped = clockJump.note(
            sign, lateness: sign.arrived - next, interval: interval, roundTrip: roundTrip.smoothed ?? .zero)
        if hasJumped {
            // What was recorded and is played to us at its pace looks the same.
            (incarnation.needsFreshnessProof, incarnation.timetable) = (true, nil)
            forgetDelays()
            learn(sign)
            next = detector.deadline(after: sign, interval: interval)
        }
        // Where a peer is asked, its heartbeats are only signs of life: the next question is ours.
        guard settings.mode != .ping else { return vouch(until: next, at: sign.arrived) }
        limitVouching()
        deadline = max(next, vouchedUntil)
        noteLateness(of: sign.arrived)
    }

    /// Takes back what a message vouched for by a patience that was longer than the present one: a detector that has learnt
    /// one long silence among few others is patient until it has learnt more.
    ///
    /// A heartbeat that arrived before a pause, and is read only after it, does not take back what the pause granted.
    private mutating func limitVouching() {
        guard settings.mode != .ping, let lastHeard else { return }
        let granted = lastHeard <= forgiven.at ? forgiven.by : .zero
        vouchedUntil = min(vouchedUntil, lastHeard + patience + granted)
    }

    /// A message that comes when the next one is overdue already does not show that the peer is running now; but it is no
    /// silence: the path has become slow, or something holds messages back.
    ///
    /// Where no pings ask, the same holds of one that is late by more than the margin: the next one, on the same path,
    /// comes after the deadline, and nothing else shows before that the peer is running.
    private mutating func noteLateness(of arrival: Instant) {
        let needed = settings.mode == .heartbeat ? max(patience - margin, .zero) : .zero
        if deadline <= arrival + needed { unproved.note(.late, at: arrival) }
    }

    /// Forgets what was learnt of the stamps of another clock.
    private mutating func forgetDelays() {
        detector.reset()
        recent.removeAll()
        delays.forgetStamps()
        tuner?.delays = DelayMeter()
    }

    /// Hands a fresh heartbeat to everything that learns from them.
    private mutating func learn(_ sign: LifeSign) {
        let interval = heartbeatInterval
        let lesson = takeLesson(of: sign)
        detector.learn(lesson, from: sign, interval: interval)
        recent.append(sign, interval: interval, lesson: lesson)
        if lesson.isOfDelay, describesPath(at: sign.arrived) {
            tuner?.delays.record(sign, interval: interval)
        }
    }

    /// Notes another fresh message: it vouches for the peer as long as a heartbeat sent with it would.
    mutating func heard(message sign: LifeSign) {
        // The stamp may be of a clock that has jumped since the delays were learnt; only heartbeats relearn them.
        let longest = max(sign.arrived + patience, deadline)
        vouch(until: min(detector.deadline(after: sign, interval: interval), longest), at: sign.arrived)
    }

    /// Notes a pong to a ping of ours: it was sent after that ping, whatever the clocks say.
    mutating func heard(pongAt arrival: Instant) {
        vouch(until: arrival + patience, at: arrival)
    }

    private mutating func vouch(until instant: Instant, at arrival: Instant) {
        noteHeard(arrival)
        limitVouching()
        vouchedUntil = max(
            vouchedUntil, settings.mode == .ping ? vouched(until: instant, by: arrival) : instant)
        deadline = state == .unknown ? vouchedUntil : max(deadline, vouchedUntil)
        noteLateness(of: arrival)
    }

    /// Until when a message vouches where only answers are expected: for one interval of ours all the same, for silence to our pings does
    /// not outrank it.
    ///
    /// Where it shows that the peer gets none of them, they ask nothing, and its own timetable decides.
    private func vouched(until instant: Instant, by arrival: Instant) -> Instant {
        answersNothing ? arrival + timetableSpan : min(instant, arrival + interval + margin)
    }

    /// How long pings would take to confirm a silence; a suspected peer is not pinged, but given as much.
    var verification: TimeSpan {
        settings.mode == .heartbeat ? .zero : pingRound.length
    }

    private mutating func noteHeard(_ arrival: Instant) {
        if state == .suspected, arrival > deadline + verification { flaps.relapsed() }
        lastHeard = max(lastHeard ?? arrival, arrival)
        (returnDue, returnSign) = (nil, nil)
        silence.heard(at: arrival)
        portReports.noteHeard()
        flaps.heardAfterEnd()
        unproved.noteHeard()
        forgiveness = StallAllowance()
        lagAllowance = nil
        guard settings.mode == .ping else { return }
        // The next routine ping asks again; silence before it means nothing.
        vouchedUntil = nextHeartbeat + pingTimeout
    }

    /// Whether a suspected peer that is heard in time has shown enough to be trusted again.
    mutating func mayRecover(at now: Instant) -> Bool {
        verdict?.cause == .isolated || flaps.recovers(at: now, spacing: interval / 4)
    }

    /// Moves the deadline because we were away, or lost datagrams: silence in that time is our own.
    ///
    /// How far, in all, is bounded; see `StallAllowance`.
    mutating func forgive(_ away: TimeSpan, at now: Instant) {
        let budget = (interval + margin) * 4
        silence.forgive(away, interval: interval, budget: budget, at: now)
        if away >= LocalHealth.noteworthyStall {
            pauseEnd = now + interval + margin
            receiver.noteAway(until: now)
        }
        forgiveLessons(away, at: now)
        guard isWatched else { return }
        let before = deadline
        switch forgiveness.grant(away, budget: budget) {
        case .whole:
            // What was under way when the host moved on may be lost, too: its next message takes a way of its own.
            let way = roundTrip.smoothed ?? .zero
            deadline = max(deadline + away, now + interval + way + LocalHealth.stallThreshold)
            probes.restart(at: now)
        case .part(let part): deadline = deadline + part
        }
        forgiveness.note(deadline - before)
        let former = lastHeard ?? now <= forgiven.at ? forgiven.by : .zero
        forgiven = (now, former + max(deadline - before, .zero))
        vouchedUntil = max(vouchedUntil, deadline)
    }

    /// Puts the deadline off, once in a silence, because this host may be the one that is slow.
    ///
    /// - Returns: whether the peer has time left at `judgementTime`, as of which it is judged.
    mutating func grantLagAllowance(by score: LagScore, at now: Instant, judgementTime: Instant) -> Bool {
        guard lagAllowance == nil, portUnreachable == nil else { return false }
        let granted = score.allowance(on: interval + margin, at: now)
        lagAllowance = granted
        deadline = deadline + granted
        return deadline > judgementTime
    }

    /// Notes that a silence is over.
    mutating func endSilence(at now: Instant) {
        delays.endSilence(at: now)
        sender.restartWait(at: now)
        sender.endOutage()
    }

    /// Learns a round trip that ended at `arrival`: how long the path takes, and, where it works, what is usual.
    mutating func record(roundTrip sample: TimeSpan, endedAt arrival: Instant) {
        guard state != .left else { return }
        delays.note(sample, at: arrival, interval: heartbeatInterval)
        guard state != .suspected, delays.isOfWorkingLink(sample, endedAt: arrival) else { return }
        roundTrip.record(sample)
    }

    /// Learns how long a message was under way (`PathDelays.note`).
    mutating func noteDelay(of sign: LifeSign, roundTrip sample: TimeSpan?) {
        guard state != .left else { return }
        delays.note(sign, roundTrip: sample, credible: longestPong, interval: heartbeatInterval)
    }

    /// How long to wait for a pong.
    ///
    /// After a port was reported closed there is no use in waiting long.
    var pingTimeout: TimeSpan { timeout(by: roundTrip) }

    /// The same by another estimate of the round trip.
    func timeout(by roundTrip: RoundTripEstimator) -> TimeSpan {
        let floor =
            portUnreachable == nil
            ? settings.minimumTimeout : min(settings.minimumTimeout, RoundTripEstimator.allowance)
        return roundTrip.timeout(atLeast: floor, atMost: settings.maximumTimeout)
    }
}
