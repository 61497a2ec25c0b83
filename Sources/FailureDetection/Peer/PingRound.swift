/// The pings that follow a missed deadline: how many, how far apart, and how long the last is waited for.
///
/// A round costs one retransmission timeout, and not one for each ping: the pings follow each other by a fraction of the
/// interval, whatever the round trip, and after the last one an answer to any of them is waited for. On a link whose
/// timeout is the shortest wait anyway, before a round trip was measured, and where a target sets the timeout, the two
/// are the same. The spacing is what keeps pings from sharing their fate (`docs/DECISIONS.md`).
///
/// Where messages are lost a round has more pings, closer together if that is enough and for longer if not
/// (`Peer.plannedRound`).
package struct PingRound: Sendable, BitwiseCopyable, Hashable {
    /// How many pings there are; one at least.
    package var count: Int
    /// From one ping to the next.
    package var spacing: TimeSpan
    /// How long an answer to any of them is waited for after the last one.
    package var lastWait: TimeSpan

    /// A round of pings.
    package init(count: Int, spacing: TimeSpan, lastWait: TimeSpan) {
        (self.count, self.spacing, self.lastWait) = (count, spacing, lastWait)
    }

    /// Half of the pings, rounded up.
    package var half: Int { count - count / 2 }

    /// From the first ping to the verdict when none is answered.
    package var length: TimeSpan { length(of: count) }

    /// The length of a round of `pings`.
    package func length(of pings: Int) -> TimeSpan { spacing * Int64(max(pings - 1, 0)) + lastWait }

    /// How long to wait after the ping of a number, from 1.
    package func wait(after number: Int) -> TimeSpan { number < count ? spacing : lastWait }
}

extension Peer {
    /// The schedule of the present silence, or of one that begins now where nothing is lost: only this decides on it.
    var pingRound: PingRound { pingRound(timeout: pingTimeout) }

    /// How many pings of a round go out in an interval, at least, where the minimum allows it.
    private static let pingsInAnInterval: Int64 = 4

    /// The same when an answer is waited for as long as `timeout`.
    func pingRound(timeout: TimeSpan) -> PingRound {
        var round = shortestRound(timeout: timeout)
        guard let lossyRound, portUnreachable == nil else { return round }
        round.count = max(round.count, lossyRound.count)
        round.spacing = min(round.spacing, lossyRound.spacing)
        return round
    }

    /// The schedule on a link that loses nothing.
    func shortestRound(timeout: TimeSpan) -> PingRound {
        let usual = settings.retries + 1
        let count = portUnreachable == nil ? usual : min(usual, Tuning.pingsAtClosedPort)
        return PingRound(
            count: count, spacing: roundTrip.smoothed == nil ? timeout : min(timeout, longestSpacing),
            lastWait: timeout)
    }

    private var longestSpacing: TimeSpan { max(settings.minimumTimeout, interval / Self.pingsInAnInterval) }

    /// Pings of half a round on a clean link, with which a suspicion is put off once (`VerdictRule.heardByOthers`).
    var halfRound: Int { shortestRound(timeout: pingTimeout).half }

    /// How many pings of a round may go unanswered before the peer is suspected.
    var allowedAttempts: Int { pingRound.count }

    /// Whether the round of the present silence has more pings than on a link that loses nothing.
    var isRoundLossy: Bool { lossyRound != nil }

    /// When the next ping is due, or the verdict after the last one.
    func pingDeadline(late: TimeSpan) -> Instant {
        guard let deadline = probes.deadline else { return deadline + late }
        return isLastPingOut ? deadline + late : deadline
    }

    /// Whether the verdict follows when the present ping has been waited for.
    var isLastPingOut: Bool { probes.attempts >= allowedAttempts }
}

/// Rounds on links that lose.
extension Peer {
    /// The chance with which all pings of a round may be lost, given that a heartbeat was.
    static let acceptedFailure = 1e-6
    /// The most pings of a round.
    static let mostPings = 120
    /// How much closer together the pings may be than usual, at most; and the ratio of one spacing that is tried to the next.
    private static let closest = (share: Int64(5), ratio: 0.8)

