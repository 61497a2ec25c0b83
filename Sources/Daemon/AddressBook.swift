internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Wire

/// Where each peer is reached: as it was configured, as it resolved last, and when to ask again.
struct AddressBook {
    private struct Entry {
        var address: Configuration.NetworkAddress
        var isNumeric: Bool
        var nextLookup: Instant
        var lastFailure: String?
    }

    private var entries: [String: Entry] = [:]

    /// The address of a peer as it stands in the configuration.
    func configured(_ peer: String) -> String { entries[peer]?.address.description ?? "" }

    /// Why a peer's name could not be resolved last; `nil` when it could.
    func failure(_ peer: String) -> String? { entries[peer]?.lastFailure }

    /// The earliest instant at which a name is to be looked up again; kept, because every turn asks for it.
    private(set) var nextLookup = Instant.never

    /// Takes the configured addresses; numeric ones are known at once, names are to be looked up now.
    mutating func configure(_ peers: [Configuration.PeerSettings], at now: Instant, endpoint: inout Endpoint)
    {
        let known = entries
        entries = [:]
        for peer in peers {
            let numeric = SocketAddress(host: peer.address.host, port: peer.address.port)
            let isUnchanged = known[peer.id]?.address == peer.address
            var entry = Entry(address: peer.address, isNumeric: numeric != nil, nextLookup: now)
            if isUnchanged, let previous = known[peer.id] {
                entry = previous
                // Whoever reloads may have changed what the name stands for, and not the name.
                entry.nextLookup = now
            }
            entries[peer.id] = entry
            guard !isUnchanged, let index = endpoint.index(ofPeer: peer.id) else { continue }
            endpoint.setAddress(numeric.map { NetworkAddress($0) }, ofPeer: index)
        }
        planLookup()
    }

    /// The names that are due, with the time of the next look-up set by how their peers are doing.
    mutating func takeDue(at now: Instant, endpoint: Endpoint) -> [AddressResolver.Request] {
        guard nextLookup <= now else { return [] }
        var due: [AddressResolver.Request] = []
        for (peer, entry) in entries where !entry.isNumeric && entry.nextLookup <= now {
            let isSettled =
                endpoint.index(ofPeer: peer).map { endpoint.monitor.state(ofPeer: $0) == .trusted } ?? false
            let period = isSettled ? AddressResolver.settledPeriod : AddressResolver.retryPeriod
            entries[peer]?.nextLookup = now + period
            due.append(.init(peer: peer, host: entry.address.host, port: entry.address.port))
        }
        planLookup()
        return due
    }

    /// Has the name of a peer looked up now: its silence may be a move to another address.
    mutating func hastenLookup(of peer: String, at now: Instant) {
        guard let entry = entries[peer], !entry.isNumeric, entry.nextLookup > now else { return }
        entries[peer]?.nextLookup = now
        planLookup()
    }

    private mutating func planLookup() {
        nextLookup = entries.values.reduce(.never) { $1.isNumeric ? $0 : min($0, $1.nextLookup) }
    }

    /// Takes an answer.
    ///
    /// The present address is kept while the name still has it and the peer is trusted; a silent peer is tried at
    /// its next address. `canReach` tells for which families there is a socket.
    mutating func take(
        _ answer: AddressResolver.Answer, endpoint: inout Endpoint, canReach: (_ isIPv4: Bool) -> Bool
    ) {
        let peer = answer.request.peer
        guard entries[peer]?.address.host == answer.request.host,
            entries[peer]?.address.port == answer.request.port, let index = endpoint.index(ofPeer: peer)
        else { return }
        switch answer.result {
        case .failure(let failure):
            entries[peer]?.lastFailure = failure.description
        case .success(let addresses):
            entries[peer]?.lastFailure = nil
            let usable = addresses.filter { canReach($0.isIPv4) }.map { NetworkAddress($0) }
            if usable.isEmpty {
                entries[peer]?.lastFailure = "its addresses are of a family that [node] listen does not cover"
            }
            guard
                let next = choose(
                    among: usable, present: endpoint.address(ofPeer: index),
                    isTrusted: endpoint.monitor.state(ofPeer: index) == .trusted)
            else { return }
            endpoint.setAddress(next, ofPeer: index)
        }
    }

    private func choose(
        among addresses: [Wire.NetworkAddress], present: Wire.NetworkAddress?, isTrusted: Bool
    ) -> Wire.NetworkAddress? {
        guard let present, let place = addresses.firstIndex(of: present) else { return addresses.first }
        return isTrusted ? present : addresses[(place + 1) % addresses.count]
    }
}

extension Endpoint {
    /// The place of the peer that is configured under this id.
    func index(ofPeer id: String) -> Int? { HostID(id).flatMap { monitor.index(of: $0) } }
}
