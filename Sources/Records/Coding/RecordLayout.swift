/// How a record stands in a datagram.
///
/// Numbers are unsigned LEB128 in their shortest form (`uv`) unless a width is given; fixed widths are least significant
/// byte first.
///
///     u8     kind            bits 0–3: 1 removed, 2 member, 3 view, 4 service; bit 7: a signature of 64 bytes follows
///                            the value, reserved; the others are 0
///     id     host            the author; of a removal the subject
///     uv     epoch           the author's incarnation; of a removal the latest incarnation that it covers; from 1
///     uv     counter         the author's event, 1 to 2^53 − 1; not in a removal
///     service: id name
///     uv     length          of the value, in bytes, at most `maximumValueLength`; not in a removal
///     the value
///
/// view:
///
///     u8     flags           bit 0 abstains, bit 1 dark, bit 2 the list is a part; the others are 0
///     uv     n               suspects, at most 64, and no more than fit into the value
///     n ×    u64 subject     keyed hash of its id, strictly ascending
///            uv epoch        the incarnation that is suspected, 0 for none
///            uv counter      the author's event in which the suspicion began: 1 to the record's own
///            u8 reasons      bits 0–2: cause, 0 unknown, 1 crash, 2 link, 3 inbound, 4 daemon; bit 3: it is proved; bit 4:
///                            after another's suspicion of the subject; the others are 0
///
/// member:
///
///     u8     flags           bit 0 has left; the others are 0
///     uv     mesh limit      1 to 65,535
///     u8     length          of the version, at most 32; then as many bytes of printable ASCII
///     uv     a               addresses, at most 8
///     a ×    u8 family       4 or 6; then 4 or 16 bytes, and a port of 2 bytes
///     uv     m               answers, at most 16
///     m ×    u64 observer, uv epoch, uv counter
///
/// service:
///
///     u8     state           bits 0–3: `ServiceState`; bit 6: it is proved; bit 7: it is gone
///     u8     cause           `ServiceCause`
///     u8     detail          0 none, 1 status, 2 signal, 3 status unknown, 4 child killed, 5 starts on demand
///     u8     number          of the status or the signal; 0 for other details
///     uv     generation, uv restarts, uv since (microseconds since 1970)
///
/// One record has one encoding: anything else is refused. So the keyed hash of the bytes is a hash of the record.
package enum RecordLayout {
    /// The longest value, in bytes.
    ///
    /// With it the longest record fits into a datagram beside the longest names, numbers and acknowledgement.
    package static let maximumValueLength = 730
    /// The longest record, in bytes: kind, host, two numbers, length and value; with a service's name that is shorter.
    package static let maximumLength = 1 + 64 + 10 + 8 + 2 + maximumValueLength

    static let kindMask: UInt8 = 0x0F

    static let abstainsBit: UInt8 = 1 << 0
    static let darkBit: UInt8 = 1 << 1
    static let partialBit: UInt8 = 1 << 2
    static let viewFlags: UInt8 = 0b111

    static let causeMask: UInt8 = 0b111
    static let provedBit: UInt8 = 1 << 3
    static let afterAnotherBit: UInt8 = 1 << 4
    static let reasonBits: UInt8 = 0b1_1111

    static let leftBit: UInt8 = 1

    static let stateMask: UInt8 = 0x0F
    static let stateProvedBit: UInt8 = 1 << 6
    static let goneBit: UInt8 = 1 << 7
}
