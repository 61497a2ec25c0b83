internal import FailureDetection

/// The layout of a message, which is the body of a datagram.
///
/// `uv` is unsigned LEB128 in its shortest form.
///
///     u8     kind           1 heartbeat, 2 ping, 3 pong, 4 leave, 5 records; 6 last words (`LastWordsMessage`)
///     id     sender         u8 length 1…63, that many bytes
///     id     addressee      the same
///     uv     sequence       number on the link from sender to addressee, from 1
///     u64le  sent           nanoseconds on the sender's monotonic clock
///     uv     interval       microseconds to the sender's next regular message; 0 announces none. In a leave of a host
///                           that will be back, the longest time that this takes: longer than in its other messages
///     kind:  heartbeat      digests: u64le of members and removals, u64le of views and services (`RecordDigests`)
///            ping           u64le nonce, digests, 16 zero bytes
///            pong           u64le nonce, u64le nanoseconds that the ping waited
///     clock block:
///     u8     flags          bits 0–1: 0 FULL, 1 DELTA, 2 PARTIAL; bit 2: an acknowledgement follows; bit 3: testimonies
///                           follow the entries; bits 4–5 are reserved and must be 0; bit 6: the sender's clock has
///                           gaps; bit 7: lower bounds follow the entries
///     uv     epoch          the sender's
///     uv     counter        the sender's own entry: the dot of this datagram, 1 … 2^53−1
///     ack:   uv epoch       the addressee's incarnation that it refers to
///            uv highest     link sequence number received from the addressee
///            u64le bitmap   of the 64 before it
///            uv delay       microseconds since the highest arrived
///     DELTA: uv base         an event of the sender: what changed after it is included
///     PARTIAL: uv base, uv through      what changed after the one, up to the other, is included; and some of the rest
///     uv     n              entries, at most 4,096
///     n ×    id host, uv epoch, uv counter      strictly ascending by host, sender excluded, no zeros
///     bit 7: uv m           lower bounds, 0…n
///            m × uv         positions among the entries, from 0, strictly ascending: these hosts' clocks had gaps
///     bit 3: uv t           testimonies, 1…16
///            t × id subject, u8 how, uv epoch, uv counter, uv age, uv knownOfYou, uv gotOfYou
///                           strictly ascending by subject, neither sender nor addressee; how: bit 0 the sender asks
///                           for the same, bit 1 on behalf of another, bit 2 it trusts the subject; the latest event of
///                           the subject that the sender got directly (counter 0: none), microseconds ago; events of
///                           the addressee's acknowledged incarnation that the subject knew of, and that it
///                           got directly
///     records: one message of those that `RepairCodec` describes, up to the end: records, or a step of a repair
///
/// The digests and the zero bytes of a ping are the space for its answer: a pong is never larger than its ping, so that no host can
/// use a daemon to multiply traffic. Without an acknowledgement and entries a pong needs 8 bytes more than a ping
/// without the zeros, and up to 17 where its numbers are long and those of the ping short. A DELTA and a PARTIAL
/// clock build upon a message that the addressee has acknowledged (`ClockBaseline`), and carry the addressee's own
/// entry in any case.
enum MessageLayout {
    static let heartbeat: UInt8 = 1
    static let ping: UInt8 = 2
    static let pong: UInt8 = 3
    static let leave: UInt8 = 4
    static let records: UInt8 = 5
    static let lastWords: UInt8 = 6

    static let full: UInt8 = 0
    static let delta: UInt8 = 1
    static let partial: UInt8 = 2
    static let formMask: UInt8 = 0b011
    static let hasAcknowledgement: UInt8 = 0b100
    static let hasTestimonies: UInt8 = 0b1000
    static let reserved: UInt8 = 0b11_0000
    static let hasGaps: UInt8 = 0b100_0000
    static let hasLowerBounds: UInt8 = 0b1000_0000

    static let asks: UInt8 = 0b001
    static let isOnBehalf: UInt8 = 0b010
    static let isTrusted: UInt8 = 0b100
    static let knownTestimonyFlags: UInt8 = 0b111
    static let maximumTestimonies = Testimony.maximumCount

    static let pingPadding = 16
    static let maximumEntries = 4_096
    /// Link sequence numbers end where counters do, so that adding one to them can never overflow.
    static let maximumSequence: UInt64 = (1 << 53) - 1

    static func kind(of body: InboundMessage.Body) -> UInt8 {
        switch body {
        case .heartbeat: heartbeat
        case .ping: ping
        case .pong: pong
        case .leave: leave
        case .records: records
        }
    }
}
