/// Counts losses and their bursts from the gaps between sequence numbers.
///
/// A gap of more than 64 messages is an outage, which a detector is there to report and no margin can ride out; it
/// counts neither way, like what has left the window of acknowledgements. So does what was lost in a silence that was
/// reported as a suspicion, which the caller leaves out.
///
/// Measurements expire by time and by what contradicts them:
/// - Forty seconds and 32 messages without a loss end the memory of bursts. If four losses were to be expected in them, at the
///   old rate or at that about the latest loss, then all losses but two are forgotten: with one more, that is the rate at
///   which such a run has a chance of 5 %, so that a path that still loses is not believed to be good by luck.
/// - Six or more losses or bursts among the latest 32 to 64 messages, more than the rate of the time before can explain, end
///   the memory of the better time.
/// - Otherwise counts are halved every two minutes.
public struct LossCounter: Sendable, BitwiseCopyable {
    /// From how many messages on a path counts as measured.
    static let enough = 100.0
    /// For how long nothing may be lost, and in how many messages, until bursts are forgotten; how many losses must have been
    /// expected until losses are, and how many of these are kept.
    private static let quiet = (time: TimeSpan.seconds(40), messages: 32.0, losses: 4.0, kept: 2.0)
    private static let halving = (time: TimeSpan.seconds(120), messages: 200.0, losses: 8.0)
    private static let worse = (messages: 64.0, losses: 6.0)
    private static let window = 16_384.0
    private static let longestBurst = 64

    /// How many messages were sent, as far as is known; old ones count less.
    private(set) var messages = 0.0
    /// Whether enough messages were ever counted to say something of the path.
    private(set) var isMeasured = false
    private var lost = 0.0
    private var bursts = 0.0
    /// How many messages were counted since the latest loss, and when that was.
    private var run = 0.0
    private var latestLoss = Instant(nanoseconds: .min)
    private var halved = Instant(nanoseconds: .min)
    /// The share of the messages about the latest loss that were lost.
    private var latestRate = 0.0
    /// The latest messages only.
    private var recent = (messages: 0.0, lost: 0.0, bursts: 0.0)
    /// How long the bursts of two and more took, in seconds, and over how many steps from message to message.
    private var burst = (seconds: 0.0, steps: 0.0)

    /// A counter that has seen nothing.
    public init() {}

    /// Counts a message that arrived, and those lost in a row right before it.
    ///
    /// - Parameters:
    ///   - lostBefore: how many those are.
    ///   - gap: the time since the message before them; zero if it is not known.
    ///   - due: how much of it passed before the first of those was sent; zero if that is not known.
    ///   - now: the present instant.
    public mutating func count(
        lostBefore: Int, after gap: TimeSpan = .zero, due: TimeSpan = .zero,
        at now: Instant = Instant(nanoseconds: 0)
    ) {
        let lostBefore = lostBefore <= Self.longestBurst ? Double(max(lostBefore, 0)) : 0
        add(messages: lostBefore + 1, lost: lostBefore, bursts: lostBefore > 0 ? 1 : 0)
        run += 1
        if lostBefore > 0 { (run, latestLoss, latestRate) = (1, now, recent.lost / recent.messages) }
        if lostBefore > 1, gap > .zero {
            // It began when the first was sent: the quiet before is no part of it.
            let share = gap.inSeconds / (lostBefore + 1)
            burst.seconds += gap.inSeconds - max(share, min(due.inSeconds, gap.inSeconds - share / 8))
            burst.steps += lostBefore
        }
        expire(at: now)
        isMeasured = isMeasured || messages >= Self.enough
    }

    /// Takes back that a message was lost, for it has come late.
    mutating func countOvertaken() {
        lost = max(lost - 1, 0)
        bursts = min(bursts, lost)
        recent.lost = max(recent.lost - 1, 0)
        recent.bursts = min(recent.bursts, recent.lost)
    }

    private mutating func add(messages: Double, lost: Double, bursts: Double) {
        self.messages += messages
        self.lost += lost
        self.bursts += bursts
        recent.messages += messages
        recent.lost += lost
        recent.bursts += bursts
        guard recent.messages > Self.worse.messages else { return }
        recent = (recent.messages / 2, recent.lost / 2, recent.bursts / 2)
    }

    private mutating func expire(at now: Instant) {
        if lost > 0, run >= Self.quiet.messages, now - latestLoss >= Self.quiet.time {
            forget()
        } else if isWorse {
            (messages, lost, bursts) = recent
        }
        if messages <= Self.halving.messages || lost < Self.halving.losses { halved = now }
        guard now - halved >= Self.halving.time || messages > Self.window else { return }
        halved = now
        messages /= 2
        run = min(run, messages)
        lost /= 2
        bursts /= 2
        burst = (burst.seconds / 2, burst.steps / 2)
    }

