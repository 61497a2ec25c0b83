package import FailureDetection

/// Of whom, and of which links, nothing can be expected at what time.
package struct TroubleBook: Sendable {
    private struct Window: Sendable {
        var first: Int
        /// The other end of a link; the same as `first` for a host.
        var second: Int
        /// Whether only what others think of the host is excused, and not what it thinks of others.
        var isOneSided = false
        var begins: Instant
        var ends: Instant

        func covers(_ observer: Int, _ peer: Int) -> Bool {
            guard first != second else { return first == peer || (first == observer && !isOneSided) }
            return (first == observer && second == peer) || (first == peer && second == observer)
        }
    }

    private var windows: [Window] = []
    /// Hosts whose identity is abused at some time: what others tell of their events may be untrue.
    private var impersonated: [Int] = []
    /// The longest that a datagram may be under way, whatever goes wrong.
    package private(set) var longestDelay: TimeSpan

    /// Notes the trouble of every fault of a plan, and the time afterwards until all is as before.
    package init(_ plan: FaultPlan) {
        longestDelay = plan.settings.link.longestDelay
        let nodes = plan.settings.nodes
        for planned in plan.faults {
            let (begins, ends) = (planned.begins, planned.isOver + plan.settings.settling)
            let hosts = planned.fault.troubled(of: nodes).map { ($0, $0) }
            let isOneSided = planned.fault.leavesJudgement
            for (first, second) in hosts + planned.fault.troubledLinks(of: nodes) {
                windows.append(
                    Window(
                        first: first, second: second, isOneSided: isOneSided, begins: begins, ends: ends))
            }
            note(planned.fault)
        }
    }

    private mutating func note(_ fault: Fault) {
        switch fault {
        case .clone(let host), .lie(_, let host): impersonated.append(host)
        case .slow(_, _, let by), .reordering(_, _, _, let by): longestDelay = longestDelay + by
        default: break
        }
    }

    /// Whether trouble explains what an observer thinks of a peer at some time in a span.
    package func excuses(_ observer: Int, about peer: Int, from: Instant, to: Instant) -> Bool {
        windows.contains { $0.begins <= to && from <= $0.ends && $0.covers(observer, peer) }
    }

    /// Whether there is trouble at either of two hosts, or between them, at some time in a span.
    package func touch(_ first: Int, _ second: Int, from: Instant, to: Instant) -> Bool {
        excuses(first, about: second, from: from, to: to) || excuses(second, about: first, from: from, to: to)
    }

    /// Whether somebody pretends to be the host.
    package func isImpersonated(_ host: Int) -> Bool { impersonated.contains(host) }
}
