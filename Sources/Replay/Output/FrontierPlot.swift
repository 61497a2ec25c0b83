/// The plot of a trace: mistakes against detection time, every detector a curve, the clairvoyant bound the limit.
///
/// Left by the mean of the detection time, as the literature has it; right by its 99th percentile, which is what can
/// be promised. A detector that is good on the left only is fast on average and slow when it matters.
package struct FrontierPlot: Sendable {
    private let trace: Trace
    private let sweeps: [Sweep]
    private let bound: ClairvoyantBound
    /// What the daemon does unless it is configured otherwise: heartbeats confirmed by pings, the default margin.
    private let usual: PingedSetting?

    private static let size = (width: 1_440.0, height: 752.0)
    private static let panel = (width: 450.0, height: 450.0, top: 80.0)

    /// A plot of sweeps over a trace.
    package init(_ trace: Trace, sweeps: [Sweep], bound: ClairvoyantBound) {
        self.trace = trace
        self.sweeps = sweeps
        self.bound = bound
        usual = try? PingedSetting(trace, detectionTime: .infinity, noMoreThan: .max)
    }

    /// The plot as a document in SVG 1.1.
    package var svg: String {
        let panels = [
            panel("by the mean detection time", left: 80) { $0.meanDetectionTime },
            panel("by the 99th percentile", left: 590) { $0.p99DetectionTime },
        ]
        let (width, height) = Self.size
        return
            ([
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
                    + " viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\">",
                "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
                PlotPanel.text(565, 26, title, size: 17),
                PlotPanel.text(565, 46, subtitle),
                "<g transform=\"rotate(-90)\">"
                    + PlotPanel.text(-305, 22, "mistakes a second λ_M [1/s]") + "</g>",
            ] + panels.flatMap(draw) + legend() + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private var title: String { "Mistakes against detection time: \(trace.name)" }

    private var subtitle: String {
        let lost = Double(trace.lostCount) / Double(max(trace.sentCount, 1)) * 100
        return
            "\(trace.sentCount) heartbeats every \(DecimalText.fixed(trace.interval / 1e6, digits: 1)) ms, "
            + "\(DecimalText.fixed(lost, digits: 1)) % lost, mean delay "
            + "\(DecimalText.fixed(trace.meanDelay / 1e6, digits: 1)) ms; "
            + "\(DecimalText.fixed(bound.duration, digits: 0)) s measured"
    }

    private func draw(_ panel: PlotPanel) -> [String] {
        [panel.bound(bound)] + panel.axes() + sweeps.map { panel.curve($0) }
            + [usual.map { panel.star($0) } ?? ""]
    }

    private func panel(
        _ title: String, left: Double, time: @escaping (QualityOfService) -> Double
    ) -> PlotPanel {
        let (width, height, top) = Self.panel
        // One mistake in the whole trace is the least that can be seen; a band below is for none at all.
        let least = 0.7 / max(bound.duration, 1)
        let rates = sweeps.flatMap { $0.points.map(\.quality.mistakeRate) } + bound.points.map(\.mistakeRate)
        let most = max(rates.max() ?? 1, least * 10) * 1.3
        return PlotPanel(
            title: title, time: time,
            horizontal: PlotScale(times(time), from: left, to: left + width),
            vertical: PlotScale(
                least...most, from: top + height - 40, to: top, isLogarithmic: true),
            none: top + height - 18, frame: (left, top, width, height))
    }

    /// From nothing to where the last curve reaches the floor, ten intervals after the last curve begins at most; what the daemon
    /// does by default is always on it.
    private func times(_ time: (QualityOfService) -> Double) -> ClosedRange<Double> {
        let curves = sweeps.map { $0.points.map(\.quality) }
        let starts = curves.compactMap { $0.map(time).filter(\.isFinite).min() }
        let most = (starts.max() ?? 0) + 10 * trace.interval / 1e9
        let mistaken = curves.joined().filter { $0.mistakes > 0 }.map(time).filter(\.isFinite)
        let last = max(mistaken.max() ?? 0, 2 * trace.interval / 1e9) * 1.2
        return 0...max(min(most, last), (usual.map { time($0.detection) } ?? 0) * 1.1)
    }

    private func legend() -> [String] {
        var legend = PlotLegend(left: 1_062, top: 88)
        legend.head("suspectd")
        for sweep in sweeps where sweep.form.isConfigurable { legend.add(sweep.form) }
        if usual != nil {
            legend.addStar("what suspectd does by default")
            legend.explain("heartbeats and pings; two in a row are missing")
        }
        legend.skip()
        legend.head("literature")
        for sweep in sweeps where !sweep.form.isConfigurable { legend.add(sweep.form) }
        legend.add(.bound, "clairvoyant bound", isMarked: false)
        legend.explain("the best constant detection time, by hindsight")
        return legend.lines
    }
}
