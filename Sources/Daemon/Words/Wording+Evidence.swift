internal import CausalClock
internal import FailureDetection

extension Wording {
    /// Which hosts have news of a silent peer, and what that proves.
    static func witnesses(_ evidence: Evidence) -> String {
        let names = claims(evidence)
        switch names.count {
        case 0: return "\(evidence.news?.witness.description ?? "another peer") has newer news of it"
        case 1: return "\(names[0]) hears it" + proof(evidence)
        default: return "\(names.joined(separator: ", ")) hear it" + proof(evidence)
        }
    }

    /// The witnesses that got something of the peer after it was overdue here.
    static func claims(_ evidence: Evidence) -> [String] {
        let began = min(evidence.portUnreachable ?? evidence.deadline, evidence.deadline)
        return evidence.reports.filter { $0.testimony.isTrusted && $0.arrived - $0.testimony.age > began }
            .map(\.witness.description)
    }

    /// What others say of a peer that has probably crashed.
    static func denials(_ evidence: Evidence) -> String {
        let claim = evidence.reports.first {
            $0.testimony.isTrusted && $0.arrived - $0.testimony.age > evidence.deadline
        }
        guard let claim else { return unheard(by: evidence) }
        return "\(claim.witness) alone says that it hears it; where there are more witnesses, two must"
    }

    /// Which witnesses said that they do not hear the peer either; silence of a witness is no answer.
    private static func unheard(by evidence: Evidence) -> String {
        let names = evidence.reports.filter { !$0.testimony.isTrusted }.map(\.witness.description).sorted()
        switch names.count {
        case 0: return "no other node has said that it hears it"
        case 1: return "\(names[0]) does not hear it either"
        default: return "\(names.joined(separator: ", ")) do not hear it either"
        }
    }

    /// Why a rule puts a verdict off, as the end of a sentence.
    static func reason(_ rule: VerdictRule) -> String {
        switch rule {
        case .closedPort: "its port was reported closed early"
        case .losses: "messages are lost on the way"
        case .others: "most peers seemed to fall silent together"
        case .unsent: "pings had not left this node"
        case .lateAnswer: "it acknowledges late"
        case .nextHeartbeat: "its next heartbeat was due soon"
        case .heardByOthers: "other nodes heard it"
        case .ownLag: "this node was slow"
        case .lateReads: "this node reads late"
        }
    }

    /// What a suspected peer has still to show that is heard again.
    static func returned(_ recovery: RecoveryProgress, _ evidence: Evidence, at now: Instant) -> String {
        let heard = evidence.lastHeard.map { "heard again \(duration(now - $0)) ago" } ?? "heard again"
        return "\(heard), but it has come and gone too often to be trusted immediately: it needs "
            + "\(recovery.required) messages in time in a row, and has \(recovery.heard)"
    }

    private static func proof(_ evidence: Evidence) -> String {
        evidence.provedAlive == nil ? "" : ", and it has acted since it fell silent here"
    }

    /// What a silence that is over was, where the peer's own account of what it got proves it.
    static func afterwards(_ evidence: Evidence?) -> String {
        guard let reason = evidence?.reason, reason.certainty == .proved else { return "" }
        return switch reason.kind {
        case .requestLost: "; the pings of this node were lost on their way to it"
        case .replyLost: "; it got the pings of this node, and its answers were lost or late"
        case .crashed: "; its process had ended"
        }
    }
}
