internal import CausalClock

/// The suspicions of a diagram: how long each lasted, and which event proves it false.
struct SuspicionLayer {
    let projection: CausalProjection
    let layout: DiagramLayout
    let suspicions: [LoggedSuspicion]
    /// The positions in the history of the events shown, ascending, and their positions.
    private let shown: [(event: Int, position: Int)]

    init(_ projection: CausalProjection, _ layout: DiagramLayout) {
        self.projection = projection
        self.layout = layout
        shown = projection.events.enumerated().map { ($1, $0) }.sorted { $0.0 < $1.0 }
        let processes = projection.processes
        suspicions = projection.history.suspicions().filter { suspicion in
            processes.contains(projection.history.events[suspicion.event].process)
        }
    }

    /// Draws what lies under the events: bars beside the line of the suspecting host.
    func drawBars(into svg: inout SVGText) {
        var lanes: [[Int]] = Array(repeating: [], count: layout.columns.count)
        for suspicion in suspicions {
            let process = projection.history.events[suspicion.event].process
            guard let top = layout.y(notBefore: suspicion.event), let bottom = end(of: suspicion, process),
                bottom > top || position(suspicion.event) != nil
            else { continue }
            let column = layout.column(ofProcess: process)
            let lane = lanes[column].firstIndex { $0 <= top } ?? lanes[column].count
            if lane == lanes[column].count {
                lanes[column].append(bottom)
            } else {
                lanes[column][lane] = bottom
            }
            let x = layout.x(column: column) - 11 - 5 * lane
            let colour = DiagramPalette.colour(cause: projection.history.events[suspicion.event].entry.cause)
            svg.element(
                "rect",
                "x=\"\(x)\" y=\"\(top)\" width=\"4\" height=\"\(max(4, bottom - top))\" fill=\"\(colour)\" opacity=\".55\"",
                title: title(suspicion))
        }
    }

    /// Draws the way from a false suspicion to the event that proves it false.
    func drawProofs(into svg: inout SVGText) {
        for suspicion in suspicions {
            guard case .provedFalse(let name) = suspicion.outcome, let start = position(suspicion.event),
                let event = projection.history.event(name), let proof = position(event)
            else { continue }
            let (x, y) = (layout.x(proof), layout.y(proof))
            svg.element(
                "circle", "class=\"ring\" cx=\"\(x)\" cy=\"\(y)\" r=\"7\"",
                title:
                    "\(name) came after \(projection.history.events[suspicion.event].entry.event): it was not dead"
            )
            let (fromX, fromY) = (layout.x(start), layout.y(start))
            let middle = (fromX + x) / 2
            svg.element(
                "path", "class=\"proof\" d=\"M\(fromX) \(fromY)C\(middle) \(fromY) \(middle) \(y) \(x) \(y)\""
            )
        }
    }

    /// Whether the event at `position` is a suspicion that is proved false.
    func isProvedFalse(_ position: Int) -> Bool {
        suspicions.contains { suspicion in
            guard suspicion.event == projection.events[position], case .provedFalse = suspicion.outcome else {
                return false
            }
            return true
        }
    }

    /// What became of the suspicion at `position`; `nil` when it is none.
    func outcome(_ position: Int) -> String? {
        suspicions.first { $0.event == projection.events[position] }.map(outcome)
    }

    private func outcome(_ suspicion: LoggedSuspicion) -> String {
        switch suspicion.outcome {
        case .provedFalse(let event): "proved false by \(event)"
        case .restarted(let incarnation):
            "\(suspicion.suspect.host) did stop: its next incarnation is \(incarnation)"
        case .undecided: "the logs do not show whether it was right"
        }
    }

    private func title(_ suspicion: LoggedSuspicion) -> String {
        "\(projection.history.events[suspicion.event].entry.event) suspects \(suspicion.suspect): \(outcome(suspicion))"
    }

    /// Where a bar ends: at what ended the suspicion, or with the incarnation that held it.
    private func end(of suspicion: LoggedSuspicion, _ process: Int) -> Int? {
        (suspicion.end ?? projection.history.spans[process].last).flatMap { layout.y(notAfter: $0) }
    }

    private func position(_ event: Int) -> Int? { Self.position(event, in: shown) }

    private static func position(_ event: Int, in shown: [(event: Int, position: Int)]) -> Int? {
        let place = shown.partitioningIndex { $0.event >= event }
        return place < shown.count && shown[place].event == event ? shown[place].position : nil
    }
}
