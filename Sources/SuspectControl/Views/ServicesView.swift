internal import Metrics
internal import StatusAPI

/// The table of services.
struct ServicesView {
    /// The services in the order in which they are shown.
    let services: [ServiceReport]
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int

    /// The table's lines; none without services.
    func lines(_ style: Style) -> [String] {
        var table = Table(columns: [
            ("SERVICE", .left), ("STATE", .left), ("CAUSE", .left), ("FOR", .right), ("RESTARTS", .right),
            ("HOST IS", .left),
        ])
        for service in services {
            table.append([
                Table.Cell(service.id), Table.Cell(service.state.word, ink: service.state.ink),
                Table.Cell(service.causeText),
                Table.Cell(HumanDuration.text(from: service.sinceUSec, to: nowUSec)),
                Table.Cell("\(service.restarts)"),
                Table.Cell(service.hostState.word, ink: service.hostState.ink),
            ])
        }
        return table.lines(style)
    }
}

extension ServiceReport {
    /// `signal, signal 9 (proved)`, or nothing.
    var causeText: String {
        if state == .unknown {
            guard reported == .unknown else { return "last reported: \(reported.word)" }
            return detail.printable
        }
        let words = [cause, detail].filter { !$0.isEmpty }.joined(separator: ", ").printable
        guard !cause.isEmpty, cause != "planned" else { return words }
        return "\(words) (\(certainty.text.printable))"
    }

    /// Whether it comes before another in lists: by host, then by name.
    func isBefore(_ other: ServiceReport) -> Bool {
        host == other.host ? service.isBefore(other.service) : host.isBefore(other.host)
    }

    /// The position of its state when the worst comes first.
    var rank: Int {
        switch state {
        case .failed: 0
        case .down: 1
        case .hung: 2
        case .restarting: 3
        case .unknown, .other: 4
        case .starting, .stopping: 5
        case .reloading, .up, .stopped: 6
        }
    }

    /// Whether `is-trusted` answers yes.
    var isUp: Bool { state == .up || state == .reloading }

    /// `has been up for 4.2 s`, `failed 4.2 s ago`: its state and since when, to follow its name.
    func standing(nowUSec: Int, state shown: String? = nil) -> String {
        let words = shown ?? state.word
        guard state == reported else { return "is \(words), for its host is \(hostState.word)" }
        let duration = HumanDuration.text(from: sinceUSec, to: nowUSec)
        return state == .failed ? "\(words) \(duration) ago" : "has been \(words) for \(duration)"
    }

    /// `db3/web failed (signal 9)`: what is the matter with it, in a few words.
    var trouble: String {
        let cause = state == .unknown ? causeText : detail.isEmpty ? cause : detail
        return "\(id) \(state.word)" + (cause.isEmpty ? "" : " (\(cause))")
    }
}

/// Why a service is in its state: a headline, the layers of evidence, and its history.
struct WhyServiceView {
    /// What the daemon answered.
    let reply: WhyServiceReply
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int

    /// All of it, with a title over each part.
    func lines(_ style: Style) -> [String] {
        let service = reply.service
        let state = style.paint(service.state.word, service.state.ink)
        let cause = service.causeText.isEmpty ? "" : ": \(service.causeText)"
        let headline =
            "\(style.paint(service.id.printable, .bold)) \(service.standing(nowUSec: nowUSec, state: state))\(cause)."
        var table = Table()
        for layer in reply.layers { table.append(layer.layer, layer.finding) }
        let counts =
            "generation \(service.generation) (starts that suspectd there has seen), "
            + "\(countText(service.restarts, "restart")) after ends that were not planned"
        let history = reply.history.map { "  " + EventView(event: $0).line(style) }
        return [headline, counts, "", style.paint("Evidence, the strongest first", .bold)]
            + table.lines(style, indent: 2)
            + (history.isEmpty ? [] : ["", style.paint("History", .bold)] + history)
    }
}
