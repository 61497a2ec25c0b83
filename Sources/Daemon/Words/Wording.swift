internal import CausalClock
internal import FailureDetection
internal import StatusAPI

/// Sentences for people: what happened, and what it rests on.
enum Wording {
    /// A length of time as people read it: `850 µs`, `180 ms`, `4.2 s`, `3 min`, `5 h`, `9 d`.
    static func duration(_ span: TimeSpan) -> String {
        let microseconds = span.microseconds
        switch microseconds {
        case ..<1_000: return "\(microseconds) µs"
        case ..<1_000_000: return "\(microseconds / 1_000) ms"
        case ..<120_000_000: return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
        case ..<7_200_000_000: return "\(microseconds / 60_000_000) min"
        case ..<172_800_000_000: return "\(microseconds / 3_600_000_000) h"
        default: return "\(microseconds / 86_400_000_000) d"
        }
    }

    /// What a notice says, in one sentence without a full stop.
    static func sentence(_ notice: Notice, _ places: PeerPlaces = PeerPlaces()) -> String {
        let peer = notice.peer?.description ?? "this node"
        let span = duration(notice.duration ?? .zero)
        return switch notice.kind {
        case .suspect: "\(peer) is suspected (\(cause(notice))): \(finding(notice, places) ?? "silent")"
        case .trust: trust(in: peer, notice)
        case .pending: "\(peer) is overdue, or its port is reported closed, and is being pinged"
        case .confirm:
            "the suspicion of \(peer) is confirmed: \(finding(notice, places) ?? "a quorum suspects it")"
        case .restart where notice.peer == notice.dot.host: renewal(to: notice.epoch)
        case .restart: "\(peer) has restarted; its epoch is \(notice.epoch?.description ?? "unknown") now"
        case .leave: departure(of: peer, backWithin: notice.duration)
        case .isolated:
            "\(silence(of: notice.share)): this node or its network is more likely at fault"
        case .rejoined: "peers are heard again after \(span) of isolation"
        case .asymmetric:
            "\(peer) is heard but does not hear this node; \(deafness(notice.evidence, places, at: notice.at))"
        case .flapping: flapping(of: peer, notice.restartSeries)
        case .target: "\(peer): \(target(notice.target))"
        case .conflict: conflict(notice.conflict, with: peer, places)
        case .stall: "this node was paused for \(span); no peer is blamed for that time"
        }
    }

    /// What a notice says beyond its kind, its peer and the cause, where its sentence repeats these.
    static func finding(_ notice: Notice, _ places: PeerPlaces) -> String? {
        guard let evidence = notice.evidence else { return nil }
        return switch notice.kind {
        case .suspect: suspicion(evidence, places, notice.verdict, at: notice.at)
        case .confirm: agreement(evidence.agreement)
        default: nil
        }
    }

    /// Why a peer is in its present state.
    static func reason(
        _ evidence: Evidence, _ places: PeerPlaces = PeerPlaces(), state: PeerState, verdict: Verdict?,
        at now: Instant
    ) -> String {
        switch state {
        case .unknown: return "never heard since this node started"
        case .left:
            return evidence.returnDue.map {
                "it announced a reboot, and is expected back within \(duration(max($0 - now, .zero)))"
            }
                ?? (evidence.isBackUnheard
                    ? "it announced a planned stop, seems to be back, and has not been heard here"
                    : "it announced a planned stop")
        case .trusted where verdict?.cause == .outbound:
            return
                "it is heard, but has acknowledged none of the latest datagrams of this node; "
                + deafness(evidence, places, at: now)
        case .trusted: return "heard \(duration(silence(evidence, at: now))) ago"
        case .pending:
            return "overdue for \(duration(max(now - evidence.deadline, .zero))); \(probes(evidence))"
        case .suspected: return suspicion(evidence, places, verdict, at: now)
        }
    }

