internal import CausalClock

/// Asking others about a peer before it is suspected, so that the first cause reported is the right one.
///
/// Heartbeats carry the same questions, but come once an interval: too late for the first verdict. So when half of a
/// round of pings has gone unanswered two others are pinged with each further one. The question makes them ping the peer,
/// and their answer to our next ping says what that showed: whether the peer is running, whether it has got what we
/// sent.
extension Monitor {
    /// How many are asked: as many as must claim that a silent peer is running.
    private static let witnessesAsked = 2
    /// How many are checked to find them: thousands of peers may fall silent simultaneously, and each would check
    /// all.
    private static let witnessesConsidered = 64

    /// Pings two that we hear, always the same in one silence, when the pings to the peer at an index have mostly timed out.
    mutating func sendIndirectProbes(about index: Int, at now: Instant, into effects: inout Effects) {
        guard isolatedSince == nil, areProbesVain(to: index, at: now) else { return }
        // Many hosts may ask about one simultaneously; those that began at other instants ask others.
        let microseconds = max(peers[index].stateSince.nanoseconds / 1_000, 0)
        var place = Int(microseconds % Int64(peers.count))
        var left = Self.witnessesAsked
        for _ in 0..<min(peers.count, Self.witnessesConsidered) where left > 0 {
            place = place + 1 < peers.count ? place + 1 : 0
            guard place != index, peers[place].state == .trusted, peers[place].settings.mode != .heartbeat
            else { continue }
            left -= 1
            probeOutOfBand(place, at: now, into: &effects)
        }
    }

    /// Whether half of the pings to a silent peer, or half of the time for them after a relapse, have passed.
    private func areProbesVain(to index: Int, at now: Instant) -> Bool {
        guard peers[index].state != .pending else {
            return peers.ask(index) { $0.hasTriedInVain }
        }
        let overdue = judgementTime(at: now) - peers[index].deadline
        return peers.ask(index) { $0.hasReturned && overdue * 2 >= $0.verification }
    }

    /// Pings the hosts that the sender of a ping asks about in earnest, unless they were heard since it missed them.
    mutating func relayProbe(for reception: InboundMessage, at now: Instant, into effects: inout Effects) {
        guard case .ping = reception.body else { return }
        for testimony in reception.testimonies where testimony.asks && !testimony.isOnBehalf {
            guard let subject = index(of: testimony.subject.host), peers[subject].state == .trusted,
                peers[subject].settings.mode != .heartbeat
            else { continue }
            let (interval, margin, timeout) = peers.ask(subject) { ($0.interval, $0.margin, $0.pingTimeout) }
            let overdue = now - testimony.age + interval + margin
            // Most silences end with the first pings. Only one that outlasts them is worth a ping of ours.
            guard now - overdue > timeout, !isHeard(subject, after: overdue) else {
                continue
            }
            probeOutOfBand(subject, at: now, into: &effects)
        }
    }

    /// Pings a peer that is not silent, once at a time, however many reasons there are.
    mutating func probeOutOfBand(_ index: Int, at now: Instant, into effects: inout Effects) {
        guard !peers[index].probes.isAwaiting(at: now) else { return }
        sendPing(to: index, use: .aside, at: now, into: &effects)
    }

    mutating func ping(_ index: Int, at now: Instant, into effects: inout Effects) {
        sendPing(to: index, at: now, into: &effects)
        sendIndirectProbes(about: index, at: now, into: &effects)
        // Is it we who are cut off? Another peer is asked along, because its next heartbeat may be long in coming.
        guard peers[index].state == .pending, let witness = witness(besides: index) else { return }
        probeOutOfBand(witness, at: now, into: &effects)
    }

    /// Which peer is best asked whether our own link works, while the peer at `index` is silent.
    ///
    /// It is the trusted peer that was heard last; none, when one was heard since the silence began, or when no
    /// other peer may be pinged.
    func witness(besides index: Int) -> Int? {
        guard peers[index].portUnreachable == nil, isolatedSince == nil else { return nil }
        let overdue = overdueSince(index)
        var best: (place: Int, heard: Instant)?
        for other in peers.indices where other != index && peers[other].state == .trusted {
            if isHeard(other, after: overdue) { return nil }
            guard peers[other].settings.mode != .heartbeat else { continue }
            let heard = lastHeard(other)
            if let best, heard <= best.heard { continue }
            best = (other, heard)
        }
        return best?.place
    }
}

extension Peer {
    /// Whether pings have been sent for as long as half a round takes on a clean link.
    fileprivate var hasTriedInVain: Bool {
        let (usual, round) = (shortestRound(timeout: pingTimeout), pingRound)
        guard isRoundLossy else { return probes.attempts * 2 >= usual.count }
        return round.spacing * Int64(probes.attempts * 2) >= usual.spacing * Int64(usual.count)
    }
}
