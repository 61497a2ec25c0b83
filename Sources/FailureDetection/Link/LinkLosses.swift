/// How the two directions of a link lose, as a round of pings has to reckon with it.
///
/// Each direction is Gilbert's chain of two states (`LossModel`): good, or bad and everything is lost. A ping fails when
/// either direction is bad, so the chance that all pings of a round fail is the chance that the two chains together are
/// never both good at the instant of a ping, and the way back never at that of a heartbeat. The product of the pings' own
/// chances would be wrong both ways: too small in a burst, which all pings share, and too large where two directions take
/// turns.
struct LinkLosses: Sendable, BitwiseCopyable {
    /// From us to the peer.
    private let out: LossModel
    /// From the peer to us.
    private let back: LossModel
    /// The time between the peer's heartbeats; `nil` where it sends none.
    private let interval: TimeSpan?

    /// Puts two directions together; `nil` where neither loses.
    init?(out: LossModel?, back: LossModel?, heartbeats interval: TimeSpan?) {
        guard out != nil || back != nil else { return nil }
        self.out = out ?? LossModel(independent: 0)
        self.back = back ?? LossModel(independent: 0)
        self.interval = interval
    }

    /// Whether a message is lost more often when the one before it was, in either direction.
    var hasBursts: Bool { out.persistence > out.rate || back.persistence > back.rate }

    /// How many pings it takes until the chance that all fail, after a heartbeat was lost, is at most `limit`.
    ///
    /// - Parameters:
    ///   - spacing: from the lost heartbeat to the first ping, and from one ping to the next.
    ///   - limit: that chance.
    ///   - most: how many pings there can be.
    /// - Returns: the number, `most` at most, and the chance that all of these fail.
    func pingsNeeded(every spacing: TimeSpan, failing limit: Double, atMost most: Int) -> (
        count: Int, failure: Double
    ) {
        var states = Failing(both: out.rate, back: 1 - out.rate, out: 0)
        let (out, back) = (Step(self.out, gap: spacing), Step(self.back, gap: spacing))
        let atOnce = Step(self.back, gap: .zero)
        var (count, due) = (0, interval ?? .maximum)
        repeat {
            count += 1
            if spacing * Int64(count) >= due {
                states.loseHeartbeat(back: atOnce)
                due = due + (interval ?? .maximum)
            }
            states.losePing(out: out, back: back)
        } while states.chance > limit && count < most
        return (count, states.chance)
    }
}

/// What happens to one direction between two messages.
private struct Step {
    /// The chance that a bad one is bad again.
    let stays: Double
    /// The chance that a good one has become bad.
    let begins: Double

    init(_ model: LossModel, gap: TimeSpan) {
        stays = model.lossAfterLoss(gap: gap.inSeconds)
        begins = model.rate < 1 ? min(model.rate * (1 - stays) / (1 - model.rate), 1) : 1
    }
}

/// The chances that nothing has got through so far and that both ways, the way back, or the way out is bad.
private struct Failing {
    var both: Double
    var back: Double
    var out: Double

    var chance: Double { both + back + out }

    mutating func losePing(out step: Step, back way: Step) {
        self = Failing(
            both: both * step.stays * way.stays + back * step.begins * way.stays
                + out * step.stays * way.begins,
            back: both * (1 - step.stays) * way.stays + back * (1 - step.begins) * way.stays
                + out * (1 - step.stays) * way.begins,
            out: both * step.stays * (1 - way.stays) + back * step.begins * (1 - way.stays)
                + out * step.stays * (1 - way.begins))
    }

    /// A heartbeat is lost whatever the way out does.
    mutating func loseHeartbeat(back way: Step) {
        self = Failing(both: both * way.stays + out * way.begins, back: back * way.stays, out: 0)
    }
}
