import FailureDetection
import Records

@testable import Services

/// One service, driven by inputs at instants, and what was reported of it: each change as one line.
struct Timeline {
    var watch: ServiceWatch
    private(set) var lines: [String] = []
    private(set) var restarts: [ServiceRestart] = []
    private static let start = Instant(nanoseconds: 0) + .seconds(1_000)

    init(hungAfter: TimeSpan? = nil, memory: ServiceMemory? = nil) {
        watch = ServiceWatch(hungAfter: hungAfter, memory: memory, at: Self.start)
    }

    /// The instant so many microseconds after the beginning.
    static func instant(_ microseconds: Int64) -> Instant { start + .microseconds(microseconds) }

    /// Lets time pass up to an instant, and takes an input then; milliseconds, which may be fractions.
    mutating func at(_ milliseconds: Double, _ input: ServiceInput) {
        let now = Self.instant(Int64(milliseconds * 1_000))
        pass(to: now)
        note(watch.handle(input, at: now), at: now)
    }

    /// Lets time pass up to an instant, and sets another time limit then.
    mutating func limit(_ limit: TimeSpan?, at milliseconds: Double) {
        let now = Self.instant(Int64(milliseconds * 1_000))
        pass(to: now)
        note(watch.setHungAfter(limit, at: now), at: now)
    }

    /// Lets time pass.
    mutating func until(_ milliseconds: Double) { pass(to: Self.instant(Int64(milliseconds * 1_000))) }

    private mutating func pass(to now: Instant) {
        while watch.nextDeadline <= now {
            let deadline = watch.nextDeadline
            note(watch.wake(at: deadline), at: deadline)
        }
    }

    private mutating func note(_ change: ServiceChange?, at now: Instant) {
        guard let change else { return }
        if let restart = change.restart { restarts.append(restart) }
        let line = Self.text(change.after)
        if lines.last != line { lines.append(line) }
    }

    /// A status as one line: state, cause, detail, and `!` where it is proved.
    static func text(_ status: ServiceStatus) -> String {
        var words = [status.state.name]
        if status.cause != .none { words.append(status.cause.name) }
        switch status.detail {
        case .none: break
        case .status(let number): words.append("status \(number)")
        case .signal(let number): words.append("signal \(number)")
        case .statusUnknown: words.append("status unknown")
        case .childKilled: words.append("a child was killed")
        case .startsOnDemand: words.append("idle, starts on demand")
        }
        return words.joined(separator: " ") + (status.certainty == .proved ? "!" : "")
    }

    /// Forgets the lines so far.
    mutating func begin() { lines = [] }
}

extension Timeline {
    /// The id of the n-th activation.
    static func id(_ number: UInt64) -> InvocationID { InvocationID(high: 7, low: number) }

    /// A running service of the n-th activation, with main process 100 + n, from time 0.
    static func running(_ number: UInt64 = 1, hungAfter: TimeSpan? = nil) -> Timeline {
        var timeline = Timeline(hungAfter: hungAfter)
        timeline.at(0, .unit(.active, number))
        timeline.begin()
        return timeline
    }
}

extension ServiceInput {
    /// The manager's word on the n-th activation, which has the main process 100 + n unless that is over.
    static func unit(
        _ active: ActiveState, _ number: UInt64, sub: SubState = .other, result: UnitResult = .success,
        end: ProcessEnd = .none, job: UnitJob = .none, change: (inout UnitProperties) -> Void = { _ in }
    ) -> ServiceInput {
        var properties = UnitProperties(active, invocation: Timeline.id(number))
        properties.sub = sub
        properties.result = result
        properties.end = end
        properties.job = job
        properties.mainPID = end == .none && sub != .exited ? 100 + UInt32(number) : 0
        change(&properties)
        return .properties(properties)
    }

    /// The main process of the n-th activation has ended.
    static func exit(_ number: UInt64) -> ServiceInput {
        .exited(pid: 100 + UInt32(number), of: Timeline.id(number))
    }
}
