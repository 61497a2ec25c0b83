internal import CausalClock

/// The last words of a peer's daemon: that it has ended, and not as planned.
///
/// What the host runs when the daemon is gone sends them; the daemon itself has prepared them, with a number from the future: all
/// messages of its own have lower ones, all of the process that continues with its incarnation higher ones. So they are refused
/// once that process is heard, and cannot be played twice. They change no state: a silence that is reported while they
/// count has a cause, and so has one in which they arrive, however old it is: a daemon that hangs is ended late.
struct LastWords: Sendable, BitwiseCopyable {
    /// For how long after them a silence may be reported at least; longer where it may take longer until a silence is reported: twice what the last
    /// heartbeat and a round of pings give it.
    static let shortestHold = TimeSpan.seconds(5)

    /// The highest number that was taken in this incarnation; 0 for none.
    private(set) var number: UInt64 = 0
    /// When they arrived; `nil` when there are none, or a message came later.
    private(set) var arrived: Instant?

    /// Takes them.
    mutating func take(_ number: UInt64, arrived: Instant) {
        (self.number, self.arrived) = (number, arrived)
    }

    /// A message of the peer that came later: it runs.
    mutating func heard(at instant: Instant) {
        if let arrived, instant > arrived { self.arrived = nil }
    }

    /// Whether they explain a silence that was reported at an instant; one that began before they arrived they always do.
    func explain(silenceReported began: Instant, hold: TimeSpan) -> Bool {
        arrived.map { began - $0 <= hold } ?? false
    }
}
