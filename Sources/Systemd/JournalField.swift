/// A value that a note in the journal can be found by.
package struct JournalField: Equatable, Sendable {
    /// The field's name in the journal; a fixed set, so that none can be misspelled or forged.
    package enum Name: String, CaseIterable, Sendable {
        /// The event's name, as `suspectctl events` shows it.
        case event = "SUSPECTD_EVENT"
        /// The peer concerned.
        case peer = "SUSPECTD_PEER"
        /// The service concerned.
        case service = "SUSPECTD_SERVICE"
        /// A socket address, `host:port`.
        case address = "SUSPECTD_ADDRESS"
        /// The epoch (one incarnation of a peer's daemon).
        case epoch = "SUSPECTD_EPOCH"
        /// The state the peer is in now.
        case state = "SUSPECTD_STATE"
        /// Why the peer is suspected.
        case cause = "SUSPECTD_CAUSE"
        /// Whether the cause is proved or itself only suspected.
        case certainty = "SUSPECTD_CERTAINTY"
        /// How long it lasted, in microseconds.
        case duration = "SUSPECTD_DURATION_USEC"
        /// Why a datagram, a client or a configuration was refused.
        case reason = "SUSPECTD_REASON"
        /// The file concerned.
        case file = "SUSPECTD_FILE"
        /// How many notes of the same kind were held back before this one.
        case suppressed = "SUSPECTD_SUPPRESSED"
        /// The system's error number, a field that systemd defines.
        case errorNumber = "ERRNO"
    }

    /// The field's name.
    package let name: Name
    /// The field's value; may hold any character.
    package let value: String

    /// The field `name` with `value`.
    package init(_ name: Name, _ value: String) {
        self.name = name
        self.value = value
    }
}
