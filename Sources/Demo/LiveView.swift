internal import LinuxIO
internal import StatusAPI

/// The live table as lines: a block for each node, the events, the keys.
struct LiveView {
    let nodes: [NodePicture]
    let model: LiveModel
    /// The present moment in wall-clock microseconds.
    let wallClockUSec: Int

    /// How many columns there are.
    var columns = 80

    /// From how many columns on process and epoch of each node are shown.
    private static let wide = 110

    /// At most so many lines; the keys are always the last.
    func lines(rows: Int) -> [Line] {
        let title = Line("suspectd: three daemons on this host, each watching the others", .bold)
        let head = [title, Line("")] + nodes.indices.flatMap(block)
        let space = max(0, rows - 1 - head.count)
        let body = (head + events(space: space)).prefix(max(0, rows - 1))
        let filler = Array(repeating: Line(""), count: max(0, rows - 1 - body.count))
        return body + filler + [Line(LiveKey.help, .dim)]
    }

    private func block(_ index: Int) -> [Line] {
        let node = nodes[index]
        var lines = [header(node, isSelected: index == model.selected)]
        if let words = node.lastWords { lines.append(Line("     \(words)", .red)) }
        return lines + node.peers.map { row($0, of: node) } + [Line("")]
    }

    private func header(_ node: NodePicture, isSelected: Bool) -> Line {
        var line = Line(isSelected ? " ▸ " : "   ", .bold)
        line.append("\(node.id)  ", isSelected ? .inverse : .bold)
        line.append(" \(node.condition.text)".padded(columns >= Self.wide ? 24 : 20), node.condition.ink)
        if columns >= Self.wide {
            line.append("process \(node.process)   ", .dim)
            if let status = node.status { line.append("epoch \(status.epoch)   ", .dim) }
        }
        if node.isCurrent, let status = node.status {
            line.append(status.statusText, nil)
        } else if let silence = node.silence {
            line.append("silent; what follows is \(TimeText.duration(nanoseconds: silence)) old", .yellow)
        }
        return line
    }

    private func row(_ peer: PeerReport, of node: NodePicture) -> Line {
        let ink: Ink? = node.isCurrent ? nil : .dim
        var line = Line("       sees ", .dim)
        line.append(peer.id.padded(4), ink)
        line.append(peer.state.rawValue.padded(11), node.isCurrent ? Ink(peer.state.severity) : .dim)
        line.append((peer.cause?.rawValue ?? "").padded(10), node.isCurrent ? .red : .dim)
        let age = Int64(max(0, wallClockUSec.minus(peer.sinceUSec)).times(1_000))
        line.append("for \(TimeText.duration(nanoseconds: age))".padded(14), ink)
        let roundTrip = peer.rttUSec.map { TimeText.duration(nanoseconds: Int64($0.times(1_000))) } ?? "–"
        line.append("round trip \(roundTrip)".padded(22), ink)
        if columns >= Self.wide { line.append("epoch \(peer.epoch)", .dim) }
        return line
    }

    /// The latest events that fit, in the order of their times; a long reason continues in the next lines.
    private func events(space: Int) -> [Line] {
        guard space > 1 else { return [] }
        let latest = model.observations.suffix(space - 1).sorted {
            $0.event.timeUSec < $1.event.timeUSec
        }
        let lines = latest.reversed().flatMap(event).prefix(space - 1)
        return [Line("Events, newest first", .bold)] + lines
    }

    private func event(_ observation: Observation) -> [Line] {
        var line = Line(TimeText.clock(microseconds: observation.event.timeUSec) + "  ", .dim)
        line.append("\(observation.observer)  ", .bold)
        line.append(
            observation.event.event.rawValue.padded(11), observation.event.event.severity.map { Ink($0) })
        let indent = line.count
        let parts = observation.event.evidence.reason.wrapped(columns: max(20, columns - indent))
        line.append(parts.first ?? "", nil)
        return [line] + parts.dropFirst().map { Line(String(repeating: " ", count: indent) + $0) }
    }
}

extension DemoNode.Condition {
    fileprivate var text: String {
        switch self {
        case .absent: "not started"
        case .running: "running"
        case .stopped: "stopped (SIGSTOP)"
        case .ended(let status): "ended (\(status.text))"
        }
    }

    fileprivate var ink: Ink {
        switch self {
        case .running: .green
        case .stopped: .yellow
        case .absent: .dim
        case .ended(let status): status == .exited(0) ? .dim : .red
        }
    }
}

extension Ink {
    /// The colour that shows how much attention something needs.
    fileprivate init(_ severity: Severity) {
        self =
            switch severity {
            case .good: .green
            case .warning: .yellow
            case .bad: .red
            case .inactive: .dim
            }
    }
}

extension String {
    /// The text in lines of at most so many columns, broken between words where that is possible.
    fileprivate func wrapped(columns: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Filled up with spaces to so many columns; one space at least.
    fileprivate func padded(_ columns: Int) -> String {
        self + String(repeating: " ", count: max(1, columns - count))
    }
}
