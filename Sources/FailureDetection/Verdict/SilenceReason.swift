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

extension Verdict {
    /// The reason for silence that it implies; `nil` where it implies none.
    ///
    /// That the peer is proved to run (`link`) does not prove that what we sent was lost.
    var silenceReason: SilenceReason? {
        switch cause {
        case .crash, .daemon: SilenceReason(kind: .crashed, certainty: .suspected)
        case .inbound: SilenceReason(kind: .replyLost, certainty: .proved)
        case .link: SilenceReason(kind: .requestLost, certainty: .suspected)
        case .outbound, .isolated, .unknown: nil
        }
    }
}

extension Monitor {
    /// Which of the three reasons for silence it is, or was.
    ///
    /// While the peer is silent the verdict implies it. When it is heard again, its own account of what it got decides.
    func silenceReason(of index: Int) -> SilenceReason? {
        let (account, began, verdict) = peers.ask(index) { ($0.accountOfSilence, $0.watch.began, $0.verdict) }
        if let account { return account }
        // Heard again, and no account yet of what it got: the acknowledgements prove nothing.
        return isHeard(index, after: began) ? nil : verdict?.silenceReason
    }
}

extension Peer {
    /// What its own messages after a silence prove of the reason; `nil` before there are any, or where they prove nothing.
    fileprivate var accountOfSilence: SilenceReason? {
        // What a later incarnation has not got of an earlier one's pings says nothing of the way.
        if watch.hasRestarted { return SilenceReason(kind: .crashed, certainty: .proved) }
        let open = probes.since(watch.began).filter { $0.answered == nil }
        if open.contains(where: { $0.wasReceived == true }) {
            return SilenceReason(kind: .replyLost, certainty: .proved)
        }
        guard !open.isEmpty, open.allSatisfy({ $0.wasReceived == false }) else { return nil }
        return SilenceReason(kind: .requestLost, certainty: .proved)
    }
}
