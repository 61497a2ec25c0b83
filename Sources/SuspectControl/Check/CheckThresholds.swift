/// From when on a check gives an alarm; an absent threshold never does.
struct CheckThresholds: Equatable {
    /// A warning, from so many suspected peers on.
    let warning: Int
    /// The worst, from so many suspected peers on.
    let critical: Int?
    /// A warning when a peer has been gone by plan for so long, in microseconds.
    var leftUSec: Int?
    /// A warning when a peer has not heard this node for so long, in microseconds.
    var outboundUSec: Int?
    /// For how long a suspected peer that was never heard does not count as suspected, in microseconds.
    var neverHeardUSec = 0

    /// The worst, from so many services on that are down, failed or hung.
    var criticalServices: Int?

    /// The state by the number of services that are down, failed or hung.
    func state(failed: Int) -> CheckReport.State {
        if let criticalServices, failed >= criticalServices { return .critical }
        return failed > 0 ? .warning : .ok
    }

    /// The state by the number of peers that count as suspected.
    func state(suspected: Int) -> CheckReport.State {
        if let critical, suspected >= critical { return .critical }
        return suspected >= warning ? .warning : .ok
    }
}
