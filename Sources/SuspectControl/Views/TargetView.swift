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
            + "\(HumanDuration.text(target.mistakeRecurrenceUSec)), for "
            + HumanDuration.text(target.mistakeDurationUSec)
    }

    private var promise: String {
        let bound = HumanDuration.text(target.boundUSec)
        let recurrence = HumanDuration.text(target.promisedRecurrenceUSec)
        let promise = "detection within \(bound), a mistake in \(recurrence)"
        return target.limit.map { "\(promise): the target cannot be kept (\($0))" } ?? promise
    }

    /// The settings in effect.
    var derived: String {
        let pings =
            target.roundTripUSec == nil
            ? "" : ", \(target.retries.plus(1)) pings of \(HumanDuration.text(target.pingTimeoutUSec))"
        return "we send every \(HumanDuration.text(target.intervalUSec)), "
            + "margin \(HumanDuration.text(target.marginUSec))\(pings)"
    }

    /// What they were computed from.
    var path: String {
        let roundTrip = target.roundTripUSec.map { ", round trip \(HumanDuration.text($0))" } ?? ""
        return (target.measured ? "measured: " : "assumed, until 100 messages have come: ")
            + "\(percent(target.lossPerMillion)) lost, \(percent(target.lossAfterLossPerMillion)) after a loss, "
            + "delays stray by \(HumanDuration.text(target.delayDeviationUSec))\(roundTrip)"
    }

    private func percent(_ perMillion: Int) -> String {
        FixedDigits.decimal(perMillion, unit: 10_000, digits: 2) + " %"
    }
}
