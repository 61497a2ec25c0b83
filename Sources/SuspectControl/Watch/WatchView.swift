internal import StatusAPI

/// The size of a terminal in characters.
struct TerminalSize: Equatable {
    var columns: Int
    var rows: Int
}

/// The live view as lines of text, as many as fit: a headline, the peers with the worst first, and events.
struct WatchView {
    /// What is known.
    let model: WatchModel
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int
    /// What there is room for.
    let size: TerminalSize

    /// At most `size.rows` lines of at most `size.columns` columns.
    func lines(_ style: Style) -> [String] {
        let head = headline(style) + ownVerdicts(style) + [""]
        let peers = PeersView(peers: sortedPeers, nowUSec: nowUSec, showsDeadline: true).lines(style)
        let room = size.rows - head.count - 1
        let shown = limited(peers, to: room)
        let events = eventLines(room: room - shown.count - 2, style)
        let body = head + shown + events
        let filler = Array(repeating: "", count: max(0, size.rows - body.count - 1))
        let all = body.prefix(size.rows - 1) + filler + [style.paint("q quits", .dim)]
        return all.map { $0.clipped(toWidth: size.columns) }
    }

    private func headline(_ style: Style) -> [String] {
        let clock = style.paint(Timestamp.text(nowUSec), .dim)
        let problem = model.problem.map { [style.paint($0.printable, .red)] } ?? []
        guard let status = model.status else { return ["suspectd  \(clock)"] + problem }
        let view = StatusView(status: status, peers: model.peers, nowUSec: nowUSec)
        return ["\(view.headline(style))  \(clock)"] + problem
    }

    /// What a threshold of the viewer's own says, beside the table with what the daemon thinks.
    private func ownVerdicts(_ style: Style) -> [String] {
        guard let threshold = model.parameters.thresholdText else { return [] }
        let suspected = model.suspectedByThreshold.map(\.printable)
        let verdict =
            suspected.isEmpty
            ? style.paint("nobody suspected", .green)
            : style.paint("suspected: \(suspected.joined(separator: ", "))", .red)
        return ["By \(threshold) of your own: \(verdict)"]
    }

    private var sortedPeers: [PeerReport] {
        model.peers.sorted {
            $0.state.rank == $1.state.rank ? $0.id.isBefore($1.id) : $0.state.rank < $1.state.rank
        }
    }

    /// The table, whose first line is its header, as far as there is room.
    private func limited(_ table: [String], to room: Int) -> [String] {
        guard table.count > room else { return table }
        let kept = table.prefix(max(0, room - 1))
        return kept + ["… \(model.peers.count - max(0, kept.count - 1)) more peers"]
    }

    private func eventLines(room: Int, _ style: Style) -> [String] {
        guard room > 0, !model.events.isEmpty else { return [] }
        let latest = model.events.suffix(room).reversed()
        return ["", style.paint("Events, newest first", .bold)]
            + latest.map { EventView(event: $0).line(style) }
    }
}

extension String {
    /// The line cut to so many columns; colour codes take no column, and the colour ends with the line.
    fileprivate func clipped(toWidth limit: Int) -> String {
        var text = ""
        var width = 0
        var isCode = false
        for character in self {
            if character == "\u{1B}" { isCode = true }
            let columns = isCode ? 0 : String(character).displayWidth
            guard width + columns <= limit else { return text + "\u{1B}[0m" }
            text.append(character)
            width += columns
            if isCode, character == "m" { isCode = false }
        }
        return text
    }
}
