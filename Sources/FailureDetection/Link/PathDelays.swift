/// How long messages of a peer were under way lately, at most.
///
/// Those of a silence that was reported count too, and of what was sent before it ended, for a path that becomes slow again
/// and again is suspected each time.
struct PathDelays: Sendable {
    /// For how long the slowest round trip is remembered, at least: so long, and over so many heartbeats.
    static let (memory, heartbeatsInMemory) = (TimeSpan.seconds(4), 16)

    /// The longest round trip recently: what is under way may take as long.
    private var slowest = RecentMaximum()
    /// What shows how long a single message was under way.
    private var reference = DelayReference()
    /// Since when the link works, as far as is known: what was sent before may have been held up by the outage
    /// itself (in the queue of an unresolved neighbour, say), and is no sample of its round trip.
    private var worksSince = Instant(nanoseconds: .min)

    /// The longest delay that is remembered.
    var longest: TimeSpan { slowest.value }

    /// Forgets what was learnt of the stamps of another clock.
    mutating func forgetStamps() { reference = DelayReference() }

    /// Notes that a silence is over.
    mutating func endSilence(at now: Instant) { worksSince = now }

    /// Whether a round trip that ended at `arrival` began while the link worked.
    func isOfWorkingLink(_ sample: TimeSpan, endedAt arrival: Instant) -> Bool {
        arrival - sample >= worksSince
    }

    /// Learns a delay; `interval` is the peer's.
    mutating func note(_ delay: TimeSpan, at arrival: Instant, interval: TimeSpan) {
        let beats = interval * Int64(Self.heartbeatsInMemory)
        slowest.note(delay, at: arrival, memory: max(Self.memory, beats))
    }

    /// Learns how long a message was under way, the newest or one that was overtaken.
    ///
    /// - Parameters:
    ///   - sign: when the message was sent and when it arrived, each by the clock of its host.
    ///   - sample: the round trip that ended with it, if one did.
    ///   - credible: the longest delay that a stamp is believed to show, unless one as long is remembered: a stamp is the
    ///     peer's own, and may be of a clock that was set back.
    ///   - interval: the peer's.
    mutating func note(
        _ sign: LifeSign, roundTrip sample: TimeSpan?, credible: TimeSpan, interval: TimeSpan
    ) {
        let delay = sign.arrived - sign.sent
        if let sample { reference.note(roundTrip: sample, delay: delay, at: sign.arrived) }
        guard let longest = reference.longest(ofDelay: delay), longest <= max(credible, slowest.value) else {
            return
        }
        note(longest, at: sign.arrived, interval: interval)
    }
}
