/// What the curves of a plot mean: a column of strokes with their names and an explanation each.
struct PlotLegend {
    private let left: Double
    private var top: Double
    /// The elements so far, in SVG.
    private(set) var lines: [String] = []

    /// A legend that begins at a point of the plot.
    init(left: Double, top: Double) {
        self.left = left
        self.top = top
    }

    /// A heading over what follows.
    mutating func head(_ text: String) {
        lines.append(PlotPanel.text(left, top, text, size: 13, anchor: "start"))
    }

    /// The curve of a detector.
    mutating func add(_ form: DetectorForm) {
        add(PlotStyle(form), form.rawValue)
        explain(form.explanation)
    }

    /// A stroke and its name.
    mutating func add(_ style: PlotStyle, _ name: String, isMarked: Bool = true) {
        top += 22
        lines.append(style.line([(x: left, y: top), (x: left + 36, y: top)]))
        if isMarked { lines.append(style.mark(left + 18, top)) }
        label(name)
    }

    /// The star of a single setting and its name.
    mutating func addStar(_ name: String) {
        top += 22
        lines.append(PlotStyle.star(left + 18, top))
        label(name)
    }

    /// A line of explanation under the name before.
    mutating func explain(_ text: String) {
        top += 13
        lines.append(PlotPanel.text(left + 44, top + 3, text, size: 10, anchor: "start"))
    }

    /// Some space before the next heading.
    mutating func skip() { top += 28 }

    private mutating func label(_ name: String) {
        lines.append(PlotPanel.text(left + 44, top + 4, name, anchor: "start"))
    }
}
