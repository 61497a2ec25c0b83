/// Checks whether logs can be what really happened.
///
/// Every process's events are numbered 1, 2, 3, …; clocks only grow; an event's clock contains what the clocks of its causes contain; and
/// whatever is learnt is learnt by receiving one message. An honest daemon's logs pass all of it. What is missing is
/// reported as missing, and rules that need it are not applied.
public struct Verification: Sendable {
    /// What was found, by process and number.
    public private(set) var findings: [Finding] = []

    private let history: LogHistory
    private let causes: Causes
    private let witnesses: Witnesses

    /// Checks all of a history.
    public init(_ history: LogHistory) {
        self.history = history
        causes = Causes(history)
        witnesses = Witnesses(history)
        for process in history.processes.indices { findMissing(at: process) }
        for (event, other) in history.contradictions { add(.contradiction(other: other), at: event) }
        for event in history.circular { add(.circular, at: event) }
        for event in history.events.indices { check(event) }
        findings.sort { left, right in
            (left.event.process, left.event.counter) < (right.event.process, right.event.counter)
        }
    }

    private mutating func add(_ problem: Finding.Problem, at index: Int) {
        let event = history.events[index]
        findings.append(Finding(event: event.entry.event, place: event.place, problem: problem))
    }

    private mutating func findMissing(at process: Int) {
        var next: UInt64 = 1
        for index in history.spans[process] {
            let (counter, lost) = (history.events[index].counter, history.events[index].entry.lost)
            // The writer's own account ends right before the entry that gives it.
            let firstLost = max(next, counter > lost ? counter - lost : 1)
            if firstLost > next { addMissing(next...(firstLost - 1), at: process) }
            if counter > firstLost {
                let isBeforeStart = history.events[index].entry.kind == .start
                add(.lost(firstLost...(counter - 1), isBeforeStart: isBeforeStart), of: process)
            }
            next = max(next, counter + 1)
        }
        let latest = history.latestKnown[process]
        guard latest >= next else { return }
        if let successor = successor(ofKilled: process) {
            add(.killed(next...latest, next: successor), of: process)
        } else {
            addMissing(next...latest, at: process)
        }
    }

    /// The incarnation after one that has a log and no planned end in it; `nil` when there is none.
    private func successor(ofKilled process: Int) -> ProcessName? {
        guard let next = history.successor(of: process), let last = history.spans[process].last else {
            return nil
        }
        let hasStopped = history.events[history.spans[process]].contains { $0.entry.kind == .stop }
        return hasStopped || history.events[last].entry.kind == nil ? nil : history.processes[next]
    }

    private mutating func addMissing(_ range: ClosedRange<UInt64>, at process: Int) {
        let namedBy = witnesses.first(naming: range.lowerBound, of: process).map {
            history.events[$0].entry.event
        }
        add(.missing(range, namedBy: namedBy), of: process)
    }

    /// Reports events that are not there.
    private mutating func add(_ problem: Finding.Problem, of process: Int) {
        let first: UInt64? =
            switch problem {
            case .missing(let range, _), .lost(let range, _), .killed(let range, _): range.lowerBound
            default: nil
            }
        guard let first else { return }
        findings.append(
            Finding(event: EventName(history.processes[process], first), place: nil, problem: problem))
    }

    private mutating func check(_ index: Int) {
        checkIncarnations(index)
        checkMemory(index)
        let advanced = causes.advanced(at: index)
        checkClosure(index, advanced)
        checkCause(index, advanced)
    }

    private func name(_ cell: ClockCell) -> EventName {
        EventName(history.processes[Int(cell.process)], cell.counter)
    }

    private mutating func checkIncarnations(_ index: Int) {
        let process = history.events[index].process
        for cell in history.logged[index]
        where history.earlierIncarnations[Int(cell.process)].contains(process) {
            add(.knowsLaterIncarnation(name(cell)), at: index)
        }
    }
}

