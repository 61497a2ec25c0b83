internal import ArgumentParser
internal import FailureDetection
internal import Glibc
internal import Simulation

/// Random faults, checked after every turn.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs random fault plans and checks every promise after every turn.",
        discussion: "Ends with 1 when a seed breaks a promise, and prints how to run it again.")

    @Option(help: "The seeds: one, or the first and the last as 1..1000.")
    var seeds = SeedRange(first: 1, last: 100)
    @Option(help: "How many hosts a cluster has; 2 to 7 by chance unless given.")
    var nodes: Int?
    @Option(help: "For how many seconds faults begin.")
    var duration: Int = 20
    @Option(help: "Only these faults of the plan, by number, as 0,2; or none.")
    var faults: FaultSelection?
    @Flag(help: "Continue after a seed that breaks a promise.")
    var keepGoing = false
    @Flag(help: "Print the plans and what the hosts report; continue after a failure.")
    var verbose = false

    func validate() throws {
        guard nodes.map({ (2...1_000).contains($0) }) ?? true else {
            throw ValidationError("--nodes must be 2 to 1000")
        }
        guard (1...86_400).contains(duration) else { throw ValidationError("--duration must be 1 to 86400") }
    }

    func run() throws {
        var total = RandomRun.Outcome()
        let began = ContinuousClock.now
        var (failures, seedsRun) = (0, 0)
        var drawn: [String: Int] = [:]
        for seed in seeds.first...seeds.last {
            let (outcome, kinds) = trial(seed)
            for kind in kinds { drawn[kind, default: 0] += 1 }
            seedsRun += 1
            total.add(outcome)
            failures += outcome.breaches.isEmpty ? 0 : 1
            if failures > 0, !verbose, !keepGoing { break }
        }
        print(Self.tally(drawn))
        print(total.summary(seeds: seedsRun, took: ContinuousClock.now - began))
        if failures > 0 { throw ExitCode(1) }
    }

    /// How often each fault was drawn, so that one that never is gets noticed.
    private static func tally(_ drawn: [String: Int]) -> String {
        let counts = Fault.kinds.map { "\($0) \(drawn[$0] ?? 0)" }
        return "faults drawn: " + counts.joined(separator: ", ")
    }

    private func trial(_ seed: UInt64) -> (RandomRun.Outcome, kinds: [String]) {
        var plan = FaultPlan(seed: seed, nodes: nodes, duration: .seconds(Int64(duration)))
        if let faults { plan = plan.keeping(faults.places) }
        if verbose { print("seed \(seed): \(plan.settings)\n\(plan.listing)") }
        var run = RandomRun(plan, keepsJournal: verbose)
        let outcome = run.run()
        for entry in run.journal {
            print("  \(Double(entry.at.nanoseconds / 100_000) / 10_000) s  \(entry.line)")
        }
        if let first = outcome.breaches.first { explain(first, of: outcome, in: plan) }
        return (outcome, plan.faults.map(\.fault.kind))
    }

    private func explain(_ first: Breach, of outcome: RandomRun.Outcome, in plan: FaultPlan) {
        print("seed \(plan.seed) breaks a promise, \(outcome.breaches.count) times:")
        for breach in outcome.breaches.prefix(5) { print("  \(breach)") }
        let kept = faults?.places ?? FaultShrinker.shrink(plan, breaking: first.promise)
        print(
            "the faults that it takes:\n\(plan.keeping(faults == nil ? kept : Array(plan.faults.indices)).listing)"
        )
        let places = kept.isEmpty ? "none" : kept.map(String.init).joined(separator: ",")
        let cluster = nodes.map { " --nodes \($0)" } ?? ""
        print(
            "again: suspect-sim run --seeds \(plan.seed)\(cluster) --duration \(duration) --faults \(places) --verbose"
        )
        fflush(nil)
    }
}

extension FaultPlan {
    fileprivate var listing: String {
        faults.enumerated().map { "  \($0.offset)  \($0.element)" }.joined(separator: "\n")
    }
}

extension RandomRun.Outcome {
    fileprivate mutating func add(_ other: RandomRun.Outcome) {
        detectionTimes += other.detectionTimes
        excusedMistakes += other.excusedMistakes
        hostTime = hostTime + other.hostTime
        turns += other.turns
        datagrams += other.datagrams
    }

    fileprivate func summary(seeds: Int, took: Duration) -> String {
        let hostSeconds = Double(hostTime.nanoseconds) / 1e9
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
        return """
            \(seeds) seeds, \(Int(hostSeconds / 3_600)) node-hours, \(turns) turns, \(datagrams) datagrams, \
            \(detectionTimes.count) crashes seen, \(excusedMistakes) mistakes under faults; \
            \(Int(hostSeconds / max(seconds, 1e-9))) node-seconds and \(Int(Double(turns) / max(seconds, 1e-9))) turns a second
            """
    }
}

/// Seeds as they are written on the command line.
struct SeedRange: ExpressibleByArgument {
    var first: UInt64
    var last: UInt64

    init(first: UInt64, last: UInt64) {
        self.first = first
        self.last = last
    }

    init?(argument: String) {
        let ends = argument.split(separator: "..").map { UInt64($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last
        else {
            return nil
        }
        self.init(first: first, last: last)
    }

    var defaultValueDescription: String { "\(first)..\(last)" }
}

/// Faults of a plan as they are written on the command line.
struct FaultSelection: ExpressibleByArgument {
    var places: [Int]

    init?(argument: String) {
        let numbers = argument.split(separator: ",").map { Int($0) }
        guard argument == "none" || !numbers.contains(nil) else { return nil }
        places = argument == "none" ? [] : numbers.compactMap { $0 }
    }
}
