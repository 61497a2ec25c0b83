internal import CausalClock
internal import FailureDetection
internal import StatusAPI

/// What each rank of evidence says about a peer, one line each, the strongest first (`RankedVerdict`).
extension Wording {
    static func ranks(_ evidence: Evidence, _ places: PeerPlaces, at now: Instant) -> [RankReport] {
        [
            RankReport(rank: "messages", finding: messages(evidence, places, at: now)),
            RankReport(rank: "testimony", finding: testimony(evidence)),
            RankReport(rank: "closed-port", finding: closedPort(evidence, at: now)),
            RankReport(rank: "silence", finding: pings(evidence)),
            RankReport(
                rank: "unsent",
                finding: evidence.obstacle.map(obstacle)
                    ?? "nothing keeps datagrams to it from leaving this node"),
        ]
    }

    private static func messages(_ evidence: Evidence, _ places: PeerPlaces, at now: Instant) -> String {
        let heard = evidence.lastHeard.map { "heard \(duration(now - $0)) ago" } ?? "never heard"
        return ([heard] + [unproved(evidence, places)].compactMap { $0 }).joined(separator: "; ")
    }

    private static func testimony(_ evidence: Evidence) -> String {
        // What was said before the peer's own latest message says nothing of the present.
        let heard = evidence.lastHeard ?? Instant(nanoseconds: .min)
        let claims = claims(evidence)
        let denials = evidence.reports.filter { !$0.testimony.isTrusted && $0.arrived > heard }
            .map(\.witness.description)
        var parts: [String] = []
        if !claims.isEmpty { parts.append("heard by \(claims.joined(separator: ", "))") }
        if !denials.isEmpty { parts.append("not heard by \(denials.joined(separator: ", "))") }
        if evidence.provedAlive != nil { parts.append("proved to have acted since it fell silent here") }
        return parts.isEmpty ? "no other node has reported on it since" : parts.joined(separator: "; ")
    }

    private static func closedPort(_ evidence: Evidence, at now: Instant) -> String {
        if let verified = evidence.portUnreachable {
            let isOvertaken = verified < evidence.unproved.latest ?? verified
            return "its own address reported its port closed \(duration(now - verified)) ago"
                + (isOvertaken ? "; datagrams that seem to be its own arrived after that" : "")
        }
        guard let report = evidence.latestPortReport else { return "no report" }
        return
            "a report \(duration(now - report)) ago that is not verified, or that its messages refute: ignored"
    }

    private static func pings(_ evidence: Evidence) -> String {
        let open = evidence.probes.count { $0.answered == nil }
        return open == evidence.probes.count
            ? probes(evidence) : "\(open) of \(evidence.probes.count) pings unanswered"
    }

    /// What keeps datagrams from leaving this host, and what to do.
    static func obstacle(_ obstacle: SendObstacle) -> String {
        switch obstacle {
        case .noAddress: "cannot be sent to: its address is not known, for its name is not resolved"
        case .filtered:
            "cannot be sent to: this node's own packet filter refuses it (an OUTPUT rule, or IPAddressDeny= of the unit)"
        case .noRoute:
            "cannot be sent to: this node has no route to it, or no source address for it; see 'ip route get'"
        case .failed: "cannot be sent to: the kernel of this node refuses its datagrams"
        }
    }

    /// What datagrams say that seem to be the peer's and are not believed; `nil` without one.
    static func unproved(_ evidence: Evidence, _ places: PeerPlaces) -> String? {
        guard evidence.unproved.count > 0 else { return nil }
        let source = places.unprovedFrom.map { ", the latest from \($0)" } ?? ""
        let finding =
            evidence.unproved.count == 1
            ? "1 datagram that seems to be its own was not believed"
            : "\(evidence.unproved.count) datagrams that seem to be its own were not believed"
        return "\(finding)\(source): " + remedy(evidence.unproved.reason, places)
    }

    private static func remedy(_ reason: UnprovedReason, _ places: PeerPlaces) -> String {
        switch reason {
        case .key: "their key is not one of this node's; compare [security] keys"
        case .clock:
            "their epoch is more than a day ahead of this node's clock; set the clock there, or here; "
                + "where both are right by now, restart suspectd there unless that node begins again within some seconds"
        case .incarnation where places.isKnownAhead:
            "their incarnation is earlier than the one that is known, which began more than a day ahead of this node's clock; if the clocks "
                + "are right by now, restart suspectd here, and on every other node that refuses it"
        case .incarnation:
            "their incarnation is earlier than the one that is known; its clock may be behind and its state lost, or another daemon uses "
                + "its id: see 'suspectctl why' there"
        case .late:
            "they come too late to show that it is running now; the path has become slow, or something holds them back: "
                + "compare ping.maximum_timeout with the round trips"
        case .identity:
            "they carry another id or version, or are meant for another node; compare [node] id and [[peer]]"
        case .awaitingProof where places.target == nil:
            "it cannot be asked whether it is running, for its address is not known"
        case .awaitingProof where places.unprovedFrom != places.target:
            "it does not answer at \(places.target ?? "its address"), where it is configured; has it moved?"
        case .awaitingProof: "it has not yet answered a ping, which would prove that they are no recording"
        }
    }

    /// Why a peer that is heard gets nothing from us, as far as is known.
    static func deafness(_ evidence: Evidence?, _ places: PeerPlaces, at now: Instant) -> String {
        guard let evidence else { return "check what may drop datagrams to it" }
        if let obstacle = evidence.obstacle { return "it \(Self.obstacle(obstacle))" }
        guard let report = evidence.latestPortReport, now - report <= evidence.interval * 10 else {
            return "check what may drop datagrams to it"
        }
        let target = places.target ?? "its address"
        let source = places.heardFrom.map { $0 == target ? "" : "it is heard from \($0), and " } ?? ""
        return
            "\(source)\(target) refuses the datagrams of this node: it listens elsewhere, or a firewall rejects them"
    }
}
