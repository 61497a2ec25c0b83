/// How well this host itself has been doing.
///
/// A detector that was not running, or whose kernel threw datagrams away, knows nothing of its peers' silence in that
/// time. Restate, Cassandra and Hazelcast each learnt this in an outage: a late tick made every host look dead.
public struct LocalHealth: Sendable, BitwiseCopyable {
    /// Lateness from which this host counts as having been away.
    ///
    /// Ordinary scheduling on a busy machine is late by a few milliseconds and needs no forgiveness, because
    /// what had arrived is read before any peer is judged.
    public static let stallThreshold = TimeSpan.milliseconds(10)
    /// Lateness from which it is reported.
    public static let noteworthyStall = TimeSpan.milliseconds(200)
    /// How many peers that leave pings unanswered simultaneously say more of us than of them.
    static let silentAtOnce = 3
    /// For how long a lag is remembered as recent, at least; at most twice as long.
    static let recent = TimeSpan.seconds(10)

    /// How late the loop woke last.
    public private(set) var lag = TimeSpan.zero
    /// The most that it ever was late.
    public private(set) var maximumLag = TimeSpan.zero
    /// How often it was late by at least `stallThreshold`.
    public private(set) var stalls: UInt64 = 0
    /// When the last such stall ended.
    public private(set) var lastStall: Instant?
    /// How long it was.
    public private(set) var lastStallDuration = TimeSpan.zero
    /// Datagrams that the kernel dropped because its queue was full.
    public private(set) var kernelDrops: UInt64 = 0
    /// How late it reads what has arrived.
    public internal(set) var reading = ReceiveLag()
    /// Its lag score: 0 (healthy) to 8.
    public private(set) var lagScore = LagScore()

    private var previousWindow = TimeSpan.zero
    private var currentWindow = TimeSpan.zero
    private var windowEnd = Instant(nanoseconds: .min)

    /// The most that the loop was late in the last 10 to 20 seconds, or that silence is judged later because datagrams
    /// are read late.
    public var recentLag: TimeSpan { max(previousWindow, currentWindow, reading.bound) }

    /// Notes that the loop woke `lateness` after the instant it had asked for.
    ///
    /// - Returns: whether that counts as having been away.
    mutating func woke(late lateness: TimeSpan, at now: Instant) -> Bool {
        lag = lateness
        maximumLag = max(maximumLag, lateness)
        if now >= windowEnd {
            previousWindow = now - windowEnd < Self.recent ? currentWindow : .zero
            currentWindow = .zero
            windowEnd = now + Self.recent
        }
        currentWindow = max(currentWindow, lateness)
        guard lateness >= Self.stallThreshold else { return false }
        lagScore.rise(at: now)
        stalls += 1
        lastStall = now
        lastStallDuration = lateness
        return true
    }

    /// Notes datagrams that the kernel dropped.
    mutating func dropped(_ count: UInt64, at now: Instant) {
        kernelDrops &+= count
        lagScore.rise(at: now)
    }

    /// Notes a datagram that arrived at `arrival` and is read now.
    ///
    /// - Returns: whether silence is judged later, or earlier, from now on.
    mutating func read(arrival: Instant, at now: Instant) -> Bool {
        guard reading.read(arrival: arrival, at: now) else { return false }
        lagScore.rise(at: now)
        return true
    }

    /// Notes that several peers simultaneously leave our pings unanswered.
    mutating func unanswered(at now: Instant) { lagScore.rise(at: now) }
}
