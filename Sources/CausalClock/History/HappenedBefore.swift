/// How two logged events stand to each other.
public enum LoggedOrder: String, Sendable, BitwiseCopyable {
    /// The first may have influenced the second, or is of an earlier incarnation of its host.
    case before
    /// The second may have influenced the first, or is of an earlier incarnation of its host.
    case after
    /// Neither can have influenced the other.
    case concurrent
    /// They are one event.
    case same
    /// The logs do not say: too much is missing.
    case unknown
}

extension LogHistory {
    /// How the event `left` stands to the event `right`.
    ///
    /// An event that is missing can be placed all the same: between the events before and after it in its process.
    /// What is returned is proved by the logs, if they are true; all but `.unknown`.
    public func order(of left: EventName, to right: EventName) -> LoggedOrder {
        if left == right { return .same }
        if left.process == right.process { return left.counter < right.counter ? .before : .after }
        switch (precedes(left, right), precedes(right, left)) {
        case (true, _): return .before
        case (_, true): return .after
        case (false, false): return .concurrent
        default: return .unknown
        }
    }

    /// Whether `cause` could have influenced `effect`; `nil` when the logs do not say.
    private func precedes(_ cause: EventName, _ effect: EventName) -> Bool? {
        guard let from = process(cause.process), let to = process(effect.process) else { return nil }
        if earlierIncarnations[to].contains(from) { return true }
        // What the latest present event up to the effect knew, the effect knew.
        if let known = floor(effect.counter, at: to), self.known(known, of: from) >= cause.counter {
            return true
        }
        // What the earliest present event from the effect on did not know, the effect did not know.
        if earlierIncarnations[from].contains(to) { return false }
        guard let ceiling = ceiling(effect.counter, at: to), events[ceiling].isExact else { return nil }
        return self.known(ceiling, of: from) < cause.counter ? false : nil
    }

    private func ceiling(_ counter: UInt64, at process: Int) -> Int? {
        let span = spans[process]
        let index = events[span].partitioningIndex { $0.counter >= counter }
        return index < span.upperBound ? index : nil
    }
}
