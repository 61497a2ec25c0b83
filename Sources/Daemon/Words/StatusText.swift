internal import FailureDetection
internal import StatusAPI
internal import Wire

/// The one line that `systemctl status` shows: present state, numbers first.
enum StatusText {
    /// For example `Watching 12 peers: 11 trusted, 1 suspected (web-3, 4.2 s, link)`.
    static func text(of endpoint: Endpoint, isOpenToNetwork: Bool, at now: Instant) -> String {
        let monitor = endpoint.monitor
        let score = monitor.health.lagScore.value(at: now)
        let starved = score > 0 ? "; this host is slow, lag score \(score) of \(LagScore.maximum)" : ""
        let suffix = (isOpenToNetwork ? "; unauthenticated" : "") + starved
        let noun = monitor.count == 1 ? "peer" : "peers"
        if monitor.isolatedSince != nil, !monitor.hasHeardPeers {
            return "No peer heard yet: none of \(monitor.count) has answered\(suffix)"
        }
        if let since = monitor.isolatedSince {
            let silent = monitor.silent.count
            let who = silent < monitor.count ? "\(silent) of \(monitor.count)" : "all \(monitor.count)"
            return "Isolated: \(who) \(noun) silent for \(Wording.duration(now - since))\(suffix)"
        }
        guard monitor.count > 0 else { return "Watching 0 peers: none is configured\(suffix)" }
        let counts = PeerState.shown.compactMap { count(of: $0, in: monitor) }.joined(separator: ", ")
        return
            "Watching \(monitor.count) \(noun): \(counts)\(worst(of: monitor, at: now))\(deaf(in: monitor))\(suffix)"
    }

    /// The trusted peers that do not hear this node, at most two by name.
    private static func deaf(in monitor: Monitor) -> String {
        let deaf = (0..<monitor.count).filter {
            monitor.state(ofPeer: $0) == .trusted && monitor.report(ofPeer: $0).verdict?.cause == .outbound
        }
        guard !deaf.isEmpty else { return "" }
        let names =
            deaf.prefix(2).map { "\(monitor.id(ofPeer: $0))" }
            + (deaf.count > 2 ? ["+\(deaf.count - 2)"] : [])
        return "; \(names.joined(separator: ", ")) \(deaf.count == 1 ? "does" : "do") not hear this node"
    }

    private static func count(of state: PeerState, in monitor: Monitor) -> String? {
        let count = (0..<monitor.count).count { monitor.state(ofPeer: $0) == state }
        return count > 0 || state == .trusted ? "\(count) \(state.rawValue)" : nil
    }

    /// The suspected peers, the longest suspected first, at most two by name.
    private static func worst(of monitor: Monitor, at now: Instant) -> String {
        let suspected = (0..<monitor.count).map { monitor.report(ofPeer: $0) }
            .filter { $0.state == .suspected }.sorted { $0.since < $1.since }
        guard !suspected.isEmpty else { return "" }
        var names = suspected.prefix(2).map { peer in
            let evidence = monitor.index(of: peer.id).map { monitor.evidence(of: $0) }
            let cause = peer.verdict.map { ReportedCause($0, by: evidence) }
            let reason = cause.map { $0 == .unknown ? "" : ", \($0.text)" } ?? ""
            return "\(peer.id), \(Wording.duration(now - peer.since))\(reason)"
        }
        if suspected.count > 2 { names.append("+\(suspected.count - 2)") }
        return " (\(names.joined(separator: "; ")))"
    }
}

extension PeerState {
    /// The order in which states are counted for people.
    fileprivate static let shown: [PeerState] = [.trusted, .suspected, .pending, .unknown, .left]
}
