/// The longest of the spans noted lately, in two numbers.
///
/// Each is remembered for one to two times `memory`. Two buckets that take turns forget it.
struct RecentMaximum: Sendable, BitwiseCopyable {
    private var previous = TimeSpan.zero
    private var current = TimeSpan.zero
    private var turn = Instant(nanoseconds: .min)

    /// The longest; zero when none was noted.
    var value: TimeSpan { max(previous, current) }

    /// Notes a span that ended at `now`.
    mutating func note(_ span: TimeSpan, at now: Instant, memory: TimeSpan) {
        // One that was remembered for longer, because the intervals were longer, is forgotten as soon as any other.
        turn = min(turn, now + memory)
        if now >= turn {
            previous = now - turn < memory ? current : .zero
            current = .zero
            turn = now + memory
        }
        current = max(current, span)
    }
}
