/// What a host has received directly from one peer, by the peer's link sequence numbers.
///
/// Every destination has a counter of its own, so a gap is a loss (or a datagram still under way) however often the
/// sender's vector clock ticks. The window is that of IPsec's replay protection (RFC 4303, section 3.4.3): the
/// highest number and a bitmap of the 64 before it. The same pair is what is acknowledged to the peer.
struct LinkReceiver: Sendable, BitwiseCopyable {
    /// What a sequence number says about the datagram that carries it.
    enum Order: Sendable {
        /// Higher than every one before.
        case fresh
        /// Lower than the highest, and not seen before.
        case reordered
        /// Seen before.
        case duplicate
        /// So much lower that it cannot be known whether it was seen before.
        case outdated
    }

    /// The highest number received; 0 before the first.
    private(set) var highest: UInt64 = 0
    /// Bit *i* is set when `highest − 1 − i` was received.
    private(set) var bitmap: UInt64 = 0
    /// When the highest arrived.
    private(set) var highestArrival = Instant(nanoseconds: 0)
    /// When the peer sent it, by its clock.
    private(set) var highestSent = Instant(nanoseconds: 0)
    /// Losses in the direction from the peer to us.
    private(set) var loss = LossRate()
    /// The same over a longer time, with the bursts that they come in.
    private(set) var losses = LossCounter()
    /// Up to this number it is not counted what was lost, for its loss was reported as a suspicion.
    private var uncounted: UInt64 = 0

    /// Until when no process of this node read; `nil` once the peer was heard since.
    private var awayUntil: Instant?
    /// Up to this number nothing was lost on the way: we were not there to receive it.
    private var absent: UInt64 = 0

    /// A receiver that has received nothing, on a path that loses as it did before.
    init(losses: LossCounter = LossCounter()) { self.losses = losses }

    /// What was received, to be kept.
    var received: ReceivedLink {
        var link = ReceivedLink()
        (link.highest, link.bitmap, link.loss) = (highest, bitmap, loss.counts)
        (link.arrival, link.sent) = (highestArrival, highestSent)
        return link
    }

    /// Continues with what was kept.
    mutating func resume(_ link: ReceivedLink) {
        (highest, bitmap) = (link.highest, link.bitmap)
        (highestArrival, highestSent) = (link.arrival, link.sent)
        loss.resume(link.loss)
    }

    /// What a datagram of this number would be.
    func order(of sequence: UInt64) -> Order {
        guard sequence <= highest else { return .fresh }
        guard sequence < highest else { return .duplicate }
        let offset = highest - 1 - sequence
        guard offset < 64 else { return .outdated }
        return bitmap >> offset & 1 == 1 ? .duplicate : .reordered
    }

    /// How many between a number and the highest were not received; as many as there are where that is not known any
    /// more.
    func missing(since sequence: UInt64) -> Int64 {
        guard sequence < highest else { return 0 }
        let between = highest - sequence - 1
        guard between < 64 else { return Int64(clamping: between) }
        return Int64(between) - Int64((bitmap & ((1 << between) - 1)).nonzeroBitCount)
    }

    /// Notes a datagram and says what it is; a duplicate or outdated one changes nothing.
    ///
    /// What was lost before it counts only with `isCounted`: a silence that was reported as a suspicion, or that was our own,
    /// says nothing of the path. The peer sends something every `interval`, at the latest.
    mutating func receive(
        _ sequence: UInt64, at arrival: Instant, sent: Instant = Instant(nanoseconds: 0),
        isCounted: Bool = true, interval: TimeSpan = .zero
    ) -> Order {
        let order = order(of: sequence)
        switch order {
        case .fresh:
            advance(to: sequence, at: arrival, isCounted: isCounted, interval: interval)
            highestSent = sent
        case .reordered:
            bitmap |= 1 << (highest - 1 - sequence)
            if sequence > absent { loss.count(expected: 0, arrived: 1) }
            if sequence > uncounted { losses.countOvertaken() }
        case .duplicate, .outdated: break
        }
        return order
    }

    /// Takes the highest number for none of the sender's: the next one is `sequence`, and all before it count as received.
    mutating func setBack(before sequence: UInt64) {
        highest = max(sequence, 1) - 1
        bitmap = highest > 64 ? .max : highest > 0 ? (1 << (highest - 1)) - 1 : 0
        uncounted = min(uncounted, highest)
        absent = min(absent, highest)
    }

    /// Leaves out of all losses what our kernel dropped, or had no space for, while we were away up to an instant.
    mutating func noteAway(until instant: Instant) { awayUntil = instant }

    private mutating func advance(
        to sequence: UInt64, at arrival: Instant, isCounted: Bool, interval: TimeSpan
    ) {
        let gap = sequence - highest
        let wasAway = awayUntil != nil
        let isCounted = isCounted && !wasAway
        if let end = awayUntil, arrival > end { awayUntil = nil }
        // The first datagram says nothing of those before it: we may have started late.
        if highest > 0 {
            loss.count(expected: wasAway ? 1 : gap, arrived: 1)
            if isCounted {
                losses.count(
                    lostBefore: Int(clamping: gap - 1), after: arrival - highestArrival, due: interval,
                    at: arrival)
            }
        }
        if !isCounted { uncounted = sequence }
        if wasAway { absent = sequence }
        bitmap = gap > 64 ? 0 : shifted(by: gap)
        highest = sequence
        highestArrival = arrival
    }

    /// The bitmap for a highest number that is `gap` higher; the present highest becomes bit `gap − 1`.
    private func shifted(by gap: UInt64) -> UInt64 {
        let older = gap == 64 ? 0 : bitmap << gap
        return highest == 0 ? 0 : older | (1 << (gap - 1))
    }
}
