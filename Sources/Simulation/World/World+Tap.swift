internal import FailureDetection

/// An attacker on the path of one direction, without a key: sees every datagram, can keep it from arriving, and can
/// deliver it later.
struct Tap: Sendable {
    /// The positions of the hosts.
    let from: Int
    let to: Int
    /// Whether what passes is noted.
    var isListening = true
    /// The share of what passes that is kept from arriving.
    var held = 0.0
    /// The datagrams in hand, in order.
    var slots: [Int] = []
}

extension World {
    /// An attacker begins to note what goes from one host to another, and lets a share of it not arrive.
    package mutating func tap(from: Int, to: Int, holding share: Double) {
        if placeOfTap(from: from, to: to) == nil { taps.append(Tap(from: from, to: to)) }
        guard let place = placeOfTap(from: from, to: to) else { return }
        (taps[place].isListening, taps[place].held) = (true, share)
    }

    /// Lets everything pass again; what was noted is kept.
    package mutating func untap(from: Int, to: Int) {
        guard let place = placeOfTap(from: from, to: to) else { return }
        taps[place].isListening = false
    }

    /// Delivers everything that was noted in one direction together, in order.
    package mutating func play(from: Int, to: Int) {
        guard let place = placeOfTap(from: from, to: to) else { return }
        let arrival = now + links.model(from: from, to: to).delay
        for slot in taps[place].slots { queue.push(Happening(at: arrival, .arrival, slot)) }
        taps[place].slots.removeAll()
    }

    /// Notes a datagram that is on its way.
    ///
    /// - Returns: whether it is kept from arriving.
    mutating func isHeld(_ slot: Int) -> Bool {
        guard let place = placeOfTap(from: pool.slots[slot].from, to: pool.slots[slot].to),
            taps[place].isListening
        else { return false }
        pool.slots[slot].copies += 1
        taps[place].slots.append(slot)
        return random.happens(taps[place].held)
    }

    /// A direction has one tap at most.
    private func placeOfTap(from: Int, to: Int) -> Int? {
        taps.firstIndex { $0.from == from && $0.to == to }
    }
}