    /// Forgets losses, for the path has become better: how they came, and how many they were.
    private mutating func forget() {
        let kept = min(lost, Self.quiet.kept)
        // A rare loss among many messages is no reason to forget all that arrived.
        let isLower = (lost + 1) * (run + 2) > (kept + 1) * (messages + 2)
        let expected = run * max(latestRate, lost / max(messages - run, 1))
        if isLower, expected >= Self.quiet.losses { (messages, lost) = (run, kept) }
        (bursts, burst) = (lost, (0, 0))
        recent = (0, 0, 0)
    }

    /// Whether the path has become so much worse that what was before says nothing of it.
    ///
    /// The number of losses in the latest messages is nearly Poisson distributed about what the earlier rate, on the safe
    /// side, lets expect. Three standard deviations and four more are reached by chance about once in 100,000 times; the
    /// question is asked with every message, so that a lower threshold would be met on a path that has not changed.
    private var isWorse: Bool {
        let earlier = (messages: messages - recent.messages, bursts: bursts - recent.bursts)
        guard recent.bursts >= Self.worse.losses, earlier.messages > 0 else { return false }
        let expected = recent.messages * (max(earlier.bursts, 0) + 1) / (earlier.messages + 2)
        return recent.bursts >= expected + 3 * expected.squareRoot() + 4
    }

    /// The model that the counts suggest, on the safe side.
    ///
    /// One more loss is assumed than was seen, for a path that has lost nothing in a thousand messages may still lose
    /// one in a thousand; a target of a month must not rest on luck. Losses in a row are taken for bursts when there are
    /// more of them, by three and by three standard deviations, than independent losses would have: from a chance pair
    /// at long intervals the model would conclude that all pings of a round are lost together.
    ///
    /// The time between messages, `interval`, is used only where none was measured, as pings follow each other faster.
    public func model(interval: TimeSpan) -> LossModel {
        // Of a path that has just become quiet no more is known than of a new one.
        let rate = (lost + 1) / (lost > 0 ? messages + 2 : max(messages + 2, Self.enough))
        let inRow = lost - bursts
        let expected = lost * rate
        let isBursty = inRow >= 3 && inRow > expected + 3 * (expected * (1 - rate)).squareRoot()
        let measured = burst.steps > 0 ? TimeSpan(seconds: burst.seconds / burst.steps) : interval
        return LossModel(
            rate: rate, persistence: isBursty ? inRow / lost : rate, interval: min(measured, interval),
            memory: LossModel.assumedMemory)
    }
}

/// What a round of pings has to reckon with at present.
extension LossCounter {
    /// How many bursts there must be before any loss is reckoned with: one outage proves nothing.
    private static let significant = 3.0
    /// How many bursts must have been expected in a time without any until losses count as over: by chance that happens once
    /// in 3,000 such times.
    private static let over = 8.0
    /// By how many standard deviations the rate is taken to be higher than it was seen.
    private static let caution = 1.5
    /// The highest rate that is reckoned with.
    private static let highestRate = 0.95

    /// How the path loses at present, on the safe side; `nil` while it loses nothing.
    ///
    /// The latest 32 to 64 messages count where they were worse, so that losses that set in are answered within a few
    /// messages, and where they were much better.
    ///
    /// - Parameters:
    ///   - interval: the time between messages, where none was measured.
    ///   - more: how many more are taken for lost in a row, if any were.
    /// - Returns: a model whose rate is what was seen, and one and a half standard deviations.
    func present(interval: TimeSpan, andLost more: Int = 0) -> LossModel? {
        guard bursts >= Self.significant else { return nil }
        var counter = self
        if more > 0 { counter.count(lostBefore: more, at: latestLoss) }
        guard !counter.areLossesOver else { return nil }
        let rate = counter.presentRate
        let seen = counter.model(interval: interval)
        let memory = seen.rate < 1 ? (seen.persistence - seen.rate) / (1 - seen.rate) : 1
        return LossModel(
            rate: rate, persistence: rate + (1 - rate) * memory, interval: seen.interval)
    }

    /// Whether so many messages have arrived since the latest loss that it would be a wonder on a path that loses as it did.
    private var areLossesOver: Bool { run * bursts >= Self.over * (messages - lost) }

    private var presentRate: Double {
        let all = Self.cautious(lost, of: messages)
        let latest = (recent.lost + 1) / (recent.messages + 2)
        let cautious = Self.cautious(recent.lost, of: recent.messages)
        let isBetter = cautious + (cautious - latest) < (lost + 1) / (messages + 2)
        return min(isBetter ? cautious : max(all, latest), Self.highestRate)
    }

    private static func cautious(_ lost: Double, of messages: Double) -> Double {
        let rate = (lost + 1) / (messages + 2)
        return rate + caution * (rate * (1 - rate) / (messages + 2)).squareRoot()
    }
}
