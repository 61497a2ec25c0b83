/// What the daemon knows of one peer (the interface's type `Peer`).
///
/// Points in time are wall-clock microseconds since 1970; the names of durations say what they measure.
package struct PeerReport: Codable, Equatable, Sendable {
    /// The peer's id in the configuration.
    package var id: String
    /// Its address as it is used now: `host:port`, IPv6 in brackets.
    package var address: String
    /// Its incarnation; 0 until it was heard.
    package var epoch: Int = 0
    /// Whether it is trusted.
    package var state: ReportedState
    /// Why it is suspected, or what is wrong with its link.
    package var cause: ReportedCause?
    /// How sure the cause is.
    package var certainty: ReportedCertainty?
    /// Whether a quorum of independent witnesses agrees with a suspicion.
    package var confirmed: Bool = false
    /// When it entered its state.
    package var sinceUSec: Int
    /// Since when it is known not to hear us; absent where it does, from older daemons, and where that is no longer known.
    package var outboundSinceUSec: Int?
    /// When its last authentic datagram arrived.
    package var lastHeardUSec: Int?
    /// The smoothed round-trip time.
    package var rttUSec: Int?
    /// The heartbeat interval that it announced; until then the one that is configured.
    package var heartbeatIntervalUSec: Int
    /// When it will be overdue, or became so.
    package var deadlineUSec: Int?
    /// Of its datagrams to us, how many in a thousand were lost.
    package var lossInPerMille: Int = 0
    /// Of our datagrams to it, how many in a thousand were lost.
    package var lossOutPerMille: Int = 0
    /// How often it was suspected since the daemon started.
    package var suspicions: Int = 0
    /// How many of those suspicions were wrong: proved false, and not distinguishable from a crash.
    package var mistakes: Int = 0
    /// How many of those suspicions blamed the link, or this host, and were right; absent from older daemons.
    package var linkFaults: Int?
    /// How often it restarted without having announced that it stops, since the daemon started; absent from older daemons.
    package var restarts: Int?
    /// T_M: how long a wrong suspicion lasted on average; absent without one.
    package var mistakeDurationUSec: Int?
    /// T_MR: from one wrong suspicion to the next on average, while the peer lived; absent without one.
    package var mistakeRecurrenceUSec: Int?
    /// P_A: of a million moments in which the peer is known to have lived, in how many it was trusted.
    package var accuracyPerMillion: Int?
    /// The longest that a crash may go unnoticed, with the present interval, margin, round trip and retries.
    package var detectionTimeBoundUSec: Int?
    /// By how much later a crash may be suspected because the link loses messages; absent where it is not.
    package var lossDelayUSec: Int?
    /// How suspicious its silence is now, in thousandths; only where the detector reports levels.
    package var level: Int?
    /// Which other hosts suspect it.
    package var witnesses: [WitnessReport] = []
    /// The detector that judges it, as it is named in the configuration.
    package var detector: String
    /// How it is watched: `heartbeat+ping`, `heartbeat` or `ping`.
    package var mode: String
    /// The safety margin that the detector adds.
    package var marginUSec: Int?
    /// How far round trips stray from `rttUSec`: their smoothed mean deviation (RFC 6298).
    package var jitterUSec: Int?
    /// The target set for it, and what was derived from it.
    package var target: TargetReport?
    /// Datagrams from its address that were refused; absent where there was none.
    package var refused: RefusedReport?
    /// Datagrams to it that this host did not take; absent where there was none.
    package var unsent: UnsentReport?
    /// What is known of the largest datagrams that get through to it; absent while all do, and from older daemons.
    package var payload: PayloadReport?

    /// Describes a peer; what is not named here starts as "nothing known yet".
    package init(
        id: String, address: String, state: ReportedState, sinceUSec: Int, heartbeatIntervalUSec: Int,
        detector: String, mode: String
    ) {
        self.id = id
        self.address = address
        self.state = state
        self.sinceUSec = sinceUSec
        self.heartbeatIntervalUSec = heartbeatIntervalUSec
        self.detector = detector
        self.mode = mode
    }
}
