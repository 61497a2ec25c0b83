/// The kinds of event that have a text in the message catalogue, by their `MESSAGE_ID=`.
///
/// Other programs search the journal by these numbers: one is never changed, reused or removed.
package enum MessageID: String, CaseIterable, Sendable {
    /// A peer is suspected of having failed.
    case suspect = "5050ef95d63b4b7fbff75c1eb9c3e6e0"
    /// A peer is trusted again.
    case trust = "1d0745e1e3314b8b8e00a4e7174831ab"
    /// A peer is overdue and is being pinged.
    case pending = "849fa1a6af6f449f970a0bc6e03dbe54"
    /// Independent witnesses agree that a peer has failed.
    case confirm = "e358303d239645f3b80339a130dbc39d"
    /// A peer's daemon was restarted: it has a new epoch.
    case restart = "175a2fb271ca4cf8bd2f00c83d91a71d"
    /// A peer said that it leaves.
    case leave = "b3c4a4121c8d4448b56aa3e4d9093cf8"
    /// All peers, or most, fell silent together: the fault is more likely this host's.
    case isolated = "42845178349e4adcbc10ead4692e9537"
    /// This host is no longer cut off.
    case rejoined = "fa2f7c95d7fe497db7b70b40ae4ac6f5"
    /// A link carries datagrams in one direction only.
    case asymmetric = "5529210d3f3240dd8b978e90abb372e8"
    /// A peer goes back and forth between trusted and suspected.
    case flapping = "90e5f542ff8c47feb11ff3968ddb0b2a"
    /// Two hosts claim the same id, or one claims an impossible past.
    case conflict = "efb414dd53dc4b1da81f2307e87bf0a3"
    /// A configuration was taken over or refused.
    case configuration = "22b6b52b19d04072a36e9bf9c207ec4c"
    /// This host itself was paused or short of time.
    case stall = "544402a8f03148ee947b7178eca26f95"
    /// A datagram was refused.
    case refusal = "a23fdc90bb7a494886d57cb445ed0a57"
    /// This host is short of something that the daemon needs: descriptors, or space for what arrives.
    case shortage = "3d1f2c0a6b7e4f0e9a55c8d2417be960"
    /// The causal log cannot be written, or is written again.
    case causalLog = "9701166ef0924975a48babcceb9be3d2"
    /// A peer's name does not resolve, or it is reached at another address.
    case address = "b7a0d4c6f1e24a7f9d3c58e20b6f4a91"
    /// A service of this host or of a peer has ended, failed or hangs.
    case serviceFailed = "a5fdd1f9ff904fccb28c813aeb9f165c"
    /// A service runs.
    case serviceUp = "71f4b5de25044861a146226161918e97"
    /// A service is being started or stopped, or was stopped.
    case service = "6145069664084abfbc5174718caccf39"
    /// Nothing is known of a service: its host is suspected or has left, or it is observed there no longer.
    case serviceUnknown = "0b7d2a5c9e864f31a4d15f0c83b6e72d"
    /// A service of this host cannot be observed as it should be.
    case serviceFinding = "b3fc3b812e5341b59f09eed714a57c64"
    /// The daemon is up.
    case start = "96320d079ae34e6eb9dbb92137b87ec2"
    /// The daemon goes down on purpose.
    case stop = "d0d42edd1f744c6abea5f20b50f292e9"
}
