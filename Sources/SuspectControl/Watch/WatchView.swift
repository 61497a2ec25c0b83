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
    /// How much fits.
    let size: TerminalSize
    /// How many of the peers are scrolled past.
    var offset = 0

    /// At most `size.rows` lines of at most `size.columns` columns.
    func lines(_ style: Style) -> [String] {
        let head = headline(style) + ownVerdicts(style) + services(style) + [""]
        let rows = max(0, size.rows - head.count - 1)
        let table = PeersView(
            peers: sortedPeers, nowUSec: nowUSec, showsDeadline: true, width: size.columns
        ).lines(style)
        let shown = limited(table, to: rows - eventRows(of: rows))
        let events = eventLines(count: rows - shown.count - 2, style)
        let body = head + shown + events
        let filler = Array(repeating: "", count: max(0, size.rows - body.count - 1))
        let all = body.prefix(size.rows - 1) + filler + [style.paint(keys(table.count > shown.count), .dim)]
        return all.map { $0.clipped(toWidth: size.columns) }
    }

    /// The largest offset that still fills the table, so that scrolling ends with the last peer.
    var lastOffset: Int {
        let rows = max(0, size.rows - 4)
        return max(0, model.peers.count - max(1, rows - eventRows(of: rows) - 2))
    }

    /// How many rows are kept for events where the peers would need all of them: two in five, on terminals that are tall
    /// enough for both.
    private func eventRows(of rows: Int) -> Int {
        guard rows >= 15, !model.events.isEmpty else { return 0 }
        return min(model.events.count, rows * 2 / 5 - 2) + 2
    }

    private func keys(_ scrolls: Bool) -> String {
        scrolls || offset > 0 ? "q quits; arrows and Page Up/Down scroll" : "q quits"
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
            ? style.paint("no peer suspected", .green)
            : style.paint("suspected: \(suspected.joined(separator: ", "))", .red)
        return ["By \(threshold) of your own: \(verdict)"]
    }

    /// How many services are up, and those that are not, the worst first.
    private func services(_ style: Style) -> [String] {
        guard !model.services.isEmpty else { return [] }
        let others = model.services.filter { !$0.isUp }
            .sorted { $0.rank == $1.rank ? $0.isBefore($1) : $0.rank < $1.rank }
            .map { style.paint("\($0.id.printable) \($0.state.word)", $0.state.ink) }
        let count = "Services: \(model.services.count - others.count) of \(model.services.count) up"
        return [others.isEmpty ? count : "\(count); \(others.joined(separator: ", "))"]
    }

    private var sortedPeers: [PeerReport] {
        model.peers.sorted {
            $0.state.rank == $1.state.rank ? $0.id.isBefore($1.id) : $0.state.rank < $1.state.rank
        }
    }

    /// The table, whose first line is its header, as far as it fits, from the offset on.
    private func limited(_ table: [String], to rows: Int) -> [String] {
        guard table.count > rows || offset > 0 else { return table }
        guard let header = table.first, rows > 1 else { return Array(table.prefix(max(0, rows))) }
        let rest = table.dropFirst(1 + min(offset, lastOffset))
        guard rest.count > rows - 1 else { return [header] + rest }
        let kept = rest.prefix(rows - 2)
        return [header] + kept + ["… \(rest.count - kept.count) more peers"]
    }

    private func eventLines(count: Int, _ style: Style) -> [String] {
        guard count > 0, !model.events.isEmpty else { return [] }
        let latest = model.events.suffix(count).reversed()
        return ["", style.paint("Events, newest first", .bold)]
            + latest.map { EventView(event: $0, briefAtUSec: nowUSec).line(style) }
    }
}

extension String {
    /// The line cut to so many columns, with an ellipsis for the rest; colour codes take no column, and the colour ends with
    /// the line.
    fileprivate func clipped(toWidth limit: Int) -> String {
        guard visibleWidth > limit else { return self }
        var text = ""
        var width = 0
        var isCode = false
        for character in self {
            if character == "\u{1B}" { isCode = true }
            let columns = isCode ? 0 : String(character).displayWidth
            guard width + columns < limit else { break }
            text.append(character)
            width += columns
            if isCode, character == "m" { isCode = false }
        }
        return text + (limit > 0 ? "…" : "") + (text.contains("\u{1B}") ? "\u{1B}[0m" : "")
    }

    /// How many columns a terminal needs for the line, colour codes left out.
    private var visibleWidth: Int {
        var width = 0
        var isCode = false
        for character in self {
            if character == "\u{1B}" { isCode = true }
            if !isCode { width += String(character).displayWidth }
            if isCode, character == "m" { isCode = false }
        }
        return width
    }
}
