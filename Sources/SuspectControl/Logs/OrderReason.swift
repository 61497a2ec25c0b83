internal import CausalClock

/// What an answer rests on.
struct OrderReason {
    let left: EventName
    let right: EventName
    let history: LogHistory

    /// One sentence without a full stop.
    func text(_ order: LoggedOrder) -> String {
        switch order {
        case .before: knowledge(of: left, at: right)
        case .after: knowledge(of: right, at: left)
        case .concurrent: "\(knowledge(of: left, at: right)); \(knowledge(of: right, at: left))"
        case .same: "both names are the same"
        case .unknown: missing
        }
    }

    private func knowledge(of cause: EventName, at effect: EventName) -> String {
        if cause.process == effect.process {
            return "both are of \(cause.process), which numbers its events in order"
        }
        if cause.process.host == effect.process.host {
            return "they are of two incarnations of \(cause.process.host)"
        }
        guard let process = history.process(cause.process), let index = history.event(effect) else {
            return "\(effect) itself is not in the logs; the events around it show it"
        }
        let known = history.known(index, of: process)
        return known == 0
            ? "\(effect) knows no event of \(cause.process)"
            : "\(effect) knows the events of \(cause.process) up to \(known)"
    }

    private var missing: String {
        let absent = [left, right].filter { history.event($0) == nil }
        if absent.isEmpty {
            return "the clocks in the logs are parts, and what would complete them is missing"
        }
        return "not in the logs: \(absent.map(\.description).joined(separator: ", ")); are all files given?"
    }
}
