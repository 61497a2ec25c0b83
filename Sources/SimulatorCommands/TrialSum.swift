internal import Simulation

/// What came of trials, so that those of many seeds can be added.
protocol TrialOutcome: Sendable {
    /// Nothing yet.
    init()
    /// Adds another trial's.
    mutating func add(_ other: Self)
}

extension LossTrial.Outcome: TrialOutcome {}
extension ScaleTrial.Outcome: TrialOutcome {}

extension TrialOutcome {
    /// Runs a trial for each seed on all cores, and adds what came of them; in which order they end makes no difference.
    init(seeds: Range<UInt64>, trial: @escaping @Sendable (UInt64) -> Self) async {
        self = await withTaskGroup(of: Self.self) { group in
            for seed in seeds { group.addTask { trial(seed) } }
            return await group.reduce(into: Self()) { $0.add($1) }
        }
    }
}
