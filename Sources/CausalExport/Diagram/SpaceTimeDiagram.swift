package import CausalClock

/// A space-time diagram (Lamport, 1978) as an SVG that stands on its own: hosts side by side, time downwards,
/// messages as arrows, suspicions with their causes, the false ones crossed out.
package struct SpaceTimeDiagram {
    /// The most events that a person still finds their way in.
    package static let usualLimit = 1_000
    /// The events around one that are shown unless more are asked for: some 60 rows fit on a page or two.
    package static let usualNeighbours = 60

    private let projection: CausalProjection
    private let layout: DiagramLayout
    private let suspicions: SuspicionLayer
    private let center: EventName?

    /// Lays a diagram out.
    ///
    /// - Parameters:
    ///   - projection: what is shown.
    ///   - center: an event to be pointed out.
    package init(_ projection: CausalProjection, center: EventName? = nil) {
        self.projection = projection
        self.center = center
        layout = DiagramLayout(projection)
        suspicions = SuspicionLayer(projection, layout)
    }

    /// The SVG document.
    package func bytes() -> [UInt8] {
        var svg = SVGText()
        let (width, height) = (max(980, layout.width), layout.bottom + 40)
        svg.raw(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
                + "viewBox=\"0 0 \(width) \(height)\">\n")
        svg.raw(DiagramPalette.style)
        svg.raw(
            "<defs>\(marker("message", "#4c8bc4"))\(marker("influence", "#868e96"))</defs>\n")
        svg.element("rect", "width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"")
        drawTimes(width: width, &svg)
        suspicions.drawBars(into: &svg)
        let lines = LifeLines(projection: projection, layout: layout)
        lines.draw(into: &svg)
        drawArrows(&svg)
        lines.drawLabels(into: &svg)
        suspicions.drawProofs(into: &svg)
        drawEvents(&svg)
        DiagramLegend(projection: projection, layout: layout).draw(into: &svg)
        svg.raw("</svg>\n")
        return svg.bytes
    }

    /// The head of an arrow.
    private func marker(_ name: String, _ colour: String) -> String {
        "<marker id=\"\(name)\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
            + "orient=\"auto\"><path d=\"M0 1L8 4L0 7z\" fill=\"\(colour)\"/></marker>"
    }

    /// Times in the margin, no closer than they can be read, and gaps.
    private func drawTimes(width: Int, _ svg: inout SVGText) {
        let x = DiagramLayout.leftMargin - 70
        var free = Int.min
        for (row, y) in layout.heights.enumerated() where y >= free {
            guard let time = layout.times[row] else { continue }
            svg.element("line", "class=\"grid\" x1=\"\(x + 6)\" y1=\"\(y)\" x2=\"\(width - 10)\" y2=\"\(y)\"")
            svg.text(
                String(WallTime.text(time, digits: 3).dropFirst(11).dropLast()), x: x, y: y + 4,
                "class=\"time\"")
            free = y + (layout.heights.count < 120 ? 1 : 4) * DiagramLayout.rowHeight
        }
        for gap in layout.gaps {
            svg.element(
                "line", "class=\"break\" x1=\"\(x + 6)\" y1=\"\(gap.y)\" x2=\"\(width - 10)\" y2=\"\(gap.y)\""
            )
            svg.text("\(Self.length(gap.microseconds)) later", x: x, y: gap.y + 4, "class=\"gap\"")
        }
    }

    private static func length(_ microseconds: Int64) -> String {
        switch microseconds {
        case ..<1_000_000: "\(microseconds / 1_000) ms"
        case ..<120_000_000: "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
        case ..<7_200_000_000: "\(microseconds / 60_000_000) min"
        default: "\(microseconds / 3_600_000_000) h"
        }
    }

    private func drawArrows(_ svg: inout SVGText) {
        for arrow in DiagramArrows(projection).arrows {
            let (x1, y1) = (layout.x(arrow.from), layout.y(arrow.from))
            let (x2, y2) = (layout.x(arrow.to), layout.y(arrow.to))
            // The head ends at the rim of the mark, not under it.
            let rim = x1 == x2 ? 0 : (x2 > x1 ? -4 : 4)
            let kind = arrow.isMessage ? "message" : "influence"
            svg.element(
                "line",
                "class=\"\(kind)\" x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2 + rim)\" y2=\"\(y2)\" "
                    + "marker-end=\"url(#\(kind))\"")
        }
    }

    /// Marks first, so that no mark covers a label.
    private func drawEvents(_ svg: inout SVGText) {
        let marks = projection.events.indices.map { position in
            EventMark(
                entry: projection.history.events[projection.events[position]].entry,
                isProvedFalse: suspicions.isProvedFalse(position))
        }
        for (position, mark) in marks.enumerated() where mark.entry.event == center {
            svg.element(
                "circle",
                "class=\"center\" cx=\"\(layout.x(position))\" cy=\"\(layout.y(position))\" r=\"13\"")
        }
        for (position, mark) in marks.enumerated() {
            mark.draw(x: layout.x(position), y: layout.y(position), title: title(mark, position), into: &svg)
        }
        for (position, mark) in marks.enumerated() {
            mark.drawLabel(x: layout.x(position), y: layout.y(position), into: &svg)
        }
    }

    /// What is shown when the pointer rests on an event.
    private func title(_ mark: EventMark, _ position: Int) -> String {
        let entry = mark.entry
        var lines = ["\(entry.event)" + (entry.timeUSec.map { "  \(WallTime.text($0))" } ?? "")]
        if let kind = entry.kind { lines.append("\(kind.rawValue) \(entry.peer?.text ?? "")") }
        if let from = entry.from { lines.append("sent as \(from)") }
        if let cause = entry.cause {
            lines.append("cause \(cause), \(entry.certainty == "proved" ? "proved" : "likely")")
        }
        if !entry.text.isEmpty { lines.append(entry.text) }
        if let outcome = suspicions.outcome(position) { lines.append(outcome) }
        return lines.joined(separator: "\n")
    }
}
