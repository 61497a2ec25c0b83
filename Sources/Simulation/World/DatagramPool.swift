internal import CausalClock
internal import FailureDetection

/// A datagram under way, with what only the simulator knows about it.
struct DatagramUnderWay: Sendable {
    var bytes: [UInt8] = []
    /// The positions of the hosts.
    var from = 0
    var to = 0
    /// When it was sent, in true time.
    var sent = Instant(nanoseconds: 0)
    /// The number of the address that it comes from.
    var source = 0
    /// The sender's incarnation.
    var epoch = Epoch(0)
    /// Whether a bit of it was changed on the way.
    var isCorrupted = false
    /// How many copies are still under way.
    var copies = 0
    /// In which incarnation of the receiver a copy was believed, if one was.
    var believedIn: Epoch?
}

/// The datagrams under way; their storage is used again and again.
struct DatagramPool: Sendable {
    var slots: [DatagramUnderWay] = []
    private var free: [Int] = []

    /// A slot for one datagram, whose bytes are empty.
    mutating func take() -> Int {
        if let slot = free.popLast() { return slot }
        slots.append(DatagramUnderWay())
        slots[slots.count - 1].bytes.reserveCapacity(256)
        return slots.count - 1
    }

    /// One copy of the datagram has arrived, or was lost.
    mutating func release(_ slot: Int) {
        slots[slot].copies -= 1
        guard slots[slot].copies <= 0 else { return }
        slots[slot].bytes.removeAll(keepingCapacity: true)
        slots[slot].isCorrupted = false
        slots[slot].believedIn = nil
        free.append(slot)
    }
}
