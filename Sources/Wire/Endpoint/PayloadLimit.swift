internal import FailureDetection

/// How large the datagrams to one peer may be, by what it acknowledges of them.
///
/// A path may drop what exceeds its MTU without a word: a tunnel, a firewall that drops the router's ICMP. Then full
/// heartbeats are lost and small pings are answered. So the size of each recent datagram is remembered, and when it has
/// happened `evidence` times in a row that a large one was lost and a smaller one arrived after it, the limit goes down to
/// the size of those. An outage does not look like that, however long: it ends once. Nor do random losses: they take
/// small datagrams as well, each of which takes back one of those times, and the first large one that arrives all.
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
    /// How many later datagrams must have been acknowledged before one counts as lost; see `LinkSender`.
    private static let reorderingAllowance: UInt64 = 8

    /// Which of the `steps` holds, or their number: then only what is needed is sent.
    private(set) var level = 0
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

    /// The limit at a level, when no message can be shorter than `least`.
    static func bytes(at level: Int, least: Int) -> Int {
        level < steps.count ? max(steps[level], least) : least
    }

    /// The most bytes of a datagram that is sent now: `smaller` levels below what is allowed, `least` in any case.
    func bytes(at now: Instant, smaller: Int = 0, least: Int) -> Int {
        let isProbing = smaller == 0 && level > 0 && probe == nil && now >= nextProbe
        return Self.bytes(at: isProbing ? level - 1 : level + smaller, least: least)
    }

    /// Notes a datagram that is sent.
    mutating func sent(_ sequence: UInt64, size: Int, least: Int) {
        sizes[Int(sequence & 63)] = sequence << 16 | UInt64(size)
        if level > 0, probe == nil, size > Self.bytes(at: level, least: least) { probe = sequence }
    }

    /// Learns what the peer got.
    ///
    /// - Returns: whether the limit has changed.
    mutating func learn(_ ack: LinkAcknowledgement, least: Int, at now: Instant) -> Bool {
        guard ack.highest > Self.reorderingAllowance else { return false }
        let mature = ack.highest - Self.reorderingAllowance
        let first = max(judged + 1, ack.highest > 64 ? ack.highest - 64 : 1)
        guard mature >= first else { return false }
        judged = mature
        let before = level
        for sequence in first...mature {
            let known = sizes[Int(sequence & 63)]
            guard known >> 16 == sequence else { continue }
            judge(
                sequence, size: Int(known & 0xFFFF), hasArrived: ack.includes(sequence), least: least, at: now
            )
        }
        return level != before
    }

    private mutating func judge(_ sequence: UInt64, size: Int, hasArrived: Bool, least: Int, at now: Instant)
    {
        if sequence == probe { return judgeProbe(hasArrived: hasArrived, at: now) }
        for index in Self.steps.indices {
            let isLarge = size > Self.bytes(at: index + 1, least: least)
            cases[index].note(size: size, isLarge: isLarge, hasArrived: hasArrived)
        }
        lower(at: now)
    }

    private mutating func judgeProbe(hasArrived: Bool, at now: Instant) {
        probe = nil
        forget()
        if hasArrived {
            level -= 1
            pause = Self.firstProbe
        } else {
            pause = min(pause * 2, Self.longestPause)
        }
        if level == 0 { lost = nil }
        nextProbe = level == 0 ? .never : now + pause
    }

    /// Brings the limit down to the largest size that gets through, if there is the evidence that what is larger does
    /// not.
    private mutating func lower(at now: Instant) {
        for index in level..<Self.steps.count where cases[index].times >= Self.evidence {
            lost = cases[index].smallest
            level = index + 1
            nextProbe = now + pause
            probe = nil
            return forget()
        }
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
        /// The size of a large datagram that was lost, while no smaller one has arrived after it; 0 if there is none.
        private var undecided = 0

        mutating func note(size: Int, isLarge: Bool, hasArrived: Bool) {
            switch (isLarge, hasArrived) {
            case (true, true): self = Case()
            case (true, false): undecided = size
            case (false, true): count()
            case (false, false): (times, undecided) = (max(times - 1, 0), 0)
            }
        }

        private mutating func count() {
            guard undecided > 0 else { return }
            smallest = times == 0 ? undecided : min(smallest, undecided)
            times += 1
            undecided = 0
        }
    }
}
