/// Which of the three reasons for silence it was: the request was lost, the peer crashed, the reply was lost.
public struct SilenceReason: Sendable, BitwiseCopyable, Hashable {
    /// The three reasons.
    public enum Kind: String, Sendable, BitwiseCopyable, CaseIterable {
        /// What we sent did not arrive.
        case requestLost
        /// The peer's process ended.
        case crashed
        /// What we sent arrived; its answer did not, or comes late.
        case replyLost
    }

    /// Which.
    public var kind: Kind
    /// How firmly that is known.
    public var certainty: Certainty
}

extension Monitor {
    /// Which of the three reasons for silence it is, or was.
    ///
    /// The peer's own account of what it got decides, when it is heard again; until then what others say.
    func silenceReason(of index: Int) -> SilenceReason? {
        peers.ask(index) { silenceReason(of: $0, at: index) }
    }

    private func silenceReason(of peer: Peer, at index: Int) -> SilenceReason? {
        // What a later incarnation has not got of an earlier one's pings says nothing of the way.
        if peer.watch.hasRestarted { return SilenceReason(kind: .crashed, certainty: .proved) }
        let open = peer.probes.since(peer.watch.began).filter { $0.answered == nil }
        if open.contains(where: { $0.wasReceived == true }) {
            return SilenceReason(kind: .replyLost, certainty: .proved)
        }
        if !open.isEmpty, open.allSatisfy({ $0.wasReceived == false }) {
            return SilenceReason(kind: .requestLost, certainty: .proved)
        }
        // Heard again, and no account yet of what it got: the acknowledgements prove nothing.
        guard !isHeard(index, after: peer.watch.began) else { return nil }
        switch peer.verdict?.cause {
        case .crash: return SilenceReason(kind: .crashed, certainty: .suspected)
        case .inbound: return SilenceReason(kind: .replyLost, certainty: .proved)
        case .link: return SilenceReason(kind: .requestLost, certainty: .suspected)
        default: return nil
        }
    }
}
