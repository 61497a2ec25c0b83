internal import FailureDetection

/// The addresses of the peers in order, each with the peer's position: so that a datagram, or a report about one,
/// of which anyone can send as many as there is space for, costs no walk through all peers.
struct AddressIndex: Sendable {
    private typealias Entry = (address: NetworkAddress, place: Int)

    /// `nil` until it is asked for: a daemon that refuses nothing needs none.
    private var entries: [Entry]?

    /// Notes that the peers are others.
    mutating func forget() { entries = nil }

    /// Notes that the peer at an index is reached at another address.
    mutating func move(_ place: Int, from former: NetworkAddress?, to address: NetworkAddress?) {
        guard entries != nil else { return }
        if let former { remove(former, place) }
        guard let address else { return }
        let slot =
            slots(of: address).first { entries?[$0].place ?? 0 > place } ?? slots(of: address).upperBound
        entries?.insert((address, place), at: slot)
    }

    private mutating func remove(_ address: NetworkAddress, _ place: Int) {
        guard let slot = slots(of: address).first(where: { entries?[$0].place == place }) else { return }
        entries?.remove(at: slot)
    }

    /// Finds the peers that are reached at an address: mostly one or none.
    ///
    /// - Parameters:
    ///   - address: the address.
    ///   - addresses: says where all peers are reached, in the order of their positions; called where they are not
    ///     known.
    /// - Returns: their positions, ascending.
    mutating func places(at address: NetworkAddress, _ addresses: () -> [NetworkAddress?]) -> [Int] {
        if entries == nil { entries = Self.sorted(addresses()) }
        return slots(of: address).compactMap { entries?[$0].place }
    }

    private func slots(of address: NetworkAddress) -> Range<Int> {
        let first = firstSlot(of: address)
        var end = first
        while let entries, end < entries.count, entries[end].address == address { end += 1 }
        return first..<end
    }

    private func firstSlot(of address: NetworkAddress) -> Int {
        guard let entries else { return 0 }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(entries[middle].address, address) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func sorted(_ addresses: [NetworkAddress?]) -> [Entry] {
        addresses.enumerated().compactMap { place, address in address.map { ($0, place) } }
            .sorted { $0.address == $1.address ? $0.place < $1.place : precedes($0.address, $1.address) }
    }

    private static func precedes(_ left: NetworkAddress, _ right: NetworkAddress) -> Bool {
        (left.high, left.low, left.port, left.scope, left.isIPv4 ? 0 : 1)
            < (right.high, right.low, right.port, right.scope, right.isIPv4 ? 0 : 1)
    }
}

extension Endpoint {
    /// The positions of the peers that are reached at an address now.
    mutating func peers(at address: NetworkAddress) -> [Int] {
        addressIndex.places(at: address) { links.map { $0.proof.present?.address } }
    }
}
