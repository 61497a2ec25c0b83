/// What a logged event was; the raw value is the word in the log.
public enum LoggedEventKind: String, Sendable, BitwiseCopyable, CaseIterable {
    /// The daemon began an incarnation.
    case start = "START"
    /// It is about to stop, as planned.
    case stop = "STOP"
    /// A datagram, or one heartbeat to several peers, was sent.
    case send = "SEND"
    /// A datagram was received and believed.
    case receive = "RECEIVE"
    /// A peer is suspected, or the cause of its suspicion has changed.
    case suspect = "SUSPECT"
    /// A peer is trusted, for the first time or again.
    case trust = "TRUST"
    /// A peer is overdue and is being pinged.
    case pending = "PENDING"
    /// A quorum agrees on a suspicion.
    case confirm = "CONFIRM"
    /// A peer has a new incarnation.
    case restart = "RESTART"
    /// A peer announced a planned stop.
    case leave = "LEAVE"
    /// Every peer fell silent simultaneously.
    case isolated = "ISOLATED"
    /// The isolation is over.
    case rejoined = "REJOINED"
    /// A peer that is heard does not hear us.
    case asymmetric = "ASYMMETRIC"
    /// A peer goes to and fro between states.
    case flapping = "FLAPPING"
    /// Two daemons use one identity, or an impossible clock was received.
    case conflict = "CONFLICT"
    /// The configuration was loaded or refused.
    case config = "CONFIG"
    /// The host wrote a record, which is spread to every other host.
    case record = "RECORD"
    /// The host was away for a while.
    case stall = "STALL"

    /// Whether it changes what the host believes; messages and pings do not.
    public var isStateChange: Bool {
        switch self {
        case .send, .receive, .pending: false
        default: true
        }
    }
}
