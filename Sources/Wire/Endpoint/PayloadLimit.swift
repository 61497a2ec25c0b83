internal import FailureDetection

/// How large the datagrams to one peer may be, by what it acknowledges of them.
///
/// A path may drop what exceeds its MTU without a word: a tunnel, a firewall that drops the router's ICMP. Then full
/// heartbeats are lost and small pings are answered. So the size of each recent datagram is remembered, and when it has
/// happened `evidence` times in a row that a large one was lost and a smaller one arrived after it, the limit goes down to
/// the largest of those. An outage does not look like that, however long: it ends once. Nor do random losses: they take
/// small datagrams as well, each of which takes back one of those times, and the first one that arrives and is as large as one
/// that was lost, all.
///
/// From time to time one larger datagram is sent to see whether it gets through: a minute after the limit went down, and
/// twice as long after each time that it was lost, up to an hour. It is a heartbeat, and its loss costs one ping.
struct PayloadLimit: Sendable {
    /// The limits, each in bytes of a datagram without the headers of IP and UDP.
    ///
    /// They are those of an ordinary path, of a tunnel in a tunnel, and of the least that IPv4 asks of a host (576). Below
    /// them there is only what a message cannot do without.
    static let steps = [Envelope.maximumLength, 1_000, 500]
    /// How many times in a row a large datagram must be lost and a smaller one arrive after it.
    static let evidence = 12
    private static let firstProbe = TimeSpan.seconds(60)
    private static let longestPause = TimeSpan.seconds(3_600)

    /// The most bytes of a datagram that may be larger than what a message cannot do without.
    private(set) var limit = Envelope.maximumLength
    /// The smallest datagram of those whose loss brought the limit down; `nil` while it is the highest.
    private(set) var lost: Int?

    /// For each of the last 64 datagrams, its number times 65,536, and its size.
    private var sizes = InlineArray<64, UInt64>(repeating: 0)
    private var judged: UInt64 = 0
    /// For each of the `steps` what is wrong with datagrams larger than the next step.
    private var cases = InlineArray<3, Case>(repeating: Case())
    private var pause = firstProbe
    private var nextProbe = Instant.never
    /// The number of the larger datagram that is under way to see whether it gets through.
    private var probe: UInt64?

    /// Whether the limit is lower than on an ordinary path.
    var isLowered: Bool { larger != nil }

    /// The step that is tried next; `nil` where none is larger.
    private var larger: Int? { Self.steps.last { $0 > limit } }

    /// The most bytes of a datagram, `smaller` steps below what is allowed, when no message can be shorter than `least`.
    func bytes(smaller: Int = 0, least: Int) -> Int {
        guard smaller > 0 else { return max(limit, least) }
        let step = (Self.steps.firstIndex { $0 < limit } ?? Self.steps.count) + smaller - 1
        return step < Self.steps.count ? max(Self.steps[step], least) : least
    }

    /// The most bytes of a datagram that is sent now: `smaller` steps below what is allowed, `least` in any case.
    func bytes(at now: Instant, smaller: Int = 0, least: Int) -> Int {
        if smaller == 0, probe == nil, now >= nextProbe, let larger { return max(larger, least) }
        return bytes(smaller: smaller, least: least)
    }

    /// Notes a datagram that is sent.
    mutating func sent(_ sequence: UInt64, size: Int, least: Int) {
        sizes[Int(sequence & 63)] = sequence << 16 | UInt64(size)
        if isLowered, probe == nil, size > bytes(least: least) { probe = sequence }
    }

    /// Learns what the peer got.
    ///
    /// - Returns: whether the limit has changed.
    mutating func learn(_ ack: LinkAcknowledgement, least: Int, at now: Instant) -> Bool {
        guard let settled = ack.settled(after: judged) else { return false }
        judged = settled.upperBound
        let before = limit
        for sequence in settled {
            let known = sizes[Int(sequence & 63)]
            guard known >> 16 == sequence else { continue }
            judge(
                sequence, size: Int(known & 0xFFFF), hasArrived: ack.includes(sequence), least: least, at: now
            )
        }
        return limit != before
    }

    private mutating func judge(_ sequence: UInt64, size: Int, hasArrived: Bool, least: Int, at now: Instant)
    {
        if sequence == probe { return judgeProbe(hasArrived: hasArrived, at: now) }
        for index in Self.steps.indices {
            cases[index].note(size: size, above: Self.bound(of: index, least: least), hasArrived: hasArrived)
        }
        lower(least: least, at: now)
    }

    private mutating func judgeProbe(hasArrived: Bool, at now: Instant) {
        probe = nil
        forget()
        if hasArrived {
            limit = larger ?? limit
            pause = Self.firstProbe
        } else {
            pause = min(pause * 2, Self.longestPause)
        }
        if !isLowered { lost = nil }
        nextProbe = isLowered ? now + pause : .never
    }

    /// Brings the limit down to the largest size that gets through, if there is the evidence that what is larger does
    /// not.
    private mutating func lower(least: Int, at now: Instant) {
        for index in Self.steps.indices where cases[index].times >= Self.evidence {
            let largest = max(cases[index].largest, Self.bound(of: index, least: least))
            guard largest < limit else { continue }
            (lost, limit) = (cases[index].smallest, largest)
            nextProbe = now + pause
            probe = nil
            return forget()
        }
    }

    /// Above which size a case is about lost datagrams.
    private static func bound(of index: Int, least: Int) -> Int {
        index + 1 < steps.count ? max(steps[index + 1], least) : least
    }

    private mutating func forget() { cases = InlineArray(repeating: Case()) }
}

extension PayloadLimit {
    /// What is wrong with datagrams above one size.
    private struct Case {
        /// How many times in a row a large datagram was lost and a smaller one arrived after it.
        private(set) var times = 0
        /// The size of the smallest large datagram of those times, in bytes; 0 before the first.
        private(set) var smallest = 0
        /// The size of the largest datagram that arrived since the first of those times, in bytes.
        private(set) var largest = 0
        /// The size of a large datagram that was lost, while no smaller one has arrived after it; 0 if there is none.
        private var undecided = 0

        /// Notes a datagram; one that is larger than `bound` is large, unless one of its size has arrived.
        mutating func note(size: Int, above bound: Int, hasArrived: Bool) {
            if hasArrived {
                guard size <= bound || size < smallestLost else { return self = Case() }
                largest = max(largest, size)
                count()
            } else if size > max(bound, largest) {
                undecided = undecided == 0 ? size : min(undecided, size)
            } else {
                (times, undecided) = (max(times - 1, 0), 0)
            }
        }

        /// The size of the smallest large datagram that was lost; 0 if there is none.
        private var smallestLost: Int {
            guard times > 0, undecided > 0 else { return max(times > 0 ? smallest : 0, undecided) }
            return min(smallest, undecided)
        }

        private mutating func count() {
            guard undecided > 0 else { return }
            smallest = times == 0 ? undecided : min(smallest, undecided)
            times += 1
            undecided = 0
        }
    }
}
