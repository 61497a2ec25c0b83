/// How far a suspected peer is on its way back.
///
/// Its own messages outrank what was held against it, so while it is heard no cause is named and the suspicion has no
/// vote, although it lasts until the peer has shown that it stays (`FlapDamping`). After a relapse the cause is back with
/// a silence that pings would have confirmed; they are sent. The vote is back only when the peer has been silent for as long
/// as it would have had to be heard, and longer after each relapse (`FlapDamping.settling`): else each heartbeat of a peer
/// that comes and goes would end a confirmation, and each gap between two begin one.
enum Recovery: Sendable, BitwiseCopyable, CaseIterable {
    /// It was not heard in time since it became suspected, or that is long over.
    case none
    /// It is heard in time.
    case heard
    /// It was heard in time, and is silent again.
    case relapsed
}

/// What a suspected peer has shown since it is heard again.
public struct RecoveryProgress: Sendable, BitwiseCopyable, Hashable {
    /// How many messages in time were heard in a row.
    public var heard: Int
    /// How many are needed before it is trusted; 2 or more.
    public var required: Int
    /// Until when its silence means nothing.
    public var until: Instant
}

extension Peer {
    /// Whether it was heard in time since it became suspected: only a message sets a deadline after that instant.
    var hasReturned: Bool { state == .suspected && deadline > stateSince }

    /// When a silence that follows its latest message in time is one that pings would have confirmed.
    var relapse: Instant { deadline + verification }

    /// How far it is on its way back as of `judgementTime`.
    func recovery(at judgementTime: Instant) -> Recovery {
        guard hasReturned else { return .none }
        if relapse > judgementTime { return .heard }
        let settled = deadline + max(verification, interval * Int64(flaps.settling))
        return settled > judgementTime ? .relapsed : .none
    }

    /// The same in numbers; `nil` where it was not heard in time since it became suspected.
    var recoveryProgress: RecoveryProgress? {
        guard hasReturned else { return nil }
        return RecoveryProgress(heard: flaps.heard, required: flaps.required, until: relapse)
    }
}
