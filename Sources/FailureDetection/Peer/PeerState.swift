/// What this host thinks of a peer at present.
///
///     unknown ──► trusted ◄──► pending ──► suspected
///        │           ▲  ▲         ▲            │
///        │           │  └─────────┼────────────┘
///        └───────────┼────────────┘  (never heard within the startup grace)
///     any ──► left ──┘   (left ──► pending, when it is not back by the time that it announced)
///
/// `pending` is overdue but not yet suspected: pings are under way. With pings turned off a peer goes straight from
/// `trusted` or `unknown` to `suspected`. `left` is a planned stop and is no suspicion; being heard again ends it, and,
/// where the peer announced by when it would be back, that time.
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

/// Why a peer is silent, as far as can be told.
public enum Cause: String, Sendable, BitwiseCopyable, CaseIterable {
    /// Nobody hears it, or its port is closed.
    case crash
    /// Others hear it; only the link between us is broken.
    case link
    /// It hears us, and we do not hear it.
    case inbound
    /// We hear it, and it does not hear us; reported while the peer is trusted.
    case outbound
    /// We lost everyone at once: the fault is more likely ours.
    case isolated
    /// Nothing is known beyond the silence.
    case unknown
}

/// How firmly a cause is known.
public enum Certainty: String, Sendable, BitwiseCopyable {
    /// It follows from messages that were received.
    case proved
    /// It is the likeliest reading of what was received.
    case suspected
}

/// A cause and how firmly it is known.
public struct Verdict: Sendable, BitwiseCopyable, Hashable {
    /// Why the peer is silent.
    public var cause: Cause
    /// How firmly that is known.
    public var certainty: Certainty

    /// A verdict of `cause`, known as firmly as `certainty` says.
    public init(_ cause: Cause, _ certainty: Certainty) {
        self.cause = cause
        self.certainty = certainty
    }
}
