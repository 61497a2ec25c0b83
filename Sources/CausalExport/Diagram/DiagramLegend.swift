internal import CausalClock

/// The title of a diagram and what its signs mean.
struct DiagramLegend {
    let projection: CausalProjection
    let layout: DiagramLayout

    func draw(into svg: inout SVGText) {
        svg.text("What could have influenced what", x: 20, y: 28, "class=\"title\"")
        svg.text(subtitle, x: 20, y: 46)
        drawSigns(y: 68, &svg)
        drawCauses(y: 88, &svg)
    }

    private var subtitle: String {
        let all = projection.history.events.count
        let shown = projection.events.count
        let amount = shown == all ? "\(all) events" : "\(shown) of \(all) events"
        let span = [layout.times.compactMap { $0 }.min(), layout.times.compactMap { $0 }.max()].compactMap {
            $0.map { WallTime.text($0, digits: 3) }
        }
        let times = span.count == 2 ? ", \(span[0]) to \(span[1])" : ""
        return
            "\(amount) at \(layout.columns.count) hosts\(times). Time runs down; times are those of each host."
    }

    private func drawSigns(y: Int, _ svg: inout SVGText) {
        var x = 28
        for (kind, word) in [
            (LoggedEventKind.send, "sent"), (.receive, "received"), (.pending, "overdue, pinged"),
            (.trust, "trusted"),
            (.start, "incarnation begins"), (.config, "other"),
        ] {
            let entry = CausalLogEntry(EventName(ProcessName(""), 1), kind: kind)
            EventMark(entry: entry, isProvedFalse: false).draw(x: x, y: y, title: word, into: &svg)
            svg.text(word, x: x + 12, y: y + 4)
            x += 30 + 7 * word.utf8.count
        }
        drawLines(x: x, y: y, &svg)
    }

    private func drawLines(x: Int, y: Int, _ svg: inout SVGText) {
        var x = x
        for (style, word) in [("message", "message"), ("influence", "by way of what is not shown")] {
            svg.element(
                "line",
                "class=\"\(style)\" x1=\"\(x)\" y1=\"\(y)\" x2=\"\(x + 26)\" y2=\"\(y)\" marker-end=\"url(#\(style))\""
            )
            svg.text(word, x: x + 32, y: y + 4)
            x += 50 + 7 * word.utf8.count
        }
    }

    private func drawCauses(y: Int, _ svg: inout SVGText) {
        svg.text("suspected, cause:", x: 20, y: y + 4)
        var x = 140
        for cause in DiagramPalette.causes {
            draw(cause, isProvedFalse: false, x: x, y: y, cause, &svg)
            x += 32 + 7 * cause.utf8.count
        }
        draw(
            "link", isProvedFalse: true, x: x + 10, y: y,
            "proved false: the suspect acted later, knowing of it", &svg)
    }

    private func draw(
        _ cause: String, isProvedFalse: Bool, x: Int, y: Int, _ word: String, _ svg: inout SVGText
    ) {
        var entry = CausalLogEntry(EventName(ProcessName(""), 1), kind: .suspect)
        entry.cause = cause
        EventMark(entry: entry, isProvedFalse: isProvedFalse).draw(x: x, y: y, title: word, into: &svg)
        svg.text(word, x: x + 14, y: y + 4)
    }
}
