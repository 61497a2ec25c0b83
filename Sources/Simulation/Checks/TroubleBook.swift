package import FailureDetection

/// Of which host, and of which links, nothing can be expected at what time.
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
    /// Which hosts have other settings than their cluster, and when.
    private var retuned: [(host: Int, begins: Instant, ends: Instant)] = []
    /// Which hosts or links may hide the end of a peer for longer than its observer says.
    private var hidden: [Window] = []
    /// Hosts whose identity is abused at some time: what others report of their events may be untrue.
    private var impersonated: [Int] = []
    /// Hosts in whose name others write records at some time, and hosts that lie themselves.
    private var forged: [Int] = []
    /// Hosts of whose services others may hold what is forged, and when.
    private var obscured: [(host: Int, begins: Instant, ends: Instant)] = []
    /// The longest that a datagram may be under way, whatever goes wrong.
    package private(set) var longestDelay: TimeSpan
    /// Whether datagrams may be lost.
    package let areLossy: Bool

    /// Notes the trouble of every fault of a plan, and the time afterwards until all is as before.
    package init(_ plan: FaultPlan) {
        longestDelay = plan.settings.link.longestDelay
        areLossy = plan.settings.link.loss > 0 || !plan.faults.isEmpty
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
            note(planned, until: ends, of: nodes)
        }
    }

    private mutating func note(_ planned: PlannedFault, until ends: Instant, of nodes: Int) {
        note(planned.fault)
        if let host = planned.fault.obscuredHost { obscured.append((host, planned.begins, ends)) }
        if case .reload(let hosts, let reload) = planned.fault, reload.changesPatience {
            retuned += hosts.map { ($0, planned.begins, ends) }
        }
        for (first, second) in planned.fault.hides(of: nodes) {
            hidden.append(Window(first: first, second: second, begins: planned.begins, ends: ends))
        }
    }

    private mutating func note(_ fault: Fault) {
        switch fault {
        case .clone(let host): impersonated.append(host)
        case .lie(let liar, let host):
            impersonated.append(host)
            // What it says may contradict itself.
            forged.append(liar)
        case .forgedRecords(_, let host, _, _): forged.append(host)
        case .slow(_, _, let by), .reordering(_, _, _, let by), .steps(_, _, let by, _),
            .bloat(_, _, let by):
            longestDelay = longestDelay + by
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

    /// Whether two hosts have the settings of their cluster all the time in a span.
    package func isRetuned(_ first: Int, _ second: Int, from: Instant, to: Instant) -> Bool {
        retuned.contains { ($0.host == first || $0.host == second) && $0.begins <= to && from <= $0.ends }
    }

    /// Whether an observer may find the end of a peer later than it says, at some time in a span.
    package func mayHide(_ peer: Int, from observer: Int, since: Instant, to: Instant) -> Bool {
        hidden.contains { $0.begins <= to && since <= $0.ends && $0.covers(observer, peer) }
    }

    /// Whether any host pretends to be another one.
    package var hasImpersonation: Bool { !impersonated.isEmpty }

    /// Whether others may hold of the host's services what is forged, at some time in a span.
    package func isObscured(_ host: Int, from: Instant, to: Instant) -> Bool {
        obscured.contains { $0.host == host && $0.begins <= to && from <= $0.ends }
    }

    /// Whether others write in the name of the host, as another process or in its records, or it lies itself.
    package func isSpokenFor(_ host: Int) -> Bool { isImpersonated(host) || forged.contains(host) }

    /// Whether another process pretends to be the host.
    package func isImpersonated(_ host: Int) -> Bool { impersonated.contains(host) }
}

extension Fault {
    /// The host whose records the others may not believe, for what is forged is later or in a later incarnation.
    fileprivate var obscuredHost: Int? {
        switch self {
        case .lie(_, let host): host
        case .forgedRecords(_, let host, let lie, let rate): lie.obscures(perSecond: rate) ? host : nil
        default: nil
        }
    }
}
