internal import CausalClock

/// What is kept of the link to a peer that was removed: it still knows this incarnation of ours, and we its numbers.
struct RetiredPeer: Sendable {
    var id: HostID
    /// The last number that we took.
    var last: UInt64
    /// The peer's incarnation.
    var epoch: Epoch?
    /// What we got in that incarnation.
    var receiver = LinkReceiver()
    /// When it was last heard.
    var lastHeard: Instant?
    /// Since when it is away as planned, and when it is to be back if it announced that; `nil` if it had not left.
    var absence: (since: Instant, due: Instant?)?
}

/// The links of peers that were removed in this incarnation, the latest `capacity` of them.
///
/// A program that writes the configuration may replace its peers all the time, and a snapshot holds every link. So the
/// oldest is forgotten, all but one number: a host that returns after that begins above every number that may have
/// been taken on its link, because the peer still refuses those. What it costs: of such a peer it is not known
/// which of its datagrams were received before, so that without keys one that was recorded then is believed once
/// more; and the numbers between, which were never sent to it, can count as losses there until its window has moved
/// on.
struct RetiredLinks: Sendable {
    /// The most links that are remembered, as many as `VectorClock` remembers removed hosts.
    static let capacity = 1_024

    /// The links, in the order in which their peers were removed.
    private(set) var items: [RetiredPeer] = []
    /// The highest number that was taken on a link that is forgotten; 0 for none.
    private(set) var forgottenUpTo: UInt64 = 0

    /// No links, or those that an earlier process of this incarnation has kept.
    init(_ links: some Sequence<RetiredLink> = [], forgottenUpTo: UInt64 = 0) {
        self.forgottenUpTo = min(forgottenUpTo, VectorClock.maximumCounter)
        for link in links {
            append(RetiredPeer(id: link.id, last: min(link.last, VectorClock.maximumCounter)))
        }
    }

    /// Adds the link of a peer that is removed.
    mutating func append(_ link: RetiredPeer) {
        items.append(link)
        guard items.count > Self.capacity else { return }
        forgottenUpTo = max(forgottenUpTo, items.removeFirst().last)
    }

    /// Takes out the link of a peer that returns; `nil` when it is not remembered.
    mutating func take(_ peer: HostID) -> RetiredPeer? {
        items.firstIndex { $0.id == peer }.map { items.remove(at: $0) }
    }
}
