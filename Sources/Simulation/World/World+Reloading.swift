internal import CausalClock
package import FailureDetection
internal import Wire

/// What a reload must leave as it was of a peer that stays.
package struct StayingPeer: Sendable, Hashable {
    /// The index of the peer.
    package var place: Int
    /// What is thought of it.
    package var state: PeerState
    /// Since when.
    package var since: Instant
    /// Why.
    package var verdict: Verdict?
    /// When it was last heard.
    package var lastHeard: Instant?
    /// When it is overdue.
    package var deadline: Instant?
    /// How often it was suspected.
    package var suspicions: UInt64
    /// The instant after which it is proved to have lived in its silence.
    package var provedAlive: Instant?
    /// The instant after which it is proved to have got a message of ours.
    package var provedHearing: Instant?
    /// The longest that its crash can go unnoticed; `nil` where other peers come or go, for most of them is another
    /// number then.
    package var bound: TimeSpan?

    /// The same but for that.
    var withoutBound: StayingPeer {
        var peer = self
        peer.bound = nil
        return peer
    }
}

/// What a reload did.
package struct ReloadReport: Sendable {
    /// The peers that stay as they are configured, before it.
    package var before: [StayingPeer]
    /// The same peers after it.
    package var after: [StayingPeer]
}

/// New configurations, and where names lead.
extension World {
    /// Gives a host another configuration; it is loaded in the next turn, or at the next start.
    package mutating func configure(_ place: Int, _ settings: [PeerSettings], quorum: Quorum) {
        hosts[place].settings = settings
        hosts[place].quorum = quorum
        guard hosts[place].isUp else { return }
        hosts[place].mustReload = true
        schedule(place, at: now)
    }

    /// Loads the configuration that waits, as the daemon does on a signal.
    mutating func reload(_ place: Int, at instant: Instant) {
        guard hosts[place].mustReload, let monitor = hosts[place].endpoint?.monitor else { return }
        hosts[place].mustReload = false
        effects.reloads += 1
        let known = (0..<monitor.count).map { monitor.report(ofPeer: $0).settings }
        let staying = hosts[place].settings.filter { known.contains($0) && $0.target == nil }.map(\.id)
        let arePeersSame = known.map(\.id).sorted() == hosts[place].settings.map(\.id).sorted()
        let before = staying.compactMap {
            stayingPeer($0, in: monitor, isBoundKept: arePeersSame, at: instant)
        }
        let (settings, quorum) = (hosts[place].settings, hosts[place].quorum)
        hosts[place].endpoint?.retune(settings, at: instant)
        hosts[place].endpoint?.setQuorum(quorum)
        lookUpAll(place)
        hosts[place].memory?.peersChanged()
        guard let changed = hosts[place].endpoint?.monitor else { return }
        // An isolation may end with a peer that goes, and then all are given time.
        let endsIsolation = monitor.isolatedSince != nil && changed.isolatedSince == nil
        latestReload = ReloadReport(
            before: endsIsolation ? [] : before,
            after: endsIsolation
                ? []
                : staying.compactMap {
                    stayingPeer($0, in: changed, isBoundKept: arePeersSame, at: instant)
                })
    }

    private func stayingPeer(
        _ id: HostID, in monitor: Monitor, isBoundKept: Bool, at instant: Instant
    ) -> StayingPeer? {
        guard let index = monitor.index(of: id), let peer = place(of: id) else { return nil }
        let (report, evidence) = (monitor.report(ofPeer: index), monitor.evidence(of: index))
        return StayingPeer(
            place: peer, state: report.state, since: report.since, verdict: report.verdict,
            lastHeard: report.lastHeard, deadline: report.deadline, suspicions: report.suspicions,
            provedAlive: evidence.provedAlive, provedHearing: evidence.provedHearing,
            bound: isBoundKept ? monitor.detectionTimeBound(ofPeer: index, at: instant) : nil)
    }

    /// Sets where a host finds each of its peers.
    mutating func lookUpAll(_ place: Int) {
        for peer in hosts.indices where peer != place && self.place(of: ids[peer]) == peer {
            lookUp(peer, by: place)
        }
    }

    /// Sets where a host finds another one.
    private mutating func lookUp(_ peer: Int, by place: Int) {
        guard let index = askMonitor(of: place, { $0.index(of: ids[peer]) }) ?? nil else { return }
        let number = hosts[place].lookups.number(of: peer)
        hosts[place].endpoint?.setAddress(
            number.map { World.address(of: peer, number: $0) }, ofPeer: index)
    }

    /// The name of a peer begins, or ceases, not to resolve at one host.
    package mutating func failLookup(of peer: Int, by place: Int, _ isFailing: Bool) {
        hosts[place].lookups.fail(peer, isFailing)
        lookUp(peer, by: place)
    }

    /// One host begins, or ceases, to use an address of a peer at which the peer is not.
    package mutating func misdirect(_ place: Int, about peer: Int, _ isMistaken: Bool) {
        hosts[place].lookups.mistake(peer, isMistaken)
        lookUp(peer, by: place)
    }

    /// A host gets another address instead of the one it has; the others continue with that.
    package mutating func move(_ place: Int) {
        hosts[place].address += 1
        hosts[place].addresses = [hosts[place].address]
    }

    /// All others learn the present address of a host.
    package mutating func announceAddress(of place: Int) {
        for other in hosts.indices where other != place {
            hosts[other].lookups.learn(hosts[place].address, of: place)
            lookUp(place, by: other)
        }
    }

    /// Whether what is sent to another address than a host's own is refused there, and not lost.
    package mutating func setRefusesElsewhere(_ refuses: Bool, at place: Int) {
        hosts[place].refusesElsewhere = refuses
    }
}
