@testable import FailureDetection

extension Peer {
    /// Goes to a state as the monitor has it go there.
    mutating func become(_ state: PeerState, at now: Instant) {
        switch state {
        case .unknown: become(.unknown as PeerStanding, at: now)
        case .trusted: become(.trusted(isUnheard: false), at: now)
        case .pending: becomePending(at: now)
        case .suspected:
            becomeSuspected(Suspicion(Verdict(.unknown, .suspected), review: now + reviewPeriod), at: now)
        case .left: become(.left as PeerStanding, at: now)
        }
    }
}
