/// How late this host reads what has arrived, and so up to when it knows which peers were heard.
///
/// After a drain everything that had arrived by then has been read; `Monitor` rests on that, and judges
/// immediately. It is not so on a host whose kernel is starved: datagrams have their stamps and are not yet in the
/// socket. A stamp from before an earlier drain proves it, for that drain should have found the datagram. Lateness
/// that is our own loop's proves nothing of the kind, because after a pause all stamps are later than the last
/// drain.
///
/// While such datagrams are read, silence is judged as of an instant that lies back by the `bound`: one and a half times
/// the longest that one of them waited, at most `longest`. So deadlines, and the wait for the last ping, end as much
/// later. The bound is forgotten between 5 and 10 s after the last late datagram. Only our kernel's stamps move it;
/// no peer, and no attacker on the path, can.
public struct ReceiveLag: Sendable, BitwiseCopyable, Hashable {
    /// What a datagram must have missed an earlier drain by, to count as late.
    static let threshold = LocalHealth.stallThreshold
    /// The highest bound.
    public static let longest = TimeSpan.seconds(10)
    /// For how long a lateness is remembered, at least; at most twice as long.
    static let memory = TimeSpan.seconds(5)

    /// By how much later silence is judged now; zero on a host that reads in time.
    public private(set) var bound = TimeSpan.zero

    private var lastDrain = Instant(nanoseconds: .min)
    private var previous = TimeSpan.zero
    private var current = TimeSpan.zero
    private var windowEnd = Instant.never

    /// Notes that everything in the socket has been read by `now`.
    mutating func drained(at now: Instant) { lastDrain = now }

    /// Notes a datagram that arrived at `arrival` and is read at `now`.
    ///
    /// - Returns: whether the bound has changed.
    mutating func read(arrival: Instant, at now: Instant) -> Bool {
        guard arrival + Self.threshold <= lastDrain else { return false }
        if bound == .zero { windowEnd = now + Self.memory }
        current = max(current, min(now - arrival, Self.longest))
        return settle()
    }

    /// Forgets what is long past.
    ///
    /// - Returns: whether the bound has changed.
    mutating func age(to now: Instant) -> Bool {
        guard now >= windowEnd else { return false }
        previous = now - windowEnd < Self.memory ? current : .zero
        current = .zero
        windowEnd = previous > .zero ? windowEnd + Self.memory : .never
        return settle()
    }

    private mutating func settle() -> Bool {
        let longest = max(previous, current)
        let next = min(longest + longest / 2, Self.longest)
        defer { bound = next }
        return next != bound
    }
}
