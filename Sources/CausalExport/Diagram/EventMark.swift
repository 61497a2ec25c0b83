internal import CausalClock

/// How one event is drawn, and what is written beside it.
struct EventMark {
    let entry: CausalLogEntry
    /// Whether it is a suspicion that a later event proves false.
    let isProvedFalse: Bool

    /// The text beside the mark; `nil` for messages, which are too many.
    var label: String? {
        let peer = entry.peer?.host ?? ""
        switch entry.kind {
        case nil, .send, .receive, .pending: return nil
        case .start:
            return (entry.after == nil ? "starts" : "continues")
                + (entry.event.process.epoch.map { ", epoch \($0)" } ?? "")
        case .stop: return "stops as planned"
        case .suspect: return "suspects \(peer)" + (entry.cause.map { ": \($0)" } ?? "")
        case .trust: return "trusts \(peer)"
        case .confirm: return "quorum: \(peer) suspected"
        case .restart: return "sees \(peer) restarted"
        case .leave: return "\(peer) leaves"
        case .isolated: return "isolated"
        case .rejoined: return "rejoined"
        case .asymmetric: return "\(peer) does not hear it"
        case .flapping: return "\(peer) is flapping"
        case .conflict: return "conflict" + (peer.isEmpty ? "" : " with \(peer)")
        case .config: return "configuration"
        case .record: return nil
        case .stall: return "was paused"
        }
    }

    /// The colour of the text and of larger marks.
    var colour: String {
        switch entry.kind {
        case .suspect, .confirm: DiagramPalette.colour(cause: entry.cause)
        case .trust, .rejoined: "#2b8a3e"
        case .conflict: "#c92a2a"
        case .isolated: DiagramPalette.colour(cause: "isolated")
        case .asymmetric: DiagramPalette.colour(cause: "outbound")
        default: "#495057"
        }
    }

    /// Draws the mark.
    func draw(x: Int, y: Int, title: String, into svg: inout SVGText) {
        switch entry.kind {
        case .send: svg.element("circle", "class=\"sent\" cx=\"\(x)\" cy=\"\(y)\" r=\"3\"", title: title)
        case nil, .receive:
            svg.element("circle", "class=\"received\" cx=\"\(x)\" cy=\"\(y)\" r=\"3\"", title: title)
        case .pending: svg.element("circle", "class=\"ping\" cx=\"\(x)\" cy=\"\(y)\" r=\"3.5\"", title: title)
        case .trust, .rejoined:
            svg.element("circle", "class=\"good\" cx=\"\(x)\" cy=\"\(y)\" r=\"5\"", title: title)
        case .start:
            let points = "\(x - 7),\(y - 5) \(x + 7),\(y - 5) \(x),\(y + 6)"
            svg.element("polygon", "fill=\"#495057\" points=\"\(points)\"", title: title)
        case .suspect, .confirm, .isolated, .conflict, .asymmetric:
            let points = "\(x),\(y - 8) \(x + 8),\(y) \(x),\(y + 8) \(x - 8),\(y)"
            svg.element("polygon", "fill=\"\(colour)\" stroke=\"#fff\" points=\"\(points)\"", title: title)
        default:
            svg.element(
                "rect", "class=\"state\" x=\"\(x - 4)\" y=\"\(y - 4)\" width=\"8\" height=\"8\"", title: title
            )
        }
        if isProvedFalse { Self.crossOut(x: x, y: y, &svg) }
    }

    /// Writes the label.
    func drawLabel(x: Int, y: Int, into svg: inout SVGText) {
        guard let label else { return }
        svg.label(
            isProvedFalse ? "\(label) (false)" : label, x: x + 13, y: y + 4,
            "class=\"label\" style=\"fill:\(colour)\"")
    }

    static func crossOut(x: Int, y: Int, _ svg: inout SVGText) {
        svg.element("line", "class=\"cross\" x1=\"\(x - 9)\" y1=\"\(y - 9)\" x2=\"\(x + 9)\" y2=\"\(y + 9)\"")
        svg.element("line", "class=\"cross\" x1=\"\(x - 9)\" y1=\"\(y + 9)\" x2=\"\(x + 9)\" y2=\"\(y - 9)\"")
    }
}
