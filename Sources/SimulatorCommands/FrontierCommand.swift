internal import ArgumentParser
internal import FailureDetection
internal import Simulation

/// Detection time against mistakes, with pings and without.
struct FrontierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frontier",
        abstract: "Compares heartbeats with pings to every passive detector at the same datagrams a second.",
        discussion:
            "T_D: from a crash to the suspicion. Mistakes: suspicions of a peer that lived. A rate below "
            + "which fewer than three mistakes were seen is shown as \"<\".")

    @Option(help: "How many hosts watch each other with pings; passive detectors are measured on two.")
    var nodes: Int = 2
    @Option(help: "The interval of the heartbeats, in milliseconds.")
    var interval: Int = 200
    @Option(help: "The share of datagrams that is lost in each direction, 0 to 0.9.")
    var loss: Double = 0.1
    @Option(parsing: .upToNextOption, help: "Round trips in milliseconds.")
    var roundTrips: [Int] = [1, 5, 20]
    @Option(
        parsing: .upToNextOption, help: "Mean lengths of loss bursts in milliseconds; 0 is independent loss.")
    var bursts: [Int] = [0, 100, 1_000]
    @Option(help: "For how many heartbeats passive detectors are watched; the daemon's fifty times as long.")
    var heartbeats: Int64 = 50_000
    @Option(
        help:
            "How often a ping is repeated where nothing is lost, 0 to 20; the daemon's default unless given."
    )
    var retries: Int?
    @Option(help: "The seed.")
    var seed: UInt64 = 1
    @Option(
        help:
            "How much longer each way may take, in milliseconds; a twentieth of the round trip unless given."
    )
    var jitter: Int?
    @Flag(help: "Measure heartbeats with pings only.")
    var active = false
    @Flag(help: "Also measure other margins and retries, and print every point.")
    var sweep = false

    func validate() throws {
        guard (0...0.9).contains(loss) else { throw ValidationError("--loss must be 0 to 0.9") }
        guard (2...50).contains(nodes) else { throw ValidationError("--nodes must be 2 to 50") }
        guard (0...20).contains(retries ?? 0) else { throw ValidationError("--retries must be 0 to 20") }
        guard (5...60_000).contains(interval) else { throw ValidationError("--interval must be 5 to 60000") }
    }

    func run() throws {
        for burst in bursts {
            for roundTrip in roundTrips { measure(roundTrip: roundTrip, burst: burst) }
        }
    }

    private func measure(roundTrip: Int, burst: Int) {
        let kind: Frontier.Loss =
            burst > 0 ? .bursts(loss, .milliseconds(Int64(burst))) : .independent(loss)
        var frontier = Frontier(
            roundTrip: .milliseconds(Int64(roundTrip)), loss: kind, heartbeats: heartbeats, seed: seed)
        frontier.nodes = nodes
        frontier.retries = retries
        if let jitter { frontier.jitter = .milliseconds(Int64(jitter)) }
        frontier.measure(
            interval: .milliseconds(Int64(interval)), isSwept: sweep, comparesPassive: !active)
        let how = burst > 0 ? "in bursts of \(burst) ms" : "independently"
        print("\nround trip \(roundTrip) ms, \((loss * 100).short) % lost \(how)")
        print(table(of: frontier).text)
    }

    private func table(of frontier: Frontier) -> TextTable {
        var table = TextTable()
        table.add([
            "detector", "T_D mean", "T_D p99", "mistakes/s", "datagrams/s", "mistakes at the same T_D",
        ])
        for point in frontier.active { table.add(row(point)) }
        for points in [frontier.fixedRounds] + frontier.passive {
            if sweep { for point in points { table.add(row(point)) } }
            if let first = points.first { table.add(comparison(of: points, first, with: frontier.active[0])) }
        }
        return table
    }

    /// How many mistakes a sweep has where its mean detection time is that of `ours`.
    private func comparison(
        of points: [Frontier.Point], _ first: Frontier.Point, with ours: Frontier.Point
    ) -> [String] {
        let reference = ours.quality
        let rate = Frontier.mistakeRate(of: points, at: reference.meanDetectionTime)
        let isRare = rate != nil && points.suffix(2).allSatisfy(\.quality.isBound)
        var ratio = rate.map { ($0 / reference.mistakeRate).short + " times as many" } ?? "cannot reach it"
        if isRare { ratio = reference.isBound ? "too few to compare" : "at most " + ratio }
        if !isRare, rate != nil, reference.isBound { ratio = "over " + ratio }
        return [
            first.retries.map { "heartbeat+ping, rounds of \($0 + 1) pings" } ?? first.detector.name,
            reference.meanDetectionTime.milliseconds, "", rate.map { (isRare ? "<" : "") + $0.short } ?? "–",
            first.quality.datagramRate.short, ratio,
        ]
    }

    private func row(_ point: Frontier.Point) -> [String] {
        let quality = point.quality
        let name = point.retries.map { "heartbeat+ping, \($0) retries, \(point.detector.text)" }
        return [
            name ?? point.detector.text, quality.meanDetectionTime.milliseconds,
            quality.detectionTime(quantile: 0.99).milliseconds,
            (quality.isBound ? "<" : "") + quality.mistakeRate.short, quality.datagramRate.short,
        ]
    }
}

extension DetectorChoice {
    /// The name with the parameter.
    fileprivate var text: String {
        switch self {
        case .median(let span), .chen(let span), .twoWindow(let span), .fixed(.span(let span)):
            "\(name) \((Double(span.nanoseconds) / 1e9).milliseconds)"
        case .phi(let level), .exponential(let level), .bertier(let level): "\(name) \(level)"
        default: name
        }
    }
}
