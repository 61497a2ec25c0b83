internal import CausalClock
internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// Datagrams to each peer that this host did not take, by error; in memory that peers and errors bound.
struct SendErrors {
    /// Those of one error.
    struct Tally {
        /// The error.
        let errno: Errno
        /// How many, since the start.
        var count: UInt64 = 0
        /// When the last one failed.
        var last: Instant
        /// How many since the last quiet time.
        var recent: UInt64 = 0
    }

    /// For how long none must fail for the next one to be worth a line again.
    private static let quietTime = TimeSpan.seconds(600)

    private var peers: [HostID: [Tally]] = [:]

    /// The tally of the latest error of a peer.
    func latest(of peer: HostID) -> Tally? { peers[peer]?.max { $0.last < $1.last } }

    /// Counts one.
    /// - Returns: how many have failed like it, where that is worth a line: the first, the second, the fourth, the eighth, and
    ///   so on anew after a quiet time.
    mutating func note(_ errno: Errno, to peer: HostID, at now: Instant) -> UInt64? {
        var tallies = peers[peer] ?? []
        let index = tallies.firstIndex { $0.errno == errno } ?? tallies.endIndex
        if index == tallies.endIndex { tallies.append(Tally(errno: errno, last: now)) }
        if now - tallies[index].last >= Self.quietTime { tallies[index].recent = 0 }
        tallies[index].count += 1
        tallies[index].recent += 1
        tallies[index].last = now
        peers[peer] = tallies
        let recent = tallies[index].recent
        return recent & (recent - 1) == 0 ? tallies[index].count : nil
    }

    /// Forgets the peers that are no longer configured.
    mutating func keep(_ ids: Set<HostID>) { peers = peers.filter { ids.contains($0.key) } }
}

extension Wording {
    /// What an error of sending means, and what to do.
    static func advice(_ errno: Errno) -> String {
        switch errno.rawValue {
        case EPERM:
            "this host's own firewall (an OUTPUT rule) or IPAddressDeny= of the unit refuses them; allow them"
        case EACCES: "a route of this host prohibits them; see \"ip route get ADDRESS\" and \"ip rule\""
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, ENODEV:
            "this host has no way there; compare \"ip route get ADDRESS\" with [node] listen, and the state of its interfaces"
        case EADDRNOTAVAIL, EINVAL:
            "an address in [node] listen is none of this host's, or cannot reach the peer; compare it with \"ip address\""
        case EAFNOSUPPORT: "no address in [node] listen is of the family of the peer's address; add one"
        case EMSGSIZE: "they are longer than the interface allows; raise its MTU"
        case ENOBUFS, ENOMEM, EAGAIN: "this host's queues are full; see the load of its interfaces"
        default: "check the routes and interfaces of this host"
        }
    }
}
