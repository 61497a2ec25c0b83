/// A suspicion in the logs, and whether it was right.
public struct LoggedSuspicion: Sendable, Hashable {
    /// What the logs prove about a suspicion.
    public enum Outcome: Sendable, Hashable {
        /// The suspect acted after it was suspected, in the same incarnation: here is such an event.
        ///
        /// Its clock names the suspicion, so it came after; no clock of a wall was needed to know.
        case provedFalse(by: EventName)
        /// The suspect has begun a new incarnation, or a process that continues this one: it did stop, before the suspicion or
        /// after.
        case restarted(as: ProcessName)
        /// The logs prove neither.
        case undecided
    }

    /// The position of the suspicion in the history.
    public var event: Int
    /// The suspect, with its incarnation where known.
    public var suspect: ProcessName
    /// The position in `processes` of the suspect's incarnation; `nil` when no log has or names it.
    public var process: Int?
    /// The position of the event that ended it: trust, another cause, or a planned leave; `nil` while it lasts.
    public var end: Int?
    /// Whether it was right.
    public var outcome: Outcome
}

extension LogHistory {
    /// Every suspicion in the logs, in the history's order, and what the logs prove about it.
    public func suspicions() -> [LoggedSuspicion] {
        order.compactMap { index in
            guard events[index].entry.kind == .suspect, let peer = events[index].entry.peer else {
                return nil
            }
            let process = suspectedIncarnation(peer, at: index)
            let suspect = process.map { processes[$0] } ?? peer
            return LoggedSuspicion(
                event: index, suspect: suspect, process: process, end: end(of: index, peer: peer),
                outcome: outcome(of: index, process: process))
        }
    }

    /// The incarnation that was suspected: the one named, or else the latest that the suspecting event knew.
    private func suspectedIncarnation(_ peer: ProcessName, at index: Int) -> Int? {
        if peer.epoch != nil { return process(peer) }
        if let process = process(peer), known(index, of: process) > 0 { return process }
        return processes.indices.last { processes[$0].host == peer.text && known(index, of: $0) > 0 }
    }

    private func end(of index: Int, peer: ProcessName) -> Int? {
        events[(index + 1)..<spans[events[index].process].upperBound].indices.first { later in
            let entry = events[later].entry
            guard entry.peer?.host == peer.host else { return false }
            return entry.kind == .trust || entry.kind == .suspect || entry.kind == .leave
        }
    }

    /// Whether another process continues an incarnation: it starts after the event `counter`, and no later than the event at `end`.
    private func isContinued(_ process: Int, after counter: UInt64, upTo end: Int) -> Bool {
        let span = spans[process]
        return events[span.lowerBound..<min(end + 1, span.upperBound)].contains {
            $0.entry.kind == .start && $0.counter > max(counter, 1)
        }
    }

    private func outcome(of index: Int, process: Int?) -> LoggedSuspicion.Outcome {
        guard let process else { return .undecided }
        let suspicion = events[index]
        let span = spans[process]
        // What a process knows only grows, so its first event that knows the suspicion is found by halving.
        let proof = span.partitioningIndex { known($0, of: suspicion.process) >= suspicion.counter }
        if isContinued(process, after: known(index, of: process), upTo: proof) {
            return .restarted(as: processes[process])
        }
        if proof < span.upperBound { return .provedFalse(by: events[proof].entry.event) }
        guard let next = successor(of: process) else { return .undecided }
        return .restarted(as: processes[next])
    }
}
