internal import CausalClock
internal import FailureDetection
internal import Wire

/// What happens to datagrams between two hosts.
extension World {
    /// Sends everything in the outbox; the bytes stay there to be looked at.
    mutating func sendAll(from place: Int) {
        guard let epoch = hosts[place].lives.last?.epoch else { return }
        for datagram in outbox.datagrams {
            let to = Int(datagram.destination.low)
            sent[place] += 1
            guard hosts.indices.contains(to) else { continue }
            guard !links.loses(from: place, to: to, at: now, using: &random) else { continue }
            let slot = pool.take()
            pool.slots[slot].bytes.append(
                contentsOf: outbox.arena[datagram.start..<datagram.start + datagram.count])
            pool.slots[slot].from = place
            pool.slots[slot].to = to
            pool.slots[slot].epoch = epoch
            guard !isHeld(slot) else { continue }
            dispatch(slot, over: links.model(from: place, to: to))
        }
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
                    at: now + link.transit(using: &random) + late, .arrival, slot,
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
    /// - Returns: the host, if that made it turn at once.
    mutating func arrive(_ slot: Int, late: TimeSpan) -> Int? {
        let place = pool.slots[slot].to
        guard hosts[place].isUp else {
            refuse(slot)
            return nil
        }
        guard hosts[place].inbox.count < SimulatedHost.bufferSize else {
            hosts[place].dropped += 1
            pool.release(slot)
            return nil
        }
        hosts[place].inbox.append(SimulatedHost.Arrival(slot: slot, at: now - late))
        // The usual case, a loop that is never late, needs no happening of its own.
        if hosts[place].lag.upperBound == .zero, hosts[place].pausedUntil <= now {
            turn(place)
            return place
        }
        schedule(place, at: now)
        return nil
    }

    /// Nobody listens: the kernel of a host that still runs says so.
    private mutating func refuse(_ slot: Int) {
        let (from, to) = (pool.slots[slot].from, pool.slots[slot].to)
        guard hosts[to].refuses, !links.loses(from: to, to: from, at: now, using: &random) else {
            return pool.release(slot)
        }
        let delay = links.model(from: to, to: from).transit(using: &random)
        // The report quotes the datagram, which is kept until it arrives.
        queue.push(Happening(at: now + delay, .unreachable, from, object: slot))
    }

    /// The kernel of a host learns that another one refused the datagram in a slot.
    mutating func tellUnreachable(_ place: Int, of slot: Int) {
        defer { pool.release(slot) }
        guard hosts[place].isUp else { return }
        hosts[place].refusers.append(
            SimulatedHost.Refuser(host: pool.slots[slot].to, quote: Array(pool.slots[slot].bytes.prefix(32))))
        schedule(place, at: now)
    }
}
