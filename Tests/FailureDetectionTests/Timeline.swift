import CausalClock
import Testing

@testable import FailureDetection

/// A scenario drawn in time: one character is one tick of 10 ms, and spaces only help the eye.
///
///     b <  h.........h......... ...................     what arrives from b
///     b >  ....................  ..p..p..p..........     what is sent to b, heartbeats left out
///     b !  T...................  ..P........S.......     what is reported about b
///     b c  ................  s.....t...............     what a consumer with a threshold of its own gets
///     me <                                               what happens to us
///     me !                                               what is reported about us
///
/// Rows with `!` are exhaustive: a notice or refusal that is not drawn fails the test, even where no such row is
/// drawn at all. Rows with `>` are exhaustive where they are drawn. A row may be drawn twice, for two things in one
/// tick. A turn of the loop is run at every tick and at every deadline in between.
///
/// What arrives is explained at `TimelinePeer.receptions`. At us, `-` is a tick in which our loop does not run, and
/// `k` a datagram that our kernel dropped. What is sent: `p` ping, `o` pong, `l` leave. What is reported:
///
///     T trust   P pending   S suspect, cause unknown   C suspect, crash   K suspect, link   D suspect, daemon   Q confirm   R restart   L leave
///     A asymmetric   F flapping   X conflict   I isolated   J rejoined   Z stall
///     d duplicate   o outdated   e old epoch   f future epoch   u unsolicited   w last words (refused)
struct Timeline {
    /// The length of one character.
    static let tick = TimeSpan.milliseconds(10)

    private var rows: [String: [[Character]]] = [:]

    /// Reads a drawing.
    init(_ drawing: String) {
        for line in drawing.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 1 else { continue }
            rows[words[0] + " " + words[1], default: []].append(words.dropFirst(2).flatMap { Array($0) })
        }
    }

    /// How many ticks are drawn.
    var length: Int { rows.values.joined().map(\.count).max() ?? 0 }

    /// Whether a row is drawn.
    func has(_ label: String) -> Bool { rows[label] != nil }

    /// What is drawn in one tick of a row, or of all rows of that name.
    func symbols(_ label: String, at column: Int) -> [Character] {
        rows[label, default: []].compactMap { column < $0.count && $0[column] != "." ? $0[column] : nil }
    }

    /// Adds a symbol.
    mutating func draw(_ symbol: Character, in label: String, at column: Int) {
        var drawn = rows[label, default: []]
        var row = 0
        while row < drawn.count, column < drawn[row].count, drawn[row][column] != "." { row += 1 }
        if row == drawn.count { drawn.append([]) }
        while drawn[row].count <= column { drawn[row].append(".") }
        drawn[row][column] = symbol
        rows[label] = drawn
    }

    /// The rows of one name as text, in groups of ten.
    func text(_ label: String) -> String {
        rows[label, default: [[]]].map { row in
            let cells = row.enumerated().map {
                ($0.offset > 0 && $0.offset % 10 == 0 ? " " : "") + String($0.element)
            }
            return label + "  " + cells.joined()
        }.joined(separator: "\n")
    }

    /// Fails the test where `seen` is not what is drawn here.
    func expect(_ seen: Timeline, of names: [String], at sourceLocation: SourceLocation) {
        let labels =
            names.map { $0 + " !" } + names.map { $0 + " c" } + names.map { $0 + " >" }.filter { has($0) }
            + ["me !"]
        for label in labels {
            let columns = (0..<max(length, seen.length)).filter {
                symbols(label, at: $0) != seen.symbols(label, at: $0)
            }
            guard let first = columns.first else { continue }
            Issue.record(
                "from tick \(first) on\ndrawn:\n\(text(label))\nseen:\n\(seen.text(label))",
                sourceLocation: sourceLocation)
        }
    }
}

/// Runs a drawing and compares.
///
/// - Parameters:
///   - peers: the peers watched; their names are those of the rows.
///   - consumer: the threshold of a consumer of its own, reported in rows `c`.
///   - drawing: the scenario.
///   - actions: what else is done, before the turn of a tick.
///   - reloads: the settings of the peers from the end of a tick on.
///   - sourceLocation: where a difference is reported.
/// - Returns: the run, for further questions.
@discardableResult
func timeline(
    _ peers: [PeerSettings], consumer: ConsumerThreshold? = nil, _ drawing: String,
    actions: [Int: (inout Monitor, Instant) -> Void] = [:],
    reloads: [Int: [PeerSettings]] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
) -> TimelineRun {
    let drawn = Timeline(drawing)
    var run = TimelineRun(peers)
    run.consumer = consumer.map {
        ConsumerWatch($0, peers: peers.map(\.id), of: run.monitor, at: TimelineRun.instant(of: 0))
    }
    for column in 0..<drawn.length {
        run.step(column, of: drawn, action: actions[column])
        guard let settings = reloads[column] else { continue }
        run.monitor.retune(settings, at: TimelineRun.instant(of: column))
        run.consumer?.rewatch(settings.map(\.id), of: run.monitor, at: TimelineRun.instant(of: column))
    }
    drawn.expect(run.seen, of: peers.map(\.id.description), at: sourceLocation)
    return run
}

/// Settings that make drawings short: heartbeats every 10 ticks, overdue 2 ticks after the next one was expected,
/// three pings 3 ticks apart.
func peer(
    _ name: String, mode: MonitoringMode = .heartbeatAndPing, interval: Int64 = 100,
    detector: DetectorChoice = .median(margin: .milliseconds(20)), retries: Int = 2, grace: Int64 = 300
) -> PeerSettings {
    PeerSettings(
        id: host(name), mode: mode, interval: .milliseconds(interval), detector: detector, retries: retries,
        minimumTimeout: .milliseconds(30), maximumTimeout: .seconds(1), startupGrace: .milliseconds(grace))
}

/// The id of a name that is one.
func host(_ name: String) -> HostID {
    guard let id = HostID(name) else { preconditionFailure("\(name) is no id") }
    return id
}
