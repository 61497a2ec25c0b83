public import CausalClock

/// What one host said of a peer that we do not hear.
public struct WitnessStatement: Sendable, BitwiseCopyable, Hashable {
    /// Which host said it.
    public var witness: HostID
    /// When it arrived.
    public var arrived: Instant
    /// What was said.
    public var testimony: Testimony

    /// Puts together which host said what, and when that arrived.
    public init(witness: HostID, arrived: Instant, testimony: Testimony) {
        self.witness = witness
        self.arrived = arrived
        self.testimony = testimony
    }
}

extension WitnessStatement {
    /// What instant it describes: a witness that hears the peer, of what it got last; one that does not, of the present.
    ///
    /// Those that cannot know yet, having heard of the peer no later than we, make space first.
    var news: Instant { testimony.isTrusted ? arrived - testimony.age : arrived }
}
