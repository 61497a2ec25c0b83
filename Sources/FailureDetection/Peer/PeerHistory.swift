/// What is reported of a peer's past; no verdict rests on it.
struct PeerHistory: Sendable {
    /// How often it was suspected.
    var suspicions: UInt64 = 0
    /// How often it restarted without having announced that it stops.
    var crashes: UInt64 = 0
    /// How good the suspicions of it were.
    var audit = SuspicionAudit()
    /// For how long it was trusted, up to the beginning of its present state.
    var trustedTime = TimeSpan.zero
    /// Its latest message, and what that knew of us.
    var lastReport: LastReport?
    /// When it was last heard before it was removed from the configuration: shown, and no part of any silence.
    var heardBefore: Instant?
}
