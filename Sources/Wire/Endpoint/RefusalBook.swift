package import CausalClock
package import FailureDetection

/// The refused datagrams that came from the address of one peer, or from addresses of no peer.
///
/// Anyone who can forge a source address can add to it: it explains, and proves nothing.
package struct PeerRefusals: Sendable {
    /// The datagrams that were refused for one reason.
    package struct Tally: Sendable, BitwiseCopyable {
        /// How many, since the start.
        package fileprivate(set) var count: UInt64 = 0
        /// When the last one was refused.
        package fileprivate(set) var last: Instant
        /// How many since the last quiet time.
        fileprivate var recent: UInt64 = 0
    }

    /// For how long none must come for the next one to be worth a line again.
    static let quietTime = TimeSpan.seconds(600)

    /// The reason of the latest one.
    package private(set) var latest: Refusal
    /// When the latest one was refused.
    package private(set) var at: Instant
    /// Where the latest one came from.
    package private(set) var source: NetworkAddress
    /// The id in whose name the latest one of an unknown peer was sent, by its own account; `nil` before there was one.
    package private(set) var claimedID: HostID?
    private var tallies: [Tally?]

    fileprivate init(_ refusal: Refusal, from source: NetworkAddress, at now: Instant) {
        (latest, at, self.source) = (refusal, now, source)
        tallies = Array(repeating: nil, count: Refusal.allCases.count)
    }

    /// What was refused for a reason; `nil` if nothing was.
    package func tally(of refusal: Refusal) -> Tally? { tallies[refusal.rawValue] }

    /// How many were refused, for whatever reason, since the start.
    package var count: UInt64 { tallies.reduce(0) { $0 + ($1?.count ?? 0) } }

    /// Counts one, and returns whether it is worth a line: the first, the second, the fourth, the eighth, and so on
    /// anew after a quiet time.
    fileprivate mutating func note(
        _ refusal: Refusal, from source: NetworkAddress, claiming id: HostID?, at now: Instant
    ) -> Bool {
        (latest, at, self.source) = (refusal, now, source)
        claimedID = id ?? claimedID
        var tally = tallies[refusal.rawValue] ?? Tally(last: now)
        if now - tally.last >= Self.quietTime { tally.recent = 0 }
        tally.count += 1
        tally.recent += 1
        tally.last = now
        tallies[refusal.rawValue] = tally
        return tally.recent & (tally.recent - 1) == 0
    }
}

/// Refused datagrams by the peer from whose address they came, in memory that the configuration bounds.
///
/// A flood from strangers therefore hides nothing of what comes from a peer, and a peer nothing of another.
struct RefusalBook: Sendable {
    /// How many datagrams were refused for each reason, wherever they came from.
    private(set) var totals = [UInt64](repeating: 0, count: Refusal.allCases.count)
    private var peers: [PeerRefusals?]
    /// What came from addresses of no peer.
    private(set) var strangers: PeerRefusals?
    /// A book without entries, for so many peers.
    init(peers count: Int) { peers = Array(repeating: nil, count: count) }

    /// What came from the address of the peer at an index.
    subscript(index: Int) -> PeerRefusals? { peers[index] }

    /// Keeps the entries of the peers that stay: `places` has the former index of each, if it had one.
    mutating func rearrange(_ places: [Int?]) {
        let former = peers
        peers = places.map { place in place.flatMap { former[$0] } }
    }

    /// Counts a refusal.
    ///
    /// - Returns: the count of this reason from the peer whose address the source is, or from strangers if it is no
    ///   peer's,
    ///   where that is worth a line.
    mutating func note(
        _ refusal: Refusal, from source: NetworkAddress, of peer: Int?, claiming id: HostID?, at now: Instant
    ) -> UInt64? {
        totals[refusal.rawValue] += 1
        guard let peer else {
            return Self.note(refusal, from: source, claiming: id, at: now, in: &strangers)
        }
        return Self.note(refusal, from: source, claiming: id, at: now, in: &peers[peer])
    }

    private static func note(
        _ refusal: Refusal, from source: NetworkAddress, claiming id: HostID?, at now: Instant,
        in refusals: inout PeerRefusals?
    ) -> UInt64? {
        var known = refusals ?? PeerRefusals(refusal, from: source, at: now)
        let isWorthALine = known.note(refusal, from: source, claiming: id, at: now)
        refusals = known
        return isWorthALine ? known.tally(of: refusal)?.count : nil
    }
}
