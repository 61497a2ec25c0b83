internal import FailureDetection

/// How large the datagrams to one peer may be, by what it acknowledges of them.
///
/// A path may drop what exceeds its MTU without a word: a tunnel, a firewall that eats the router's ICMP. Then full
/// heartbeats are lost and small pings are answered. So of the last datagrams each one's size is remembered, and when
/// `evidence` large ones in a row were lost while smaller ones were acknowledged, the limit goes down to the size of those.
/// Losses by chance do not look like that: they do not choose by size.
///
/// From time to time one larger datagram is sent to see whether it gets through: a minute after the limit went down, and
/// twice as long after each time that it was lost, up to an hour. It is a heartbeat, and its loss costs one ping.
struct PayloadLimit: Sendable {
    /// The limits, each in bytes of a datagram without the headers of IP and UDP.
    ///
    /// They are those of an ordinary path, of a tunnel in a tunnel, and of the least that IPv4 asks of a host (576). Below
    /// them there is only what a message cannot do without.
    static let steps = [Envelope.maximumLength, 1_000, 500]
    /// How many large datagrams in a row must be lost.
    static let evidence = 12
    /// How many smaller ones must be acknowledged meanwhile, the latest of them too.
    static let counterevidence = 4
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
    /// For each class of sizes, the largest first, how many in a row were lost, and how many arrived meanwhile.
    ///
    /// A datagram that arrives shows that its size gets through, and smaller ones with it.
    private var losses = InlineArray<4, Int>(repeating: 0)
    private var arrivals = InlineArray<4, Int>(repeating: 0)
    private var smallestLost = Int.max
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
            let hasArrived = ack.bitmap >> (ack.highest - 1 - sequence) & 1 == 1
            judge(sequence, size: Int(known & 0xFFFF), hasArrived: hasArrived, least: least, at: now)
        }
        return level != before
    }

    private mutating func judge(_ sequence: UInt64, size: Int, hasArrived: Bool, least: Int, at now: Instant)
    {
        if sequence == probe { return judgeProbe(hasArrived: hasArrived, at: now) }
        let kind =
            Self.steps.indices.last { size <= Self.bytes(at: $0 + 1, least: least) }.map { $0 + 1 } ?? 0
        if hasArrived {
            arrivals[kind] += 1
            for smaller in kind...Self.steps.count { losses[smaller] = 0 }
            if kind <= level { forget() }
        } else {
            losses[kind] += 1
            smallestLost = kind <= level ? min(smallestLost, size) : smallestLost
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

    /// Brings the limit down to the largest class that gets through, if there is the evidence that what is larger does
    /// not.
    private mutating func lower(at now: Instant) {
        var lostAbove = 0
        for kind in level..<Self.steps.count {
            lostAbove += losses[kind]
            guard lostAbove >= Self.evidence, losses[kind + 1] == 0,
                arrivals[kind + 1] >= Self.counterevidence
            else { continue }
            lost = smallestLost
            level = kind + 1
            nextProbe = now + pause
            probe = nil
            return forget()
        }
    }

    private mutating func forget() {
        losses = InlineArray(repeating: 0)
        arrivals = InlineArray(repeating: 0)
        smallestLost = .max
    }
}
