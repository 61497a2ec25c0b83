internal import FailureDetection
internal import Wire

/// Where an address loses much of what is sent to it, the others of the name are measured beside it.
///
/// Losses alone are no reason to leave an address: the others may share the congestion. So both are counted over the same
/// time, and another address is taken when it acknowledges clearly better. Comparisons cost some datagrams and can be wrong
/// by chance, so each comes later after the one before.
extension AddressBook {
    /// The comparisons of a peer's addresses.
    struct Comparison {
        /// Where the present address stood when the running one began; `nil` while there is none.
        var subject: Wire.NetworkAddress?
        /// The other addresses that are measured.
        var candidates: [Wire.NetworkAddress] = []
        /// How often these have been asked, and when last.
        var (rounds, asked) = (0, Instant(nanoseconds: 0))
        /// When the next may begin, and how long after the end of that the one after it.
        var (next, pause) = (Instant(nanoseconds: 0), firstPause)
    }

    private static let firstPause = TimeSpan.seconds(60)
    private static let longestPause = TimeSpan.seconds(3_600)
    /// From how many lost datagrams among 100 on an address is doubted.
    private static let doubtfulLoss = 20
    /// How many outcomes are enough to doubt an address, and to judge it.
    private static let (enough, sufficient) = (24, 16)
    /// How often the other addresses are asked, with what pause at least, and how long the last answers may take.
    private static let rounds = 40
    private static let spacing = TimeSpan.milliseconds(200)
    private static let lastWait = TimeSpan.seconds(2)
    /// Another address loses so many of 100 less, and at most a third as many.
    private static let clearDifference = 15

    /// Begins, continues or ends a comparison.
    ///
    /// - Returns: whether the peer is sent to at another address now.
    mutating func compare(
        _ place: Int, of name: LookupPlan.Name, at now: Instant, endpoint: inout Endpoint,
        into outbox: inout Outbox
    ) -> Bool {
        guard entries[place].comparison.subject != nil || isDoubtful(place, at: now, in: endpoint),
            let present = endpoint.proof(ofPeer: place).present
        else { return false }
        guard let subject = entries[place].comparison.subject else {
            begin(place, of: name, present, at: now, endpoint: &endpoint)
            return false
        }
        guard subject == present.address else {
            entries[place].comparison.subject = nil
            return false
        }
        nextReview = min(nextReview, now + Self.spacing)
        let comparison = entries[place].comparison
        guard comparison.rounds == Self.rounds else {
            ask(place, at: now, endpoint: &endpoint, into: &outbox)
            return false
        }
        guard now - comparison.asked >= Self.lastWait else { return false }
        return end(place, present, at: now, endpoint: &endpoint)
    }

    /// Whether so much is lost on the way to the present address that others should be checked.
    private func isDoubtful(_ place: Int, at now: Instant, in endpoint: Endpoint) -> Bool {
        let outcomes = endpoint.outcomes(ofPeer: place)
        return outcomes.lostPercent >= Self.doubtfulLoss && outcomes.count >= Self.enough
            && entries[place].comparison.next <= now
    }

    private mutating func begin(
        _ place: Int, of name: LookupPlan.Name, _ present: AddressProof.Trial, at now: Instant,
        endpoint: inout Endpoint
    ) {
        let usable = usable(place, of: name)
        let others = usable.filter { $0 != present.address }
        guard usable.contains(present.address), !others.isEmpty else { return }
        if now - entries[place].comparison.next > Self.longestPause {
            entries[place].comparison.pause = Self.firstPause
        }
        entries[place].comparison.subject = present.address
        entries[place].comparison.rounds = 0
        entries[place].comparison.candidates = (0..<min(others.count, Self.asksPerPeer)).map {
            others[(entries[place].turn + $0) % others.count]
        }
        entries[place].turn = (entries[place].turn + Self.asksPerPeer) % others.count
        endpoint.beginComparison(ofPeer: place)
        nextReview = now
    }

    private mutating func ask(
        _ place: Int, at now: Instant, endpoint: inout Endpoint, into outbox: inout Outbox
    ) {
        let pace = max(Self.spacing, endpoint.monitor.slowerInterval(ofPeer: place))
        guard now - entries[place].comparison.asked >= pace, asksLeft > 0 else { return }
        for candidate in entries[place].comparison.candidates {
            endpoint.ask(candidate, ofPeer: place, at: now, into: &outbox)
            asksLeft -= 1
        }
        entries[place].comparison.rounds += 1
        entries[place].comparison.asked = now
    }

    private mutating func end(
        _ place: Int, _ present: AddressProof.Trial, at now: Instant, endpoint: inout Endpoint
    ) -> Bool {
        let comparison = entries[place].comparison
        entries[place].comparison.subject = nil
        entries[place].comparison.next = now + comparison.pause
        entries[place].comparison.pause = min(comparison.pause * 2, Self.longestPause)
        let best = endpoint.proof(ofPeer: place).others
            .filter {
                comparison.candidates.contains($0.address) && $0.outcomes.count >= Self.sufficient
            }
            .min { $0.outcomes.lostPercent < $1.outcomes.lostPercent }
        guard let best, present.outcomes.count >= Self.sufficient else { return false }
        let (here, there) = (present.outcomes.lostPercent, best.outcomes.lostPercent)
        guard here - there >= Self.clearDifference, there * 3 <= here else { return false }
        endpoint.setAddress(best.address, ofPeer: place)
        entries[place].failed = nil
        news.append(
            .better(
                peer: entries[place].peer, from: present.address, lostPercent: here, to: best.address,
                lostPercentThere: there))
        keep(place, endpoint: endpoint)
        return true
    }
}
