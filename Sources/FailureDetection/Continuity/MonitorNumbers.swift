internal import CausalClock

/// The numbers that must never be used twice in one incarnation, as plain words: cheap enough to be written
/// down before every sending, so that even a process that is killed can be continued without guessing.
///
/// Eight words for the whole, then eight for each peer in order of id, so that no record straddles a page.
extension Monitor {
    /// How many words a record has.
    public static let wordsPerRecord = 8

    /// Appends the words.
    ///
    /// - Parameters:
    ///   - layout: says which snapshot's peers these are.
    ///   - now: the present instant.
    ///   - words: taken over as they are, and appended to.
    public func appendNumbers(layout: UInt64, at now: Instant, to words: inout [UInt64]) {
        words.append(layout)
        words.append(clock.epoch.value)
        words.append(clock.counter)
        words.append(UInt64(bitPattern: now.nanoseconds))
        for _ in 4..<Self.wordsPerRecord { words.append(0) }
        // In place, and by one pass through both: with a thousand peers this is done a thousand times a second.
        var place = 0
        for index in peers.indices {
            while place < clock.entries.count, clock.entries[place].host < peers[index].id { place += 1 }
            let isKnown = place < clock.entries.count && clock.entries[place].host == peers[index].id
            appendNumbers(ofPeer: index, entry: isKnown ? clock.entries[place] : nil, to: &words)
        }
    }

    private func appendNumbers(ofPeer index: Int, entry: Dot?, to words: inout [UInt64]) {
        words.append(epoch(ofPeer: index)?.value ?? 0)
        let receiver = peers[index].receiver
        words.append(receiver.highest)
        words.append(receiver.bitmap)
        words.append(UInt64(bitPattern: receiver.highestArrival.nanoseconds))
        words.append(peers[index].sender.next)
        words.append(entry?.epoch.value ?? 0)
        words.append(entry?.counter ?? 0)
        words.append(UInt64(bitPattern: receiver.highestSent.nanoseconds))
    }
}

extension MonitorSnapshot {
    /// Takes over numbers that were written down after the snapshot was.
    ///
    /// - Returns: `false`, and nothing is changed, when they are not of this incarnation, these peers, or the
    ///   same layout.
    public mutating func advance(to words: [UInt64], layout: UInt64) -> Bool {
        let size = Monitor.wordsPerRecord
        guard words.count == size * (peers.count + 1), words[0] == layout, words[1] == epoch.value else {
            return false
        }
        taken = max(taken, Instant(nanoseconds: Int64(bitPattern: words[3])))
        counter = max(counter, min(words[2], VectorClock.maximumCounter))
        var known = VectorClock(owner: id, epoch: epoch)
        for entry in clock { known.merge(entry) }
        for index in peers.indices {
            let record = words[(size * (index + 1))..<(size * (index + 2))]
            peers[index].advance(to: record)
            let entry = Dot(
                host: peers[index].id, epoch: Epoch(record[record.startIndex + 5]),
                counter: min(record[record.startIndex + 6], VectorClock.maximumCounter))
            if entry.counter > 0 { known.merge(entry) }
        }
        clock = known.entries
        return true
    }
}

extension PeerSnapshot {
    fileprivate mutating func advance(to record: ArraySlice<UInt64>) {
        let first = record.startIndex
        nextSequence = max(nextSequence, record[first + 4])
        let heard = record[first]
        guard heard > 0 else { return }
        if heard != epoch?.value {
            // It began a new incarnation just before ours ended; nothing of that one was learnt yet.
            epoch = Epoch(heard)
            samples = []
            interval = nil
            received = ReceivedLink()
        }
        received.highest = record[first + 1]
        received.bitmap = record[first + 2]
        received.arrival = Instant(nanoseconds: Int64(bitPattern: record[first + 3]))
        received.sent = Instant(nanoseconds: Int64(bitPattern: record[first + 7]))
    }
}
