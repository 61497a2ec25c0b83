/// A rule that may put the verdict on a silent peer off, beyond its deadline and the pings of a link that loses nothing.
///
/// One list for three uses: `Monitor.allowance(by:to:at:)` asks each rule when the pings are over, `WorstSilence` adds up what each
/// may take at most, which is BOUND and the bound of the simulator, and `Evidence.postponements` says what each has taken. The
/// switches over it have no default, so a rule without a bound does not compile. The order is that in which the rules are asked
/// and added up.
public enum VerdictRule: Int, Sendable, BitwiseCopyable, CaseIterable {
    /// A report that its port is closed began the pings early; they rest until its heartbeat is overdue (`MonitorUnreachable`).
    case closedPort
    /// The link loses messages, so there are more pings (`Peer.plannedRound`).
    case losses
    /// Whether most peers are silent, and the fault this node's, is about to show (`SilentCohort`).
    case others
    /// Pings never left this node and are sent now (`MonitorUnsent`).
    case unsent
    /// It acknowledges late (`AcknowledgementLag`).
    case lateAnswer
    /// Its next heartbeat is due soon.
    case nextHeartbeat
    /// Others hear it, on a link that loses messages.
    case heardByOthers
    /// This node was slow itself (`LagScore`).
    case ownLag
    /// This node reads late what has arrived (`ReceiveLag`).
    case lateReads
}

/// What one rule grants a silent peer.
struct Allowance: Sendable, BitwiseCopyable {
    /// Which rule.
    var rule: VerdictRule
    /// Until when there is no verdict; then all rules are asked again.
    var until: Instant
}

/// By how much a rule has put one verdict off.
public struct Postponement: Sendable, BitwiseCopyable, Hashable {
    /// Which rule.
    public var rule: VerdictRule
    /// By how much; positive.
    public var duration: TimeSpan

    /// Gathers what a rule did.
    public init(rule: VerdictRule, duration: TimeSpan) {
        self.rule = rule
        self.duration = duration
    }
}

/// By how much each rule has put the verdict on one silence off.
struct Postponements: Sendable, BitwiseCopyable {
    /// One for each rule: a value that can be copied bit by bit knows the number only in writing.
    private var durations = InlineArray<9, TimeSpan>(repeating: .zero)

    /// By how much a rule has; zero if it has not.
    subscript(rule: VerdictRule) -> TimeSpan {
        get { durations[rule.rawValue] }
        set { durations[rule.rawValue] = newValue }
    }

    /// The rules that have, in their order.
    var list: [Postponement] {
        VerdictRule.allCases.filter { self[$0] > .zero }.map { Postponement(rule: $0, duration: self[$0]) }
    }
}
