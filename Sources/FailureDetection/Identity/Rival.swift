internal import CausalClock

/// Messages of a second incarnation that come while the first is heard.
///
/// A peer that restarts is not heard as what it was before, and answers a ping within a round trip. Another host with its id
/// does neither: nothing asks it, as pings go to the peer's own address.
struct Rival: Sendable, BitwiseCopyable {
    /// So many of its messages are no chance, and so many of the peer's own meanwhile, over this time.
    private static let (enough, duration) = (UInt64(8), TimeSpan.seconds(3))

    private let epoch: Epoch
    private let began: Instant
    /// The highest number of the link to the peer when it was first seen.
    private let highest: UInt64
    private var count: UInt64 = 0
    /// Whether it was seen to send while the peer did: what it sends is not the peer's, whatever becomes of that.
    private var isProved = false

    init(_ epoch: Epoch, at now: Instant, highest: UInt64) {
        (self.epoch, began, self.highest) = (epoch, now, highest)
    }

    /// Notes a message of the other incarnation.
    ///
    /// - Returns: whether both send simultaneously.
    mutating func note(_ epoch: Epoch, at now: Instant, highest: UInt64) -> Bool {
        if epoch != self.epoch { self = Rival(epoch, at: now, highest: highest) }
        count += 1
        isProved =
            isProved
            || (count >= Self.enough && highest >= self.highest + Self.enough && now - began >= Self.duration)
        return isProved
    }

    /// Whether messages of an incarnation are those of another process than the peer's.
    func speaks(as epoch: Epoch) -> Bool { isProved && epoch == self.epoch }
}

extension Peer {
    /// Notes a message of an incarnation that does not prove that it is running.
    ///
    /// - Returns: whether the one that is watched is heard beside it.
    mutating func noteRival(_ epoch: Epoch, at now: Instant) -> Bool {
        guard let known = self.epoch, known != epoch else { return false }
        var rival = incarnation.rival ?? Rival(epoch, at: now, highest: receiver.highest)
        defer { incarnation.rival = rival }
        return rival.note(epoch, at: now, highest: receiver.highest)
    }

    /// Whether what does not prove that the peer is running is of another process, which spoke while the peer was heard.
    func isRival(_ epoch: Epoch) -> Bool { incarnation.rival?.speaks(as: epoch) ?? false }
}
