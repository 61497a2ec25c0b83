/// What is asked of the detection of one peer, and what was derived from it (the interface's type `Target`).
package struct TargetReport: Codable, Equatable, Sendable {
    /// Asked for: the longest from a crash to the suspicion.
    package var detectionTimeUSec: Int
    /// Asked for: the shortest mean time between two mistakes.
    package var mistakeRecurrenceUSec: Int
    /// Asked for: the longest mean time until a mistake is taken back.
    package var mistakeDurationUSec: Int
    /// What cannot be kept, `mistake_recurrence`, `mistake_duration` or `detection_time`, or what stands in the way,
    /// `peer_interval`; `nil` if the target is kept.
    package var limit: String?
    /// The longest from a crash to the suspicion with the settings in effect; more than was asked for if there is a limit.
    package var boundUSec: Int
    /// The mean time between two mistakes that these settings are promised to keep.
    package var promisedRecurrenceUSec: Int
    /// How often we send to the peer.
    package var intervalUSec: Int
    /// How often the peer sends, for which the margin is meant.
    package var peerIntervalUSec: Int
    /// What is added to the expected arrival of a heartbeat.
    package var marginUSec: Int
    /// How often an unanswered ping is repeated.
    package var retries: Int
    /// How long each ping waits for its answer.
    package var pingTimeoutUSec: Int
    /// Whether the path was measured; until then it is assumed.
    package var measured: Bool
    /// The share of messages lost in the worse direction, in a million.
    package var lossPerMillion: Int
    /// Of the messages after a lost one, how many in a million are lost too.
    package var lossAfterLossPerMillion: Int
    /// The standard deviation of the delay.
    package var delayDeviationUSec: Int
    /// The mean round trip; `nil` where no pings are sent.
    package var roundTripUSec: Int?
    /// When settings last changed because the path did.
    package var retunedUSec: Int

    /// Whether it is known from measurements that the target cannot be kept.
    package var isMissed: Bool { measured && limit != nil }

    /// Describes a target with what was derived from it.
    package init(
        detectionTimeUSec: Int, mistakeRecurrenceUSec: Int, mistakeDurationUSec: Int, limit: String?,
        boundUSec: Int, promisedRecurrenceUSec: Int, intervalUSec: Int, peerIntervalUSec: Int,
        marginUSec: Int, retries: Int,
        pingTimeoutUSec: Int, measured: Bool, lossPerMillion: Int, lossAfterLossPerMillion: Int,
        delayDeviationUSec: Int, roundTripUSec: Int?, retunedUSec: Int
    ) {
        self.detectionTimeUSec = detectionTimeUSec
        self.mistakeRecurrenceUSec = mistakeRecurrenceUSec
        self.mistakeDurationUSec = mistakeDurationUSec
        self.limit = limit
        self.boundUSec = boundUSec
        self.promisedRecurrenceUSec = promisedRecurrenceUSec
        self.intervalUSec = intervalUSec
        self.peerIntervalUSec = peerIntervalUSec
        self.marginUSec = marginUSec
        self.retries = retries
        self.pingTimeoutUSec = pingTimeoutUSec
        self.measured = measured
        self.lossPerMillion = lossPerMillion
        self.lossAfterLossPerMillion = lossAfterLossPerMillion
        self.delayDeviationUSec = delayDeviationUSec
        self.roundTripUSec = roundTripUSec
        self.retunedUSec = retunedUSec
    }
}
