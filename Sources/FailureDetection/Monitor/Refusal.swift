/// Why a message was not believed.
///
/// Its contents are not taken over, but for whether it accepts this incarnation. It is counted, and that it arrived can take cause and vote from a suspicion (`UnprovedReason`), show
/// that two processes have one id, or draw one ping to the peer.
public enum Refusal: Int, Error, Sendable, BitwiseCopyable, CaseIterable {
    /// Not a message of ours, damaged, or cut off.
    case malformed
    /// Of a version of the protocol that this daemon does not support.
    case version
    /// Longer than any message is.
    case oversized
    /// Not sealed, while this host has keys.
    case unsealed
    /// Sealed, while this host has no keys.
    case sealed
    /// Sealed with a key that this host has not, or forged, or damaged.
    case unopened
    /// Meant for another host.
    case misaddressed
    /// From a host that is not among the peers.
    case unknownPeer
    /// In our own name: another daemon uses our id.
    case ownIdentity
    /// From an incarnation of the peer that has ended.
    case oldEpoch
    /// From an incarnation that lies more than a day in the future.
    case futureEpoch
    /// Received before.
    case duplicate
    /// So old that it cannot be known whether it was received before.
    case outdated
    /// A pong that answers none of our pings.
    case unsolicited
    /// In our own name, and meant for another host: our own datagram has come back to us.
    case reflected
    /// Last words of an incarnation that was not heard, or, where nothing is sealed, from another address than the peer's.
    case lastWords

    /// The name under which it is counted.
    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .version: "version"
        case .oversized: "oversized"
        case .unsealed: "unsealed"
        case .sealed: "sealed"
        case .unopened: "unopened"
        case .misaddressed: "misaddressed"
        case .unknownPeer: "unknown-peer"
        case .ownIdentity: "own-identity"
        case .oldEpoch: "old-epoch"
        case .futureEpoch: "future-epoch"
        case .duplicate: "duplicate"
        case .outdated: "outdated"
        case .unsolicited: "unsolicited"
        case .reflected: "reflected"
        case .lastWords: "last-words"
        }
    }
}
