internal import CausalClock

/// The hosts of a diagram: a line for each incarnation, from its first event to its last, also where those
/// are not shown.
struct LifeLines {
    let projection: CausalProjection
    let layout: DiagramLayout

    /// One incarnation as it is drawn.
    private struct HostIncarnation {
        var process: Int
        var top: Int
        var bottom: Int
        /// Whether it began before, or went on after, what is shown.
        var isOpenAbove: Bool
        var isOpenBelow: Bool
        var showsStart: Bool
    }

    func draw(into svg: inout SVGText) {
        for (index, column) in layout.columns.enumerated() {
            let x = layout.x(column: index)
            svg.text(column.host, x: x, y: DiagramLayout.top - 24, "class=\"host\"")
            svg.text(column.host, x: x, y: layout.bottom + 22, "class=\"host\"")
            let incarnations = column.incarnations.compactMap(incarnation)
            for (place, incarnation) in incarnations.enumerated() {
                drawLine(incarnation, x: x, &svg)
                if place + 1 < incarnations.count, !incarnation.isOpenBelow {
                    drawEnd(of: incarnation, x: x, &svg)
                }
            }
        }
    }

    /// The names again, and the epochs of those that began before: on top of the arrows, which would cross them out.
    func drawLabels(into svg: inout SVGText) {
        for (index, column) in layout.columns.enumerated() {
            let x = layout.x(column: index)
            drawNames(column.host, x: x, &svg)
            for incarnation in column.incarnations.compactMap(incarnation) {
                drawEpoch(of: incarnation, x: x, &svg)
            }
        }
    }

    /// The name again and again, for diagrams longer than a screen.
    private func drawNames(_ host: String, x: Int, _ svg: inout SVGText) {
        for y in stride(from: DiagramLayout.top + 600, to: layout.bottom - 100, by: 600) {
            svg.label(host, x: x - 26, y: y, endsThere: true, "class=\"again\"")
        }
    }

    private func incarnation(_ process: Int) -> HostIncarnation? {
        let history = projection.history
        let span = history.spans[process]
        guard let first = span.first, let last = span.last else { return nil }
        let isStart = history.events[first].entry.kind == .start
        return HostIncarnation(
            process: process, top: layout.y(notBefore: first) ?? layout.bottom,
            bottom: layout.y(notAfter: last) ?? DiagramLayout.top,
            isOpenAbove: layout.y(notAfter: first) == nil || history.events[first].counter > 1,
            isOpenBelow: layout.y(notBefore: last) == nil
                || history.events[last].counter < history.latestKnown[process],
            showsStart: isStart && projection.events.contains(first))
    }

    private func drawLine(_ incarnation: HostIncarnation, x: Int, _ svg: inout SVGText) {
        let bottom = max(incarnation.top, incarnation.bottom)
        svg.element(
            "line", "class=\"line\" x1=\"\(x)\" y1=\"\(incarnation.top)\" x2=\"\(x)\" y2=\"\(bottom)\"")
        if incarnation.isOpenAbove { drawDotted(x: x, from: incarnation.top - 16, to: incarnation.top, &svg) }
        if incarnation.isOpenBelow { drawDotted(x: x, from: bottom, to: bottom + 16, &svg) }
    }

    private func drawEpoch(of incarnation: HostIncarnation, x: Int, _ svg: inout SVGText) {
        guard !incarnation.showsStart, let epoch = projection.history.processes[incarnation.process].epoch
        else { return }
        svg.label("epoch \(epoch)", x: x + 13, y: incarnation.top - 8, "class=\"epoch\"")
    }

    /// There is more of this incarnation than is shown.
    private func drawDotted(x: Int, from top: Int, to bottom: Int, _ svg: inout SVGText) {
        svg.element("line", "class=\"before\" x1=\"\(x)\" y1=\"\(top)\" x2=\"\(x)\" y2=\"\(bottom)\"")
    }

    /// An incarnation that another one followed is over.
    private func drawEnd(of incarnation: HostIncarnation, x: Int, _ svg: inout SVGText) {
        let y = max(incarnation.top, incarnation.bottom) + 9
        svg.element("path", "class=\"cross\" d=\"M\(x - 7) \(y - 4)l14 8m0 -8l-14 8\"")
        svg.label("stopped", x: x + 13, y: y + 7, "class=\"label\"")
    }
}
