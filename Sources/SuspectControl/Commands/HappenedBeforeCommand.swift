internal import ArgumentParser
internal import CausalClock
internal import StatusAPI

/// `suspectctl happened-before DOT DOT [FILES…]`: which of two events came first.
struct HappenedBeforeCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "happened-before",
        abstract: "Show which of two events came first, without synchronised clocks.",
        discussion: """
            An event is named as logs and `suspectctl --json events` name it, such as db1@87654321:42. The answer is \
            before, after, concurrent (neither can have influenced the other), same, or unknown, when too much is \
            missing. Without logs the daemon is asked, which knows its own latest events and what its peers have said \
            of them. Exit status: 0 answered, 1 unknown, 3 no daemon answers, 64 wrong usage, 66 a file cannot be read.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "An event, such as db1@87654321:42.")
    var left: EventArgument

    @Argument(help: "Another event, such as db2@87654322:7.")
    var right: EventArgument

    @Argument(
        help:
            "Logs of any number of hosts, in any order; - is the standard input. Without any, the daemon is asked.",
        completion: .file(extensions: ["txt", "log"]))
    var files: [String] = []

    /// With `--json`, what is printed.
    private struct Answer: Encodable {
        let left: String
        let right: String
        let order: String
        let certainty: String?
        let reason: String
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        guard !files.isEmpty else { return try ask(context) }
        return try context.withLogs(files) { (logs) throws(ControlFailure) in
            logs.remarkFailures(context)
            let order = logs.history.order(of: left.name, to: right.name)
            let reason = OrderReason(left: left.name, right: right.name, history: logs.history).text(order)
            return try answer(order, reason, context)
        }
    }

    /// Asks the daemon.
    private func ask(_ context: ControlContext) throws(ControlFailure) -> Int32 {
        guard let first = DotText("\(left.name)"), let second = DotText("\(right.name)") else {
            return try answer(
                .unknown, "the daemon knows its own cluster's events, named id@epoch:number", context)
        }
        var connection = try connect(context)
        let reply = try connection.call(
            .happenedBefore, OrderParameters(left: first, right: second), as: OrderReply.self)
        guard let order = LoggedOrder(rawValue: reply.order.rawValue) else {
            return try answer(
                .unknown,
                "the daemon answers \"\(reply.order.word)\", which this suspectctl, older than it, does not know",
                context)
        }
        return try answer(order, reason(reply.basis, order), context)
    }

    private func reason(_ basis: [DotText], _ order: LoggedOrder) -> String {
        switch order {
        case .unknown:
            "the daemon remembers too little; ask the logs of both hosts: "
                + "suspectctl happened-before \(left.name) \(right.name) FILES"
        case .same: "both names are the same"
        case .before, .after, .concurrent:
            basis.isEmpty
                ? "one host numbers its events in order"
                : "by the clock\(basis.count == 1 ? "" : "s") of "
                    + basis.map(\.description).joined(separator: " and ")
        }
    }

    private func answer(
        _ order: LoggedOrder, _ reason: String, _ context: ControlContext
    ) throws(ControlFailure) -> Int32 {
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

    private func sentence(_ order: LoggedOrder) -> String {
        let (left, right) = ("\(left.name)".printable, "\(right.name)".printable)
        switch order {
        case .before: return "before: \(left) came before \(right) (proved)"
        case .after: return "after: \(left) came after \(right) (proved)"
        case .concurrent:
            return "concurrent: neither \(left) nor \(right) can have influenced the other (proved)"
        case .same: return "same: that is one event"
        case .unknown: return "unknown: nothing here shows the order of \(left) and \(right)"
        }
    }
}
