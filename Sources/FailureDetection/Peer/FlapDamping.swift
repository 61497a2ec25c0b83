/// How much a peer that comes and goes has to show before it is trusted again.
///
/// A first recovery needs one fresh message: nothing is gained by waiting. Each suspicion that ends adds two to what the next
/// recovery needs, up to ten; every ten seconds one is forgotten. So a peer that flaps stays suspected until it has been
/// heard in time for several heartbeats in a row; meanwhile its cause may change. It is the idea of knet's link backoff (10 after a link
/// went down, one less each second), counted in messages instead of seconds, so that it follows the interval.
///
/// A single restart is an answer to the suspicion and adds nothing. Restarts in a row are a process that crashes
/// repeatedly, and count as recoveries do, whichever incarnation it is. Last words announce a restart, whether the next process
/// continues with the incarnation or not; it is counted once.
struct FlapDamping: Sendable, BitwiseCopyable {
    static let step = 2
    static let maximum = 10
    static let forgetting = TimeSpan.seconds(10)
    /// From this level on a peer is said to flap: its third recovery in a short time.
    static let flappingLevel = 6
    /// Restarts that are further apart than this are no series.
    static let restartWindow = TimeSpan.seconds(60)

    private var level = 0
    private var decayedUntil = Instant(nanoseconds: .min)
    /// Fresh messages in time since the peer was suspected.
    private(set) var heard = 0
    /// When the latest of them was heard.
    private var counted: Instant?
    /// How often it was heard again after a silence, since it was suspected.
    private var returns = 0

    /// How many fresh messages in a row the present recovery needs; 1 or more.
    private(set) var required = 1

    private var wasReported = false

    /// The restarts in a row, each within a minute of the one before.
    private(set) var restartsInRow = 0
    /// When the first of them was noticed.
    private(set) var restartsBegan = Instant(nanoseconds: .min)
    private var lastRestart = Instant(nanoseconds: .min)
    /// The restarts since the present suspicion began; they count for it, and its recovery does not count again.
    private var restartsInSuspicion = 0
    /// Whether last words have announced the next restart, which is counted already.
    private var isRestartCounted = false

    /// A suspicion begins.
    ///
    /// - Returns: whether the peer has now come and gone so often that people should know; once, until it is calm.
    mutating func suspected(at now: Instant) -> Bool {
        decay(to: now)
        required = 1 + level
        (heard, counted, returns) = (0, nil, 0)
        restartsInSuspicion = isRestartCounted ? 1 : 0
        return reportsFlapping
    }

    /// The peer's host has said that its process has ended.
    ///
    /// - Returns: as `restarted`.
    mutating func ended(at now: Instant) -> Bool {
        defer { isRestartCounted = true }
        return isRestartCounted ? false : restarted(at: now)
    }

    /// A message of the process after it was heard: what ends now is another one.
    mutating func heardAfterEnd() { isRestartCounted = false }

    /// The peer has restarted without having announced that it stops.
    ///
    /// - Returns: whether it has now come and gone so often that people should know; once, until it is calm.
    mutating func restarted(at now: Instant) -> Bool {
        guard !isRestartCounted else { return false }
        decay(to: now)
        if restartsInRow == 0 || now - lastRestart > Self.restartWindow {
            (restartsInRow, restartsBegan) = (0, now)
        }
        restartsInRow += 1
        lastRestart = now
        if restartsInRow > 1 { level = min(level + Self.step, Self.maximum) }
        restartsInSuspicion += 1
        // What it has shown so far was of the incarnation before.
        (heard, counted) = (0, nil)
        if restartsInSuspicion > 1 { required = max(required, 1 + level) }
        return reportsFlapping
    }

    /// Whether it flaps and that was not reported yet.
    private var reportsFlapping: Bool {
        mutating get {
            let isFlapping = level >= Self.flappingLevel
            defer { wasReported = isFlapping }
            return isFlapping && !wasReported
        }
    }

    /// The suspected peer is heard in time, at `now`; what is heard within `spacing` of a message that counted does not
    /// count: several answers simultaneously, after a stall, show no more than one.
    ///
    /// - Returns: whether that is enough to trust it.
    mutating func recovers(at now: Instant, spacing: TimeSpan) -> Bool {
        if let counted, now - counted < spacing { return heard >= required }
        counted = now
        return recovers()
    }

    /// The suspected peer is heard in time.
    ///
    /// - Returns: whether that is enough to trust it.
    mutating func recovers() -> Bool {
        heard += 1
        return heard >= required
    }

    /// The suspected peer has missed its deadline again: what it has shown does not count any more.
    mutating func relapsed() {
        heard = 0
        returns += 1
    }

    /// For how many intervals a suspect that was heard again has to be silent before the suspicion votes again.
    ///
    /// It is the time in which it would have had to be heard, and longer each time, so that a peer that is away for
    /// half a second again and again does not end and begin a confirmation each time.
    var settling: Int { min(required - 1 + Self.step * max(returns - 1, 0), Self.maximum) }

    /// The suspicion ends: it was a mistake, or the link has healed.
    mutating func recovered(at now: Instant) {
        decay(to: now)
        guard restartsInSuspicion == 0 else { return }
        level = min(level + Self.step, Self.maximum)
    }

    private mutating func decay(to now: Instant) {
        guard level > 0 else {
            decayedUntil = now
            return
        }
        let forgotten = max((now - decayedUntil).nanoseconds, 0) / Self.forgetting.nanoseconds
        guard forgotten > 0 else { return }
        level = forgotten >= Int64(level) ? 0 : level - Int(forgotten)
        decayedUntil = decayedUntil + Self.forgetting * forgotten
    }
}