    /// The schedule of a silence that begins now; `nil` where that of a link that loses nothing is enough.
    ///
    /// It has as many pings as it takes for all of them to be lost once in a million rounds, by what was lost before the
    /// silence; never fewer than on a clean link, and no more than fit into `PeerSettings.longestRound`. They are sent closer
    /// together as long as that keeps the round as short as on a clean link; if it cannot be, the shortest round is taken.
    /// A target plans its own rounds.
    func plannedRound(timeout: TimeSpan, losses: LinkLosses?) -> PingRound? {
        let usual = shortestRound(timeout: timeout)
        guard let losses, tuner == nil, settings.mode != .heartbeat, roundTrip.smoothed != nil,
            portUnreachable == nil, settings.longestRound > usual.length
        else { return nil }
        var best: LossyRound?
        var spacing = usual.spacing
        repeat {
            let round = lossyRound(every: spacing, timeout: timeout, losses: losses)
            if round.isEnough, round.pings.count <= usual.count, best == nil { return nil }
            if best.map(round.isBetter(than:)) ?? true { best = round }
            if round.isEnough, round.pings.length <= usual.length { break }
            spacing = TimeSpan(nanoseconds: Int64(Double(spacing.nanoseconds) * Self.closest.ratio))
        } while spacing * Self.closest.share >= usual.spacing && spacing >= .milliseconds(2)
        return best?.pings
    }

    private func lossyRound(every spacing: TimeSpan, timeout: TimeSpan, losses: LinkLosses) -> LossyRound {
        let usual = shortestRound(timeout: timeout).count
        let space = (settings.longestRound - timeout).nanoseconds / max(spacing.nanoseconds, 1)
        let most = max(min(Int(clamping: space) + 1, Self.mostPings), usual)
        let need = losses.pingsNeeded(every: spacing, failing: Self.acceptedFailure, atMost: most)
        return LossyRound(
            pings: PingRound(count: max(need.count, usual), spacing: spacing, lastWait: timeout),
            failure: need.failure, hasBursts: losses.hasBursts)
    }

    /// The longest round that may follow when a silence begins soon, if an answer is then waited for as long as `timeout`.
    ///
    /// What arrives until then may show some more losses.
    func worstRound(timeout: TimeSpan) -> PingRound {
        var worst = pingRound(timeout: timeout)
        let more = 2 + (state == .pending ? probes.attempts : 0)
        guard let losses = linkLosses(andMore: more),
            var round = plannedRound(timeout: timeout, losses: losses)
        else { return worst }
        // Of rounds that are about as short the one with fewer pings is taken, and that may be the longer one.
        round.count += (round.count + 9) / 10
        if round.length > worst.length { worst = round }
        return worst
    }

    /// How this link has lost recently, and would have if some more had just been lost; `nil` where it loses nothing.
    func linkLosses(andMore more: Int = 0) -> LinkLosses? {
        LinkLosses(
            out: sender.losses.present(interval: pace, andLost: more),
            back: receiver.losses.present(interval: interval, andLost: more),
            heartbeats: settings.mode == .ping ? nil : interval)
    }
}

/// A round that might be taken, and the chance that all its pings are lost.
private struct LossyRound {
    var pings: PingRound
    var failure: Double
    var hasBursts: Bool

    var isEnough: Bool { failure <= Peer.acceptedFailure }

    /// Whether it is worth more pings than another one: it is enough where that is not, or shorter, or safer, by far.
    ///
    /// Where messages are lost independently time makes a round no safer, but for a heartbeat or two that fall into it: as
    /// many pings, closer together, do as much sooner.
    func isBetter(than other: LossyRound) -> Bool {
        guard isEnough == other.isEnough else { return isEnough }
        let isShorter = pings.length + pings.length / 10 < other.pings.length
        guard !isEnough else { return isShorter }
        return failure < other.failure / 2 || !hasBursts && isShorter && failure < other.failure * 2
    }
}
