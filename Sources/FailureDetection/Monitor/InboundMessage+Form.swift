internal import CausalClock

extension InboundMessage {
    /// Whether it is such as `Monitor` takes: numbers within their limits, lists in ascending order.
    ///
    /// A message that was read from bytes is checked by this before it is handed over; what `Monitor.message(for:at:)`
    /// composes is well-formed.
    public var isWellFormed: Bool {
        let numbers = 1...VectorClock.maximumCounter
        return numbers.contains(dot.counter) && numbers.contains(sequence)
            && acknowledgement.highest <= VectorClock.maximumCounter
            && min(sent.nanoseconds, interval.nanoseconds, acknowledgement.delay.nanoseconds) >= 0
            && hasPossibleForm && hasPossibleEntries && hasPossibleTestimonies
    }

    private var hasPossibleForm: Bool {
        if case .pong(_, let waited) = body, waited < .zero { return false }
        switch clockForm {
        case .full: return true
        case .delta(let base): return (1...dot.counter).contains(base)
        case .partial(let base, let through): return base <= through && through <= dot.counter
        }
    }

    private var hasPossibleEntries: Bool {
        clock.count <= VectorClock.maximumEntries && Self.isAscending(clock.map(\.host))
            && clock.allSatisfy {
                $0.host != dot.host && (1...VectorClock.maximumCounter).contains($0.counter)
            }
            && Self.isAscending(lowerBounds) && lowerBounds.allSatisfy { entry(of: $0) != nil }
    }

    private var hasPossibleTestimonies: Bool {
        testimonies.count <= Testimony.maximumCount && Self.isAscending(testimonies.map(\.subject.host))
            && testimonies.allSatisfy {
                $0.subject.host != dot.host && $0.age >= .zero
                    && max($0.subject.counter, $0.knownOfYou, $0.gotOfYou) <= VectorClock.maximumCounter
            }
    }

    private static func isAscending(_ hosts: [HostID]) -> Bool {
        zip(hosts, hosts.dropFirst()).allSatisfy { $0 < $1 }
    }
}
