internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Wire

/// Which of a peer's addresses is used.
extension AddressBook {
    /// Whether what is sent to the present address of a peer is acknowledged.
    mutating func isProved(_ place: Int, at now: Instant, in endpoint: Endpoint) -> Bool {
        if let failed = entries[place].failed, let acknowledged = endpoint.acknowledged(ofPeer: place),
            acknowledged > failed
        {
            entries[place].failed = nil
        }
        return entries[place].failed == nil
            && endpoint.isProved(ofPeer: place, at: now, patience: patience(place, in: endpoint))
    }

    /// For how long an acknowledgement is waited for before an address is thought to fail.
    private func patience(_ place: Int, in endpoint: Endpoint) -> TimeSpan {
        max(endpoint.monitor.slowerInterval(ofPeer: place) * 10, .seconds(1))
    }

    func usable(_ place: Int, of name: LookupPlan.Name) -> [Wire.NetworkAddress] {
        let port = entries[place].address?.port ?? 0
        return (name.addresses ?? []).filter { isInReach($0) }.map { NetworkAddress($0.with(port: port)) }
    }

    /// Continues with another address when that has acknowledged what it was asked, and the present one has not.
    mutating func moveIfProved(
        _ place: Int, among usable: [Wire.NetworkAddress], isCurrent: Bool, at now: Instant,
        endpoint: inout Endpoint
    ) -> Bool {
        guard let asked = entries[place].asked else { return false }
        let proof = endpoint.proof(ofPeer: place)
        let isProved = { (instant: Instant?) in instant.map { $0 >= asked } ?? false }
        let next = proof.others.first { usable.contains($0.address) && isProved($0.acknowledged) }
        guard let next, !isCurrent || !isProved(proof.present?.acknowledged) else { return false }
        let isSilent = proof.present?.waitingSince.map { now - $0 > patience(place, in: endpoint) } ?? false
        guard !isCurrent || isSilent || now >= asked + Self.chance
        else {
            nextReview = min(nextReview, asked + Self.chance)
            return false
        }
        move(place, to: next.address, isGuess: false, endpoint: &endpoint)
        keep(place, endpoint: endpoint)
        return true
    }

    mutating func move(
        _ place: Int, to address: Wire.NetworkAddress, isGuess: Bool, endpoint: inout Endpoint
    ) {
        let former = endpoint.proof(ofPeer: place).present
        endpoint.setAddress(address, ofPeer: place)
        entries[place].failed = nil
        // An address that never answered is none that people have to know of.
        guard former?.acknowledged != nil || !isGuess && former != nil else { return }
        news.append(
            .moved(peer: entries[place].peer, from: former?.address, to: address, isGuess: isGuess))
    }

    /// Asks the other addresses of a peer, some at a time, with one ping each.
    ///
    /// The present one is asked along: it has the same chance.
    mutating func ask(
        _ place: Int, among usable: [Wire.NetworkAddress], at now: Instant, endpoint: inout Endpoint,
        into outbox: inout Outbox
    ) {
        let present = endpoint.address(ofPeer: place)
        guard usable.contains(where: { $0 != present }) else { return }
        guard asksLeft > 0 else { return nextReview = min(nextReview, now + .milliseconds(20)) }
        entries[place].asked = now
        if let present { endpoint.ask(present, ofPeer: place, at: now, into: &outbox) }
        askOthers(place, among: usable, at: now, endpoint: &endpoint, into: &outbox)
    }

    /// Sends one ping to some of a peer's other addresses; the next call continues with the next ones.
    mutating func askOthers(
        _ place: Int, among usable: [Wire.NetworkAddress], at now: Instant, endpoint: inout Endpoint,
        into outbox: inout Outbox
    ) {
        let others = usable.filter { $0 != endpoint.address(ofPeer: place) }
        guard !others.isEmpty, asksLeft > 0 else { return }
        for offset in 0..<min(others.count, Self.asksPerPeer) {
            let other = others[(entries[place].turn + offset) % others.count]
            endpoint.ask(other, ofPeer: place, at: now, into: &outbox)
            asksLeft -= 1
        }
        entries[place].turn = (entries[place].turn + Self.asksPerPeer) % others.count
    }
}
