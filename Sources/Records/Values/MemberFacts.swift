package import CausalClock

/// One address at which a member can be reached.
package struct MemberAddress: Sendable, BitwiseCopyable, Hashable {
    /// The first eight bytes of an IPv6 address, most significant first; 0 for IPv4.
    package var high: UInt64
    /// The last eight bytes of an IPv6 address, or the four of an IPv4 one.
    package var low: UInt64
    /// The UDP port.
    package var port: UInt16
    /// Whether it is an IPv4 address.
    package var isIPv4: Bool

    /// Makes an address of its parts.
    package init(high: UInt64, low: UInt64, port: UInt16, isIPv4: Bool) {
        self.high = high
        self.low = low
        self.port = port
        self.isIPv4 = isIPv4
    }
}

/// A report that a member has seen about its present incarnation: the observer's event in which the suspicion began.
package struct Answer: Sendable, BitwiseCopyable, Hashable {
    /// The observer: the keyed hash of its id.
    package var observer: UInt64
    /// The observer's incarnation.
    package var epoch: Epoch
    /// The observer's event.
    package var counter: UInt64

    /// Names a report.
    package init(observer: UInt64, epoch: Epoch, counter: UInt64) {
        self.observer = observer
        self.epoch = epoch
        self.counter = counter
    }
}

/// The value of a `member` record: what a member says of itself.
package struct MemberFacts: Sendable, Hashable {
    /// The most addresses that a member names.
    package static let maximumAddresses = 8
    /// The most reports that a member answers; the latest ones.
    package static let maximumAnswers = 16
    /// The longest version, in bytes.
    package static let maximumVersionLength = 32

    /// Whether the member has left on purpose.
    package var hasLeft: Bool
    /// Where it can be reached, the preferred address first; at most `maximumAddresses`.
    package private(set) var addresses: [MemberAddress]
    /// Its release, as `suspectd --version` shows it; at most `maximumVersionLength` bytes.
    package private(set) var version: String
    /// The number of members up to which every host watches every other: a constant of the cluster, 1 to 65,535.
    package var meshLimit: UInt16
    /// The reports about its present incarnation that it has seen; at most `maximumAnswers`, the latest last.
    package private(set) var answers: [Answer]

    /// Gathers the facts; of what is too long the first addresses, the first bytes and the last answers are kept.
    package init(
        addresses: [MemberAddress] = [], version: String = "", meshLimit: UInt16 = 32, hasLeft: Bool = false,
        answers: [Answer] = []
    ) {
        self.addresses = Array(addresses.prefix(Self.maximumAddresses))
        self.version = String(
            decoding: version.utf8.filter { $0 >= 0x20 && $0 < 0x7F }.prefix(Self.maximumVersionLength),
            as: UTF8.self)
        self.meshLimit = max(meshLimit, 1)
        self.hasLeft = hasLeft
        self.answers = Array(answers.suffix(Self.maximumAnswers))
    }

    /// Whether it names the report of that observer's event.
    package func answers(observer: UInt64, epoch: Epoch, counter: UInt64) -> Bool {
        answers.contains(Answer(observer: observer, epoch: epoch, counter: counter))
    }
}
