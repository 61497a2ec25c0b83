/// One event in a log: what happened, where, and what could have influenced it.
///
/// In the file an entry is two lines, which ShiViz and GoVector's tools read as they are:
///
///     n1@87654321 {"n1@87654321":42, "n2@87650000":17}
///     2026-11-22T19:40:11.123456Z SUSPECT peer=n2@87650000 cause=link certainty=proved silent for 3.0 s
public struct CausalLogEntry: Sendable, Hashable {
    /// How much of the event's vector clock is in the entry.
    public enum ClockForm: String, Sendable, BitwiseCopyable, CaseIterable {
        /// All of it.
        case full
        /// What rose with this event; the rest is in the entry before.
        case delta
        /// Some of it. The rest has to be found through `from`.
        case partial
    }

    /// Which event it is.
    public var event: EventName
    /// The latest event of every other process that could have influenced it, in ascending order of name.
    public var clock: [EventName]
    /// How much of the clock that is.
    public var form: ClockForm
    /// The wall clock of its host, in microseconds since 1970; `nil` when the log does not say.
    public var timeUSec: Int64?
    /// What it was; `nil` in logs of other programs.
    public var kind: LoggedEventKind?
    /// For a receive, the sending.
    public var from: EventName?
    /// For the first event of a renewed incarnation, the last event of the incarnation that it continues with
    /// all that was known then.
    public var after: EventName?
    /// The peer that it is about, with its incarnation where known.
    public var peer: ProcessName?
    /// The cause of a suspicion, one word.
    public var cause: String?
    /// How sure the cause is, one word.
    public var certainty: String?
    /// How many events right before it were never written, by the writer's own account.
    public var lost: UInt64 = 0
    /// What there is to say for people.
    public var text: String

    /// Gathers an entry.
    ///
    /// - Parameters:
    ///   - event: which event it is.
    ///   - clock: the entries of other processes, in any order.
    ///   - form: how much of the clock that is.
    ///   - timeUSec: the wall clock in microseconds since 1970.
    ///   - kind: what it was.
    ///   - from: for a receive, the sending.
    ///   - peer: which host it is about.
    ///   - text: what there is to say for people.
    public init(
        _ event: EventName, clock: [EventName] = [], form: ClockForm = .full, timeUSec: Int64? = nil,
        kind: LoggedEventKind? = nil, from: EventName? = nil, peer: ProcessName? = nil, text: String = ""
    ) {
        self.event = event
        self.clock = clock.sorted { $0.process < $1.process }
        self.form = form
        self.timeUSec = timeUSec
        self.kind = kind
        self.from = from
        self.peer = peer
        self.text = text
    }

    /// Gathers an entry of suspectd's own.
    ///
    /// - Parameters:
    ///   - dot: which event it is.
    ///   - entries: the clock's entries of other hosts, ascending; for `.delta` those that rose with this event.
    ///   - form: how much of the clock that is.
    ///   - timeUSec: the wall clock in microseconds since 1970.
    ///   - kind: what it was.
    ///   - from: for a receive, the sending.
    ///   - text: what there is to say for people.
    public init(
        _ dot: Dot, entries: [Dot], form: ClockForm, timeUSec: Int64, kind: LoggedEventKind, from: Dot? = nil,
        text: String
    ) {
        event = EventName(dot)
        clock = entries.map { EventName($0) }
        self.form = form
        self.timeUSec = timeUSec
        self.kind = kind
        self.from = from.map { EventName($0) }
        self.text = text
    }
}