    private static func trust(in peer: String, _ notice: Notice) -> String {
        guard let silence = notice.duration else {
            return notice.evidence == nil ? "\(peer) is trusted" : "\(peer) hears this node again"
        }
        return "\(peer) is trusted again after \(duration(silence)) under suspicion"
            + afterwards(notice.evidence)
    }

    private static func renewal(to epoch: Epoch?) -> String {
        "this node had an epoch that its peers did not believe, as after the loss of its state directory or with a clock "
            + "that was wrong; it continues with epoch \(epoch?.description ?? "unknown")"
    }

    private static func departure(of peer: String, backWithin absence: TimeSpan?) -> String {
        guard let absence else { return "\(peer) is leaving as planned" }
        return "\(peer) is leaving for a reboot, and is expected back within \(duration(absence))"
    }

    private static func silence(of share: SilentShare?) -> String {
        // Of all peers some may have been silent before.
        guard let share, share.silent < share.members else { return "no peer is heard any more" }
        return "\(share.silent) of \(share.members) peers fell silent together"
    }

    private static func flapping(of peer: String, _ series: RestartSeries?) -> String {
        guard let series else {
            return
                "\(peer) comes and goes: it stays suspected until it is heard in time several times in a row; "
                + "check its link and its load"
        }
        return
            "\(peer) restarted \(series.count) times in \(duration(series.duration)): it crashes repeatedly, and "
            + "stays suspected until it is heard in time several times in a row; see its own journal"
    }

    private static func suspicion(
        _ evidence: Evidence, _ places: PeerPlaces, _ verdict: Verdict?, at now: Instant
    ) -> String {
        // Its own messages outrank what others think.
        if let recovery = evidence.recovery, recovery.until > now {
            return returned(recovery, evidence, at: now)
        }
        return silentSince(evidence, at: now) + "; " + explanation(verdict?.cause, evidence, places) + "; "
            + agreement(evidence.agreement)
    }

    private static func silentSince(_ evidence: Evidence, at now: Instant) -> String {
        let silence =
            evidence.lastHeard == nil
            ? "never heard"
            : "silent for \(duration(silence(evidence, at: now))) (heartbeats every "
                + "\(duration(evidence.interval)))"
        let absence = evidence.returnDue.map {
            "; it left for a reboot, and was expected back \(duration(max(now - $0, .zero))) ago"
        }
        let unheard = evidence.isBackUnheard ? "; it left as planned, and seems to be back" : ""
        return "\(silence), \(probes(evidence))\(absence ?? unheard)"
    }

    private static func silence(_ evidence: Evidence, at now: Instant) -> TimeSpan {
        now - (evidence.lastHeard ?? now)
    }

    static func probes(_ evidence: Evidence) -> String {
        switch evidence.probes.count {
        case 0: "not pinged"
        case 1: "1 ping unanswered"
        default: "\(evidence.probes.count) pings unanswered"
        }
    }

    private static func explanation(_ cause: Cause?, _ evidence: Evidence, _ places: PeerPlaces) -> String {
        switch cause {
        case .crash where evidence.portUnreachable != nil: "its own address reports that its port is closed"
        case .crash: denials(evidence)
        case .link: "\(witnesses(evidence)), so only the link to it is broken"
        case .isolated where evidence.lastHeard == nil: "all other peers, or most, are not heard either"
        case .isolated: "it fell silent with all peers, or most"
        case .inbound: "\(witnesses(evidence)); it hears this node, and this node does not hear it"
        case .outbound: "it does not hear this node"
        case .daemon:
            "its host said that suspectd has ended there, and not as planned; the host itself was running"
        case .unknown, nil:
            unproved(evidence, places) ?? evidence.obstacle.map { "it \(obstacle($0))" }
                ?? "no other node has information about it"
        }
    }

    private static func cause(_ notice: Notice) -> String {
        guard let verdict = notice.verdict, let cause = notice.reportedCause, cause != .unknown else {
            return "cause unknown"
        }
        // That it was never heard is no conclusion.
        guard cause != .neverHeard else { return cause.text }
        return "\(cause.text), \(ReportedCertainty(verdict.certainty).text)"
    }
}
