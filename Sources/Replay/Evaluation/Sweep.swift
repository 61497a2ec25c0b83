/// One detector over a range of its parameter: the curve of its mistakes against its detection time.
package struct Sweep: Sendable {
    /// A parameter and what came of it.
    package struct Point: Sendable, Hashable {
        /// The parameter.
        package let parameter: Double
        /// The quality of service with it.
        package let quality: QualityOfService
    }

    /// The detector.
    package let form: DetectorForm
    /// The points, in rising order of the parameter.
    package let points: [Point]

    /// Replays a trace once a parameter.
    package init(_ form: DetectorForm, over trace: Trace) throws(ReplayError) {
        var points: [Point] = []
        for parameter in form.sweep(interval: trace.interval / 1e9) {
            let replay = Replay(trace, try Replay.Setup(form, parameter: parameter))
            points.append(Point(parameter: parameter, quality: try QualityOfService(of: replay, of: trace)))
        }
        self.form = form
        self.points = points
    }

    /// Replays a trace through `forms`.
    ///
    /// - Parameters:
    ///   - forms: which detectors; all unless given.
    ///   - trace: the trace.
    ///   - progress: called with the share that is done, 0 to 1.
    /// - Returns: a curve a detector, in the order of `forms`.
    /// - Throws: if the trace is too short to judge anything.
    package static func all(
        _ forms: [DetectorForm] = DetectorForm.allCases, over trace: Trace,
        progress: (Double) -> Void = { _ in }
    ) throws(ReplayError) -> [Sweep] {
        var sweeps: [Sweep] = []
        for (index, form) in forms.enumerated() {
            sweeps.append(try Sweep(form, over: trace))
            progress(Double(index + 1) / Double(forms.count))
        }
        return sweeps
    }
}
