/// What a failure detector asks its caller to do.
///
/// No effect sets a timer: the caller asks for `nextDeadline`.
public enum Effect: Sendable {
    /// Send a message to the peer at index `to`. A pong goes to where its ping came from.
    case send(OutboundMessage)
    /// A peer is suspected, and its silence is blamed on this host: the isolation was reported once, for all.
    case blamedOnUs(peer: Int)
    /// Report a change of state.
    case notice(Notice)
    /// Hand a heartbeat to a client that records its sender.
    case heartbeat(Arrival)
    /// Count a message that was not believed.
    case refused(Refusal)
}

/// The effects of one event, in order.
///
/// Its storage is kept from event to event, so nothing is allocated in steady state.
public struct Effects: Sendable {
    /// The effects, oldest first.
    public private(set) var items: [Effect] = []
    /// The events of this host for its causal log; `nil` when none is kept.
    ///
    /// `removeAll` leaves them alone.
    public var ticks: EventLog?

    /// Makes an empty list with capacity for `capacity` effects.
    public init(capacity: Int = 64) { items.reserveCapacity(capacity) }

    /// Adds an effect.
    public mutating func append(_ effect: Effect) { items.append(effect) }

    /// Removes all effects and keeps the capacity.
    public mutating func removeAll() { items.removeAll(keepingCapacity: true) }
}