extension Verification {
    /// Nothing is forgotten, but for a incarnation that gave way to a later one, and peers that a new
    /// configuration removed.
    private mutating func checkMemory(_ index: Int) {
        guard let previous = causes.previous(of: index), history.events[index].entry.form == .full,
            history.events[previous].entry.form == .full, history.events[index].entry.kind != .config
        else { return }
        for cell in history.logged[previous] {
            let process = Int(cell.process)
            guard history.logged.counter(index, of: process) < cell.counter else { continue }
            let hasGivenWay = history.logged[index].contains {
                history.supersedes(Int($0.process), process)
            }
            if !hasGivenWay { add(.forgotten(lost: name(cell)), at: index) }
        }
    }

    /// An event's clock contains what the clocks of its causes contain.
    private mutating func checkClosure(_ index: Int, _ advanced: [ClockCell]) {
        guard history.events[index].entry.form == .full else { return }
        for cell in advanced {
            guard let named = history.event(cell), history.events[named].entry.form == .full else {
                continue
            }
            for known in history.logged[named]
            where history.known(index, of: Int(known.process)) < known.counter {
                add(.notClosed(named: name(cell), unknown: name(known)), at: index)
            }
        }
    }

    /// What is learnt at an event comes from one message; this can only be known when the event before it is there.
    private mutating func checkCause(_ index: Int, _ advanced: [ClockCell]) {
        let event = history.events[index]
        if let from = event.entry.from { checkSending(from, index) }
        guard event.counter == 1 || isDirectlyPreceded(index), event.entry.form == .full else { return }
        guard let first = advanced.first else { return }
        if event.entry.from != nil {
            guard let sending = event.sending.flatMap({ history.event($0) }), history.events[sending].isExact
            else { return }
            for cell in advanced where history.known(sending, of: Int(cell.process)) < cell.counter {
                add(.unexplained(name(cell)), at: index)
            }
        } else if let continued = event.continued {
            checkContinued(continued, index, advanced)
        } else if event.entry.kind == nil || event.entry.kind == .receive {
            checkSingleCause(index, advanced)
        } else if event.entry.kind == .config {
            for cell in advanced where !wasKnown(cell, before: index) {
                add(.learntWithoutReceive(name(cell)), at: index)
            }
        } else {
            add(.learntWithoutReceive(name(first)), at: index)
        }
    }

    /// Whether a process had known of an event already, or may have in events that are not there: a reload that adds a peer again brings
    /// back what was known of it.
    private func wasKnown(_ cell: ClockCell, before index: Int) -> Bool {
        var place = index
        while let previous = causes.previous(of: place) {
            if history.known(previous, of: Int(cell.process)) >= cell.counter { return true }
            place = previous
        }
        return history.events[place].counter > 1
    }

    /// A renewed incarnation begins with what the incarnation that it continues knew, and with nothing else.
    private mutating func checkContinued(_ former: ClockCell, _ index: Int, _ advanced: [ClockCell]) {
        guard let last = history.event(former), history.events[last].isExact else { return }
        for cell in advanced where history.known(last, of: Int(cell.process)) < cell.counter {
            add(.unexplained(name(cell)), at: index)
        }
    }

    private func isDirectlyPreceded(_ index: Int) -> Bool {
        guard let previous = causes.previous(of: index) else { return false }
        let event = history.events[previous]
        return event.counter + 1 == history.events[index].counter && event.entry.form == .full
    }

    private mutating func checkSending(_ from: EventName, _ index: Int) {
        guard history.events[index].entry.form == .full, let process = history.process(from.process) else {
            return
        }
        let hasLaterIncarnation = history.logged[index].contains {
            history.supersedes(Int($0.process), process)
        }
        if history.logged.counter(index, of: process) < from.counter, !hasLaterIncarnation {
            add(.sendingUnknown(from), at: index)
        }
    }

    /// For logs that do not name the sending: of what rose, one event must know all the rest.
    private mutating func checkSingleCause(_ index: Int, _ advanced: [ClockCell]) {
        let events = advanced.compactMap { history.event($0) }
        guard events.count == advanced.count else { return }
        let direct = events.filter { event in
            !events.contains { $0 != event && history.precedesOrIs(event, $0) }
        }
        guard direct.count > 1 else { return }
        add(
            .severalCauses(history.events[direct[0]].entry.event, history.events[direct[1]].entry.event),
            at: index)
    }
}
