internal import CausalClock
internal import FailureDetection
internal import Records
internal import Wire

/// A member that writes records in the name of another one; otherwise it is as honest as all.
struct RecordLiar: Sendable {
    /// The position of the member.
    let host: Int
    /// The position of the one in whose name it writes.
    let victim: Int
    let lie: RecordLie
    /// The time from one lie to the next.
    let every: TimeSpan
    var isGoingOn = true
    /// Of a source of its own: all else is as it would be without.
    var random: VirtualRandom
}

/// Members that lie in their records.
extension World {
    /// A member begins to write records in the name of another one, a number of times per second.
    package mutating func startLying(_ host: Int, about victim: Int, _ lie: RecordLie, perSecond rate: Int) {
        let random = VirtualRandom(seed: UInt64(host) << 32 | UInt64(victim) << 16 | UInt64(liars.count))
        liars.append(
            RecordLiar(
                host: host, victim: victim, lie: lie, every: .seconds(1) / Int64(max(rate, 1)), random: random
            ))
        queue.push(Happening(at: now, .lie, liars.count - 1))
    }

    /// It no longer does.
    package mutating func stopLying(_ host: Int, about victim: Int, _ lie: RecordLie) {
        for number in liars.indices
        where liars[number].host == host && liars[number].victim == victim && liars[number].lie == lie {
            liars[number].isGoingOn = false
        }
    }

    /// The next lie with a number is due: it is sent in the next turn of its author.
    mutating func prepareLie(_ number: Int) {
        guard liars[number].isGoingOn else { return }
        queue.push(Happening(at: now + liars[number].every, .lie, number))
        let host = liars[number].host
        // One that stands still does not write meanwhile.
        guard hosts[host].isUp, hosts[host].pausedUntil <= now, !hosts[host].lies.contains(number) else {
            return
        }
        hosts[host].lies.append(number)
        schedule(host, at: now)
    }

    /// Sends the lies that are due, each to all peers or to one.
    mutating func tellLies(of place: Int, at instant: Instant) {
        let lies = hosts[place].lies
        hosts[place].lies.removeAll(keepingCapacity: true)
        for number in lies {
            guard let subject = subject(of: liars[number]) else { continue }
            let message = liars[number].lie.message(about: subject, using: &liars[number].random)
            let others = hosts[place].settings.map(\.id)
            // A reload may have left it without peers.
            guard !others.isEmpty else { continue }
            let audience = liars[number].random.happens(0.5) ? others : [liars[number].random.pick(others)]
            for peer in audience {
                hosts[place].endpoint?.send(message, to: peer, at: instant, into: &outbox)
                effects.lies += 1
            }
        }
    }

    /// What a member lies about, as it truly is; `nil` while the other one does not run.
    private func subject(of liar: RecordLiar) -> RecordLie.Subject? {
        let victim = hosts[liar.victim]
        guard let endpoint = victim.endpoint, let incarnation = victim.incarnations.last else { return nil }
        let third = hosts.indices.first { $0 != liar.victim && $0 != liar.host } ?? liar.host
        let latest = Dot(host: victim.id, epoch: incarnation.epoch, counter: max(events[liar.victim], 1))
        return RecordLie.Subject(
            latest: latest, services: endpoint.records.records(of: victim.id).filter { $0.service != nil },
            third: (
                endpoint.records.hash.of(host: hosts[third].id),
                hosts[third].incarnations.last?.epoch ?? Epoch(0)
            ))
    }
}
