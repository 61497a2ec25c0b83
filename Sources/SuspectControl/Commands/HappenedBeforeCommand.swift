internal import ArgumentParser
internal import CausalClock

/// `suspectctl happened-before DOT DOT FILES…`: which of two events came first.
struct HappenedBeforeCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "happened-before",
        abstract: "Tell which of two events came first, without synchronised clocks.",
        discussion: """
            An event is named as logs and `suspectctl events` name it, such as db1@87654321:42. The answer is before, \
            after, concurrent (neither can have influenced the other), same, or unknown, when too much is missing from \
            the logs. Exit status: 0 answered, 1 unknown, 64 wrong usage, 66 a file cannot be read.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "An event.")
    var left: EventArgument

    @Argument(help: "Another event.")
    var right: EventArgument

    @OptionGroup var logs: LogOptions

    /// With `--json`, what is printed.
    private struct Answer: Encodable {
        let left: String
        let right: String
        let order: String
        let certainty: String?
        let reason: String
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        try context.withLogs(logs.files) { (logs) throws(ControlFailure) in
            logs.remarkFailures(context)
            let order = logs.history.order(of: left.name, to: right.name)
            let reason = OrderReason(left: left.name, right: right.name, history: logs.history).text(order)
            if global.json {
                let answer = Answer(
                    left: "\(left.name)", right: "\(right.name)", order: order.rawValue,
                    certainty: order == .unknown ? nil : "proved", reason: reason)
                try context.writeJSON(answer)
            } else {
                context.write([sentence(order), "  " + reason.printable])
            }
            return order == .unknown ? ExitStatus.failure : ExitStatus.success
        }
    }

    private func sentence(_ order: LoggedOrder) -> String {
        let (left, right) = ("\(left.name)".printable, "\(right.name)".printable)
        switch order {
        case .before: return "before: \(left) came before \(right) (proved)"
        case .after: return "after: \(left) came after \(right) (proved)"
        case .concurrent:
            return "concurrent: neither \(left) nor \(right) can have influenced the other (proved)"
        case .same: return "same: that is one event"
        case .unknown: return "unknown: the logs do not tell the order of \(left) and \(right)"
        }
    }
}

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
            return "they are of two lives of \(cause.process.host)"
        }
        guard let process = history.process(cause.process), let index = history.event(effect) else {
            return "\(effect) itself is not in the logs; the events around it tell"
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
