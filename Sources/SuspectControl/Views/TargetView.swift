internal import Metrics
internal import StatusAPI

/// What was asked of the detection of one peer, what is promised, and what that rests on.
struct TargetView {
    /// The target with what was derived from it.
    let target: TargetReport

    /// A row for each.
    func append(to table: inout Table) {
        table.append("target", asked)
        table.append("promised", promise, ink: target.limit == nil ? nil : .yellow)
        table.append("derived", derived)
        table.append("from", path)
    }

    private var asked: String {
        "detection within \(HumanDuration.text(target.detectionTimeUSec)), a mistake in "
            + "\(Self.recurrence(target.mistakeRecurrenceUSec)), for "
            + HumanDuration.text(target.mistakeDurationUSec)
    }

    private var promise: String {
        target.limit.map { "\(kept): the target cannot be kept (\($0))" } ?? kept
    }

    /// What is kept, be it the target or less.
    var kept: String {
        let mistakes =
            target.promisedRecurrenceUSec > 0
            ? ", a mistake in \(Self.recurrence(target.promisedRecurrenceUSec))" : ""
        return "detection within \(HumanDuration.text(target.boundUSec))\(mistakes)"
    }

    /// Which part of a target is not kept, and what is kept instead.
    var missed: String { "\(target.limit ?? "") cannot be kept, but \(kept)" }

    /// A mean time between mistakes; from some point on it only means "never".
    static func recurrence(_ microseconds: Int) -> String {
        let century = 36_525 * 86_400 * 1_000_000
        return microseconds > century ? "more than 100 years" : HumanDuration.text(microseconds)
    }

    /// The settings in effect.
    var derived: String {
        let pings =
            target.roundTripUSec == nil
            ? ""
            : ", \(countText(target.retries.plus(1), "ping")) of \(HumanDuration.text(target.pingTimeoutUSec))"
        return "this node sends every \(HumanDuration.text(target.intervalUSec)), "
            + "margin \(HumanDuration.text(target.marginUSec))\(pings)"
    }

    /// What they were computed from.
    var path: String {
        let roundTrip = target.roundTripUSec.map { ", round trip \(HumanDuration.text($0))" } ?? ""
        return (target.measured ? "measured: " : "assumed, until 100 messages have come: ")
            + "\(percent(target.lossPerMillion)) lost, \(percent(target.lossAfterLossPerMillion)) after a loss, "
            + "delay σ \(HumanDuration.text(target.delayDeviationUSec))\(roundTrip)"
    }

    private func percent(_ perMillion: Int) -> String {
        FixedDigits.decimal(perMillion, unit: 10_000, digits: 2) + " %"
    }
}
