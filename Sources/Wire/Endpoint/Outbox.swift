package import CausalClock
package import CausalClock
package import FailureDetection
package import Records

/// What an endpoint wants done: datagrams to send and notices to report.
///
/// Its storage is kept from turn to turn.
package struct Outbox: Sendable {
    /// One datagram in the arena.
    package struct Datagram: Sendable, BitwiseCopyable {
        /// Where its bytes begin.
        package var start: Int
        /// How many there are.
        package var count: Int
        /// Where it goes.
        package var destination: NetworkAddress
        /// The index of the peer that it is for.
        package var peer: Int
        /// From where on this host it is to leave; `nil` where that is for the kernel to choose.
        package var path: LocalPath?
    }

    /// A refusal that is worth a line: the first of its kind from a peer's address or from strangers, the second, the fourth,
    /// the eighth; and anew after ten minutes without.
    package struct RefusalNotice: Sendable {
        /// Why a datagram was refused.
        package var refusal: Refusal
        /// How many have been refused for this reason by now, from this peer's address or from strangers.
        package var count: UInt64
        /// Where it came from.
        package var source: NetworkAddress
        /// The peer whose address that is; `nil` for a stranger.
        package var peer: HostID?
        /// The id in whose name it was sent, where that is the reason.
        package var claimedID: HostID?
    }

    /// The bytes of all datagrams, one after the other.
    package private(set) var arena: [UInt8] = []
    /// The datagrams, in the order in which they are to be sent.
    package private(set) var datagrams: [Datagram] = []
    /// What is to be reported.
    package private(set) var notices: [Notice] = []
    /// Refusals worth a line.
    package private(set) var remarks: [RefusalNotice] = []
    /// The positions of peers that became suspected while this host blames itself.
    package private(set) var silencedPeers: [Int] = []
    /// Heartbeats of peers that are recorded, in the order of their arrival.
    package private(set) var heartbeats: [Arrival] = []
    /// Positions of peers of whose addresses something is to be reconsidered, each perhaps several times.
    package private(set) var addressNews: [AddressNews] = []

    /// What changed in the store of records, in order.
    package private(set) var recordNews: [RecordNews] = []
    /// Hosts in whose name two values of one event exist, or records that they did not write; each once.
    package private(set) var recordConflicts: [HostID] = []

    /// Peers whose stores of records turned out to stay different from ours, whatever is exchanged.
    package private(set) var unequalPeers: [HostID] = []

    /// That the store of records holds another version of a record.
    package struct RecordNews: Sendable {
        /// The record.
        package let record: Record
        /// The version that was held before, in the same incarnation of its author; `nil` if there was none.
        package let replaced: Record?
        /// When it was taken in here.
        package let at: Instant
        /// The neighbour that sent it; `nil` if this host wrote it, or it had to wait.
        package let source: HostID?
    }

    /// Something that was learnt of the addresses of a peer.
    package enum AddressNews: Sendable, BitwiseCopyable {
        /// The host at the present address refused a datagram.
        case failing(peer: Int)
        /// A ping of a round was left unanswered there, and the next one goes out.
        case unanswered(peer: Int)
        /// A datagram that was sent to another address was acknowledged.
        case proved(peer: Int)
    }

    /// That the limit on the size of datagrams to a peer has changed.
    package struct PayloadNews: Sendable {
        /// The peer.
        package var peer: HostID
        /// What is amiss; `nil` when nothing is any more.
        package var finding: PayloadFinding?
    }

    /// Peers to which datagrams of another size get through now.
    package private(set) var payloadNews: [PayloadNews] = []

    /// Makes an outbox with capacity for a busy turn.
    package init() {
        arena.reserveCapacity(64 * 1_200)
        datagrams.reserveCapacity(64)
        notices.reserveCapacity(16)
        remarks.reserveCapacity(16)
    }

    /// Whether there is nothing to do.
    package var isEmpty: Bool {
        datagrams.isEmpty && notices.isEmpty && remarks.isEmpty && heartbeats.isEmpty && silencedPeers.isEmpty
            && unequalPeers.isEmpty && addressNews.isEmpty && payloadNews.isEmpty && recordNews.isEmpty
            && recordConflicts.isEmpty
    }

    /// Empties the outbox and keeps its capacity.
    package mutating func removeAll() {
        arena.removeAll(keepingCapacity: true)
        datagrams.removeAll(keepingCapacity: true)
        notices.removeAll(keepingCapacity: true)
        remarks.removeAll(keepingCapacity: true)
        silencedPeers.removeAll(keepingCapacity: true)
        heartbeats.removeAll(keepingCapacity: true)
        addressNews.removeAll(keepingCapacity: true)
        payloadNews.removeAll(keepingCapacity: true)
        recordNews.removeAll(keepingCapacity: true)
        recordConflicts.removeAll(keepingCapacity: true)
        unequalPeers.removeAll(keepingCapacity: true)
    }

    mutating func append(
        _ datagram: [UInt8], to destination: NetworkAddress, ofPeer index: Int, by path: LocalPath?
    ) {
        datagrams.append(
            Datagram(
                start: arena.count, count: datagram.count, destination: destination, peer: index, path: path))
        arena.append(contentsOf: datagram)
    }

    mutating func append(_ notice: Notice) { notices.append(notice) }

    mutating func append(_ news: PayloadNews) { payloadNews.append(news) }

    mutating func append(_ news: RecordNews) { recordNews.append(news) }

    mutating func append(unequal peer: HostID) { unequalPeers.append(peer) }

    mutating func append(conflictOf host: HostID) {
        if !recordConflicts.contains(host) { recordConflicts.append(host) }
    }

    mutating func append(_ remark: RefusalNotice) { remarks.append(remark) }

    mutating func append(suspect peer: Int) { silencedPeers.append(peer) }

    mutating func append(_ heartbeat: Arrival) { heartbeats.append(heartbeat) }

    mutating func append(failingAddressOf index: Int) { addressNews.append(.failing(peer: index)) }

    mutating func append(unansweredAddressOf index: Int) { addressNews.append(.unanswered(peer: index)) }

    mutating func append(provedAddressOf index: Int) { addressNews.append(.proved(peer: index)) }
}
