/// Why a datagram is counted as refused or lost: the reasons of `Drop`, and of refusals in `Refused`.
package enum DropReason: String, CaseIterable, Sendable {
    case malformed, version, oversized, unsealed, sealed, unopened, misaddressed
    case unknownPeer = "unknown-peer"
    case ownIdentity = "own-identity"
    case oldEpoch = "old-epoch"
    case futureEpoch = "future-epoch"
    case duplicate, outdated, unsolicited, reflected
    case lastWords = "last-words"
    case recordRefused = "record-refused"
    case notSent = "not-sent"
    case receiveError = "receive-error"
    case noteQueueFull = "note-queue-full"
    case kernelQueueFull = "kernel-queue-full"
    case clientRefused = "client-refused"

    /// What the reason means, and what to check.
    package var meaning: String {
        switch self {
        case .malformed: "not a datagram of suspectd, or damaged: does something else use this port?"
        case .version: "another version of the protocol: upgrade the older side"
        case .oversized: "longer than any datagram of suspectd: does something else use this port?"
        case .unsealed: "not sealed, and this node has keys: give its sender the same [security] keys"
        case .sealed: "sealed, and this node has no keys: give it the [security] keys of the others"
        case .unopened: "sealed with a key that this node does not have, damaged, or forged"
        case .misaddressed: "meant for another node: compare ids and addresses of the [[peer]] entries"
        case .unknownPeer: "its id is not among the peers: add a [[peer]] entry, or correct the id there"
        case .ownIdentity: "it has this node's id: give every node an id of its own"
        case .oldEpoch:
            "from an earlier incarnation: a clock that is behind after its state was lost, two daemons with one id, or a replay"
        case .futureEpoch: "its epoch is more than a day ahead of this node's clock: set the clocks"
        case .duplicate: "received before; harmless"
        case .outdated: "too old to know whether it was received before; harmless"
        case .unsolicited: "an answer to no ping of this node; harmless when rare"
        case .reflected: "this node's own datagram came back: a peer's address leads to this host"
        case .lastWords:
            "last words of a daemon that was not heard, or, without keys, from another address; harmless when rare"
        case .recordRefused:
            "a record in a believed datagram: of a host that is no peer, of the future, or of too many"
        case .notSent: "this host did not take it for sending: see why PEER, which names the error"
        case .receiveError: "the kernel reported an error instead of a datagram; harmless when rare"
        case .noteQueueFull: "a note was lost because the journal was slow; no datagram was"
        case .kernelQueueFull:
            "the kernel dropped it because the receive buffer was full: see net.core.rmem_max"
        case .clientRefused:
            "a local process found no connection to the status socket left; no datagram was lost"
        }
    }
}
