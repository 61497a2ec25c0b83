/// How a curve looks: a colour, a dash and a marker, no two alike.
struct PlotStyle: Sendable {
    let colour: String
    let dash: String
    let width: String
    let marker: Marker

    /// The sign at each point of a curve.
    enum Marker: Sendable, CaseIterable {
        case disc, square, diamond, triangle, ring, cross, plus
    }

    /// Colours that differ for the colour-blind too (Okabe and Ito), the yellow darkened for white paper.
    private static let colours = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9", "#000000",
    ]

    /// The style of a detector: solid for the daemon's own, broken and thin for those that only compare.
    init(_ form: DetectorForm) {
        let family = DetectorForm.allCases.filter { $0.isConfigurable == form.isConfigurable }
        let index = family.firstIndex(of: form) ?? 0
        colour = Self.colours[index % Self.colours.count]
        // Those of the literature begin elsewhere, so that no colour has the same marker twice.
        let shift = (form.isConfigurable ? 0 : 3) + index / Self.colours.count
        marker = Marker.allCases[(index + shift) % Marker.allCases.count]
        width = form.isConfigurable ? "2" : "1"
        dash = form.isConfigurable ? "" : index < Self.colours.count ? "5 3" : "1 2"
    }

    /// The SVG of a marker at an index.
    func mark(_ x: Double, _ y: Double) -> String {
        let (x, y) = (DecimalText.fixed(x, digits: 1), DecimalText.fixed(y, digits: 1))
        let shape =
            switch marker {
            case .disc: "<circle r=\"3\" fill=\"\(colour)\"/>"
            case .ring: "<circle r=\"3\" fill=\"white\"/>"
            case .square: "<path d=\"M-3-3H3V3H-3Z\" fill=\"\(colour)\"/>"
            case .diamond: "<path d=\"M0-4L4 0L0 4L-4 0Z\" fill=\"\(colour)\"/>"
            case .triangle: "<path d=\"M0-4L4 3H-4Z\" fill=\"\(colour)\"/>"
            case .cross: "<path d=\"M-3-3L3 3M-3 3L3-3\"/>"
            case .plus: "<path d=\"M0-4V4M-4 0H4\"/>"
            }
        return "<g transform=\"translate(\(x) \(y))\" stroke=\"\(colour)\">\(shape)</g>"
    }

    /// The SVG of a star: what the daemon does by default.
    static func star(_ x: Double, _ y: Double) -> String {
        let location = "\(DecimalText.fixed(x, digits: 1)) \(DecimalText.fixed(y, digits: 1))"
        return "<path transform=\"translate(\(location))\" fill=\"#d00000\" stroke=\"#fff\" "
            + "d=\"M0-9L2.4-3L9-3L3.8 1.2L5.8 8L0 4L-5.8 8L-3.8 1.2L-9-3L-2.4-3Z\"/>"
    }

    /// The SVG of a line through positions.
    func line(_ places: [(x: Double, y: Double)]) -> String {
        let points = places.map {
            DecimalText.fixed($0.x, digits: 1) + "," + DecimalText.fixed($0.y, digits: 1)
        }
        return "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"\(colour)\""
            + " stroke-width=\"\(width)\"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")/>"
    }
}
