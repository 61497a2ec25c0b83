/// What this host thinks of a peer at present.
///
///     unknown ──► trusted ◄──► pending ──► suspected
///        │           ▲  ▲         ▲            │
///        │           │  └─────────┼────────────┘
///        └───────────┼────────────┘  (never heard within the startup grace)
///     any ──► left ──┘   (left ──► pending, when it is not back by the time that it announced, or back unheard)
///
/// `pending` is overdue but not yet suspected: pings are under way. With pings turned off a peer goes straight from
/// `trusted` or `unknown` to `suspected`. `left` is a planned stop and is no suspicion; being heard again ends it, and,
/// where the peer announced by when it would be back, that time; so does what shows that it is back and does not get
/// through to this host.
public enum PeerState: String, Sendable, BitwiseCopyable, CaseIterable {
    /// Never heard since this daemon started.
    case unknown
    /// Heard in time.
    case trusted
    /// Overdue, and being pinged.
    case pending
    /// Silent beyond its deadline and all retries.
    case suspected
    /// Announced a planned stop.
    case left

    /// Whether a peer may go from this state to `next`.
    public func mayBecome(_ next: PeerState) -> Bool {
        switch (self, next) {
        case (.unknown, .trusted), (.unknown, .pending), (.unknown, .suspected), (.unknown, .left): true
        case (.trusted, .pending), (.trusted, .suspected), (.trusted, .left): true
        case (.pending, .trusted), (.pending, .suspected), (.pending, .left): true
        case (.suspected, .trusted), (.suspected, .left): true
        case (.left, .trusted), (.left, .pending), (.left, .suspected): true
        default: false
        }
    }
}
