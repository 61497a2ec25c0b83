/// What points to it that a peer that left is back and does not get through to this host.
///
/// A single liar can begin it, and has the peer pinged by that; what ends the absence is more (`Monitor.settleReturn`).
struct ReturnSign: Sendable, BitwiseCopyable {
    /// Until when it is given to be heard itself.
    var due: Instant
    /// Whether enough others have had events of a later incarnation from it directly.
    var isAttested = false

    /// How long after a goodbye its copies may still arrive, and be refused.
    static let copies = TimeSpan.seconds(10)
}

extension Peer {
    /// Whether it left, and something points to it that it is back.
    var isReturnExpected: Bool { state == .left && returnSign != nil }

    /// Whether it is missed although nothing but datagrams that are not believed says that it came back: anything on the network
    /// can send those, so the suspicion has no vote, and a later process of ours does not continue with it.
    var isBackUnattested: Bool { isSilent && state != .left && returnSign?.isAttested == false }
}
