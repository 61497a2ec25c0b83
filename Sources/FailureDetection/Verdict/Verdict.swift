/// Why a peer is silent, as far as is known.
public enum Cause: String, Sendable, BitwiseCopyable, CaseIterable, Codable {
    /// No host hears it, or its port is closed.
    case crash
    /// Others hear it; only the link between us is broken.
    case link
    /// It hears us, and we do not hear it.
    case inbound
    /// We hear it, and it does not hear us; reported while the peer is trusted.
    case outbound
    /// All peers, or most, fell silent together: the fault is more likely ours.
    case isolated
    /// Nothing is known beyond the silence.
    case unknown
    /// Its host has said that its daemon has ended, and what ended it was no planned stop.
    case daemon
}

/// How firmly a cause is known.
public enum Certainty: String, Sendable, BitwiseCopyable, Codable {
    /// It follows from messages that were received.
    case proved
    /// It is the likeliest reading of what was received.
    case suspected
}

/// A cause and how firmly it is known.
public struct Verdict: Sendable, BitwiseCopyable, Hashable, Codable {
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
