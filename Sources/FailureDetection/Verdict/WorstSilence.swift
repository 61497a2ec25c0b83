/// The longest silence after a crash that is no suspicion yet, by the parts that the rules may take.
///
/// `Monitor.detectionTimeBound` gathers it from what was measured, the simulator from what it knows of its links.
package struct WorstSilence: Sendable {
    /// The peer's heartbeats, one of which may be waited for at the end.
    package struct Heartbeats: Sendable {
        /// The time between them.
        package var interval: TimeSpan
        /// Whether it is known how long after the deadline the pings end; if not, the longest wait counts.
        package var isScheduleKnown: Bool

        /// Heartbeats every `interval`.
        package init(every interval: TimeSpan, isScheduleKnown: Bool) {
            (self.interval, self.isScheduleKnown) = (interval, isScheduleKnown)
        }

        /// The longest wait when the pings take about `elapsed`: pings that end some milliseconds later may just come to it.
        fileprivate func wait(after elapsed: TimeSpan) -> TimeSpan {
            guard isScheduleKnown else { return Self.longestWait(interval) }
            return Self.wait(after: elapsed, interval: interval, atMost: interval * 3 / 10)
        }

        /// The longest wait for a heartbeat.
        static func longestWait(_ interval: TimeSpan) -> TimeSpan { interval / 5 }

        /// The wait for the next heartbeat when a deadline was missed `elapsed` ago, if it is `longest` at most; else zero.
        static func wait(
            after elapsed: TimeSpan, interval: TimeSpan, atMost longest: TimeSpan
        ) -> TimeSpan {
            guard elapsed >= .zero else { return .zero }
            let missing = interval.nanoseconds - elapsed.nanoseconds % max(interval.nanoseconds, 1)
            return missing <= longest.nanoseconds ? TimeSpan(nanoseconds: missing) : .zero
        }
    }

    /// From the crash to the deadline: the last message's way, and the patience.
    package var untilDeadline: TimeSpan
    /// The interval and the margin.
    package var patience: TimeSpan
    /// Whether pings follow the deadline.
    package var isVerified: Bool
    /// The pings where nothing is lost.
    package var usual: PingRound
    /// The most pings that losses may lead to.
    package var round: PingRound
    /// How many more pings there may be because others hear the peer; 0 if they count for nothing.
    package var pingsForOthers = 0
    /// How long it may take until it shows whether most are silent; zero if that is never waited for.
    package var others = TimeSpan.zero
    /// How much later than a round trip the peer may answer.
    package var answerLateness = TimeSpan.zero
    /// The highest lag score, 0 to `LagScore.maximum`.
    package var lagScore = 0
    /// By how much later silence is judged because this node reads late.
    package var readLag = TimeSpan.zero
    /// The heartbeats that may be waited for; `nil` for none.
    package var heartbeats: Heartbeats?

    /// A silence in which no rule puts the verdict off.
    package init(
        untilDeadline: TimeSpan, patience: TimeSpan, isVerified: Bool, usual: PingRound, round: PingRound
    ) {
        (self.untilDeadline, self.patience, self.isVerified) = (untilDeadline, patience, isVerified)
        (self.usual, self.round) = (usual, round)
    }

    /// From the crash to the suspicion.
    package var total: TimeSpan {
        var elapsed = isVerified ? widened(usual.length) : .zero
        for rule in VerdictRule.allCases { elapsed = elapsed + longest(by: rule, after: elapsed) }
        return untilDeadline + elapsed
    }

    /// By how much a rule may put the verdict off at most, where it would fall `elapsed` after the deadline without it.
    package func longest(by rule: VerdictRule, after elapsed: TimeSpan) -> TimeSpan {
        switch rule {
        case .ownLag: return LagScore.allowance(on: patience, score: lagScore)
        // The last ping is judged as late as the deadline, and so is each verdict that waits for something more.
        case .lateReads: return readLag * (isVerified ? 4 : 1)
        // It rests no longer than to the deadline.
        case .closedPort: return .zero
        // Nothing is promised of a peer to which nothing can be sent.
        case .unsent: return .zero
        case .losses: return isVerified ? max(widened(round.length) - elapsed, .zero) : .zero
        case .others:
            guard isVerified, others > .zero else { return .zero }
            return max(others + widened(round.lastWait) - elapsed, .zero)
        case .lateAnswer:
            guard isVerified, answerLateness > .zero else { return .zero }
            return max(widened(usual.length) + answerLateness - elapsed, .zero)
        case .nextHeartbeat: return isVerified ? heartbeats?.wait(after: elapsed) ?? .zero : .zero
        case .heardByOthers:
            guard isVerified, pingsForOthers > 0 else { return .zero }
            let pings = widened(usual.length(of: pingsForOthers))
            return pings + (heartbeats?.wait(after: elapsed + pings) ?? .zero)
        }
    }

    private func widened(_ wait: TimeSpan) -> TimeSpan { LagScore.widened(wait, score: lagScore) }
}
