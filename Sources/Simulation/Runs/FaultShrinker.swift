/// Finds out which faults of a failing trial are needed to make it fail.
package enum FaultShrinker {
    /// Leaves faults out one by one as long as the trial still breaks the same promise.
    ///
    /// - Parameters:
    ///   - plan: a trial that fails.
    ///   - promise: what it breaks.
    /// - Returns: the positions of the faults that are needed.
    package static func shrink(_ plan: FaultPlan, breaking promise: Breach.Promise) -> [Int] {
        var kept = Array(plan.faults.indices)
        for candidate in plan.faults.indices {
            let fewer = kept.filter { $0 != candidate }
            var trial = RandomRun(plan.keeping(fewer))
            if trial.run().breaches.contains(where: { $0.promise == promise }) { kept = fewer }
        }
        return kept
    }
}
