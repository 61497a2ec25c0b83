internal import CausalClock
internal import FailureDetection
internal import Wire

/// What happens to datagrams between two hosts.
extension World {
    /// Sends the datagrams in the outbox, the first `limit` of them; the bytes stay there to be checked.
    mutating func sendAll(from place: Int, limit: Int = .max) {
        guard let epoch = hosts[place].incarnations.last?.epoch else { return }
        for datagram in outbox.datagrams.prefix(limit) {
            let (to, number) = World.target(of: datagram.destination)
            sent[place] += 1
            guard hosts.indices.contains(to), mayLeave(place, for: to, datagram) else {
                continue
            }
            guard !links.loses(from: place, to: to, at: now, using: &random) else { continue }
            let bytes = outbox.arena[datagram.start..<datagram.start + datagram.count]
            guard isAdmitted(from: place, to: to, number: number, bytes) else { continue }
            let slot = pool.take()
            pool.slots[slot].bytes.append(contentsOf: bytes)
            pool.slots[slot].from = place
            pool.slots[slot].to = to
            pool.slots[slot].sent = now
            pool.slots[slot].source = hosts[place].address
            pool.slots[slot].epoch = epoch
            guard !isHeld(slot) else { continue }
            dispatch(slot, over: links.model(from: place, to: to))
        }
    }

    /// Whether the sender's own kernel sends a datagram.
    private mutating func mayLeave(_ place: Int, for to: Int, _ datagram: Outbox.Datagram) -> Bool {
        guard links.isBlocked(from: place, to: to) else { return true }
        effects.unsent += 1
        hosts[place].unsent.append(datagram)
        return false
    }

    /// Whether a datagram that was not lost gets past the firewalls, and to an address that its host has.
    private mutating func isAdmitted(
        from: Int, to: Int, number: Int, _ datagram: ArraySlice<UInt8>
    ) -> Bool {
        if let isVerified = links.rejection(from: from, to: to) {
            answer(datagram, from: from, to: to, number: number, isVerified: isVerified)
            return false
        }
        guard !hosts[to].addresses.contains(number) else { return true }
        effects.misdirected += 1
        if hosts[to].refusesElsewhere {
            answer(datagram, from: from, to: to, number: number, isVerified: true)
        }
        return false
    }

    /// Answers a datagram with an error instead of delivering it.
    private mutating func answer(
        _ datagram: ArraySlice<UInt8>, from: Int, to: Int, number: Int, isVerified: Bool
    ) {
        guard !links.loses(from: to, to: from, at: now, using: &random) else { return }
        effects.rejected += 1
        let there = links.model(from: from, to: to).transit(at: now, using: &random)
        let back = links.model(from: to, to: from).transit(at: now, using: &random)
        let destination = World.address(of: to, number: number)
        // A router on the path answers in its own name.
        let offender = isVerified ? destination : World.address(of: World.router)
        deliver(ICMPError(about: destination, by: offender, quoting: datagram), to: from, after: there + back)
    }

    private mutating func dispatch(_ slot: Int, over link: LinkModel) {
        if random.happens(link.corruption) { corrupt(slot) }
        let copies = random.happens(link.duplication) ? 2 : 1
        pool.slots[slot].copies += copies
        let readDelay = hosts[pool.slots[slot].to].readDelay
        for _ in 0..<copies {
            let late = readDelay.upperBound > .zero ? random.within(readDelay) : .zero
            // How late it is read fits: it is at most some seconds.
            queue.push(
                Happening(
                    at: now + link.transit(at: now, using: &random) + late, .arrival, slot,
                    object: Int(late.microseconds)))
        }
    }

    /// Changes one to three bits, a whole byte, or the length.
    private mutating func corrupt(_ slot: Int) {
        let count = pool.slots[slot].bytes.count
        pool.slots[slot].isCorrupted = true
        switch random.below(4) {
        case 0: pool.slots[slot].bytes.removeLast(1 + random.below(count - 1))
        case 1: pool.slots[slot].bytes[random.below(count)] ^= UInt8(1 + random.below(255))
        default:
            // Different bits of different bytes, so that no change takes another one back.
            let first = random.below(count)
            for offset in 0...random.below(3) {
                pool.slots[slot].bytes[(first + offset) % count] ^= 1 << UInt8(random.below(8))
            }
        }
    }

    /// A datagram reaches the socket of its host.
    ///
    /// - Parameters:
    ///   - slot: the datagram.
    ///   - late: how long it has waited there already.
    /// - Returns: the host, if that made it turn immediately.
    mutating func arrive(_ slot: Int, late: TimeSpan) -> Int? {
        let place = pool.slots[slot].to
        guard hosts[place].isUp || hosts[place].isSocketKept else {
            refuse(slot)
            return nil
        }
        guard hosts[place].inbox.count < SimulatedHost.bufferSize else {
            hosts[place].dropped += 1
            pool.release(slot)
            return nil
        }
        hosts[place].inbox.append(SimulatedHost.Arrival(slot: slot, at: now - late))
        guard hosts[place].isUp else { return nil }
        // The usual case, a loop that is never late, needs no happening of its own.
        if hosts[place].lag.upperBound == .zero, hosts[place].pausedUntil <= now {
            turn(place)
            return place
        }
        schedule(place, at: now)
        return nil
    }

    /// The process does not run: the kernel of a host that still runs says so.
    private mutating func refuse(_ slot: Int) {
        let (from, to) = (pool.slots[slot].from, pool.slots[slot].to)
        let destination = World.address(of: to, number: hosts[to].address)
        let error = ICMPError(about: destination, by: destination, quoting: pool.slots[slot].bytes[...])
        pool.release(slot)
        guard hosts[to].refuses, !links.loses(from: to, to: from, at: now, using: &random) else { return }
        deliver(error, to: from, after: links.model(from: to, to: from).transit(at: now, using: &random))
    }
}
