/// One system of axes: the mistake rate, logarithmic, against one kind of detection time.
struct PlotPanel {
    let title: String
    /// Which detection time of a quality of service counts.
    let time: (QualityOfService) -> Double
    let horizontal: PlotScale
    let vertical: PlotScale
    /// Where curves without mistakes end, below the lowest rate that can be seen.
    let none: Double
    let frame: (left: Double, top: Double, width: Double, height: Double)

    /// The frame, its marks and its titles.
    func axes() -> [String] {
        let (left, top, width, height) = frame
        let bottom = top + height
        var lines = [
            "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(width)\" height=\"\(height)\" fill=\"none\" stroke=\"#444\"/>",
            Self.text(left + width / 2, top - 10, title, size: 14),
            Self.text(left + width / 2, bottom + 42, "detection time T_D [s]"),
        ]
        for tick in horizontal.ticks {
            let x = horizontal.place(tick)
            lines.append(Self.grid(x, top, x, bottom))
            lines.append(Self.text(x, bottom + 18, DecimalText.significant(tick, digits: 2)))
        }
        for tick in vertical.ticks {
            let y = vertical.place(tick)
            lines.append(Self.grid(left, y, left + width, y))
            lines.append(Self.text(left - 6, y + 4, DecimalText.significant(tick, digits: 1), anchor: "end"))
        }
        lines.append(Self.grid(left, none, left + width, none))
        lines.append(Self.text(left - 6, none + 4, "none", anchor: "end"))
        return lines
    }

    /// The area that no passive detector with one constant detection time can reach, and its edge.
    func bound(_ bound: ClairvoyantBound) -> String {
        let places = bound.points.filter { horizontal.contains($0.detectionTime) }
            .map { (horizontal.place($0.detectionTime), place(rate: $0.mistakeRate)) }
        guard let first = places.first, let last = places.last else { return "" }
        let floor = frame.top + frame.height
        let path = ([(first.0, floor)] + places + [(last.0, floor)]).map {
            DecimalText.fixed($0.0, digits: 1) + " " + DecimalText.fixed($0.1, digits: 1)
        }
        return
            "<path d=\"M\(path.joined(separator: "L"))Z\" fill=\"#ddd\" fill-opacity=\"0.6\" stroke=\"none\"/>"
            + PlotStyle.bound.line(places.map { (x: $0.0, y: $0.1) })
    }

    /// A detector's curve with a marker at each parameter.
    func curve(_ sweep: Sweep) -> String {
        let style = PlotStyle(sweep.form)
        let places = sweep.points.map(\.quality).filter { horizontal.contains(time($0)) }
            .map { (x: horizontal.place(time($0)), y: place(rate: $0.mistakeRate)) }
        return style.line(places) + places.map { style.mark($0.x, $0.y) }.joined()
    }

    /// A star where the daemon's default lies.
    func star(_ usual: PingedSetting) -> String {
        guard horizontal.contains(time(usual.detection)) else { return "" }
        return PlotStyle.star(
            horizontal.place(time(usual.detection)), place(rate: usual.accuracy.mistakeRate))
    }

    private func place(rate: Double) -> Double { rate > 0 ? vertical.place(rate) : none }

    /// A text at a position.
    static func text(
        _ x: Double, _ y: Double, _ text: String, size: Int = 12, anchor: String = "middle"
    ) -> String {
        let escaped = text.map { $0 == "<" ? "&lt;" : $0 == "&" ? "&amp;" : String($0) }.joined()
        return "<text x=\"\(DecimalText.fixed(x, digits: 1))\" y=\"\(DecimalText.fixed(y, digits: 1))\""
            + " font-size=\"\(size)\" text-anchor=\"\(anchor)\">\(escaped)</text>"
    }

    private static func grid(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        let ends = [x1, y1, x2, y2].map { DecimalText.fixed($0, digits: 1) }
        return "<path d=\"M\(ends[0]) \(ends[1])L\(ends[2]) \(ends[3])\" stroke=\"#ddd\"/>"
    }
}

extension PlotStyle {
    /// The edge of what is possible.
    static let bound = PlotStyle(colour: "#888", dash: "", width: "3", marker: .disc)

    private init(colour: String, dash: String, width: String, marker: Marker) {
        self.colour = colour
        self.dash = dash
        self.width = width
        self.marker = marker
    }
}
