package import FailureDetection

/// Something that goes wrong in a simulated world, for a while.
package enum Fault: Sendable, Hashable {
    /// A process dies, or its whole host if nothing `refuses` its datagrams; it comes back after the span.
    case crash(Int, refuses: Bool, losesState: Bool)
    /// A process stops as planned, and comes back after the span.
    case leave(Int)
    /// A loop stands still.
    case pause(Int)
    /// A host stands still as a whole, its network with it, as a virtual machine that is moved.
    case freeze(Int)
    /// A loop wakes half a second to two and a half seconds late, each time.
    case starve(Int)
    /// Datagrams can be read only half a second to two and a half seconds after they arrived.
    case lateReads(Int)
    /// Nothing passes in one direction.
    case cut(from: Int, to: Int)
    /// Nothing passes between these hosts and all others.
    case partition([Int])
    /// A direction loses this share, each datagram independently.
    case loss(from: Int, to: Int, share: Double)
    /// A direction loses this share in bursts of this mean length.
    case bursts(from: Int, to: Int, share: Double, burst: TimeSpan)
    /// A direction takes longer.
    case slow(from: Int, to: Int, by: TimeSpan)
    /// All datagrams of a host may arrive twice.
    case duplication(Int, share: Double)
    /// A direction holds some datagrams back, so that others overtake them.
    case reordering(from: Int, to: Int, share: Double, by: TimeSpan)
    /// All datagrams of a host may be damaged.
    case corruption(Int, share: Double)
    /// A wall clock is set, by seconds.
    case wallClock(Int, by: Int64)
    /// A second host takes the name of one; afterwards the first starts anew.
    case clone(Int)
    /// A host reports to others events that never were at a third one.
    case lie(by: Int, about: Int)
    /// An attacker on the path, without a key, keeps this share of a direction from arriving, and at the end delivers
    /// everything that was sent meanwhile, again or for the first time.
    case intercept(from: Int, to: Int, share: Double)
    /// A member writes records in the name of another one, a number of times per second.
    case forgedRecords(by: Int, about: Int, RecordLie, perSecond: Int)
    /// A process ends and another one continues with its incarnation; killed at some moment, or as planned.
    case restart(Int, killed: KillMoment?)
    /// These hosts load another configuration, and the former one again at the end.
    case reload([Int], Reload)
    /// The name of a host does not resolve at another one.
    case unresolved(by: Int, of: Int)
    /// A host gets another address, which the others learn at the end.
    case move(Int)
    /// Of two addresses of a peer a host uses the one that does not answer; at the end it goes over to the other.
    case misdirected(from: Int, to: Int)
    /// A firewall rejects what goes in one direction; verified, its errors seem to come from the receiver itself.
    case reject(from: Int, to: Int, isVerified: Bool)
    /// A host is informed, a number of times per second, that another one refuses its datagrams, which is not so.
    case forgery(to: Int, about: Int, perSecond: Int)
    /// The kernel of a host refuses to send: to one other, or to all.
    case unsendable(from: Int, to: Int?)
    /// A direction takes longer every other time, for as long as it does not.
    case steps(from: Int, to: Int, by: TimeSpan, every: TimeSpan)
    /// A direction has a queue that fills and drains.
    case bloat(from: Int, to: Int, peak: TimeSpan)
}

/// A fault with its time.
package struct PlannedFault: Sendable, Hashable {
    /// What goes wrong.
    package var fault: Fault
    /// When it begins, in true time.
    package var begins: Instant
    /// How long it lasts.
    package var lasts: TimeSpan

    /// Plans a fault.
    package init(_ fault: Fault, begins: Instant, lasts: TimeSpan) {
        self.fault = fault
        self.begins = begins
        self.lasts = lasts
    }

    /// When it ends.
    package var ends: Instant { begins + lasts }

    /// When nothing of it is left but what settles in a cluster.
    var isOver: Instant { ends + fault.aftermath }
}

extension Fault {
    /// How many hosts it needs besides those of the cluster.
    var sparesNeeded: Int {
        switch self {
        case .clone, .lie: 1
        default: 0
        }
    }

    /// The hosts of which nothing can be expected while it lasts, neither that they judge rightly nor that they seem
    /// alive.
    func troubled(of nodes: Int) -> [Int] {
        switch self {
        case .pause(let host), .freeze(let host), .starve(let host), .lateReads(let host), .clone(let host):
            [host]
        case .corruption(let host, _), .restart(let host, _), .move(let host): [host]
        case .unsendable(let host, nil): [host]
        case .partition(let hosts): nodes == 2 ? [0, 1] : hosts
        default: []
        }
    }

    /// The hosts and links that may hide the end of a peer for longer than its observer says: hosts that stand still or
    /// read late, paths that deliver later what was sent before, and those that act in its name.
    func hides(of nodes: Int) -> [(Int, Int)] {
        switch self {
        case .pause, .freeze, .starve, .lateReads, .clone, .restart, .corruption:
            troubled(of: nodes).map { ($0, $0) }
        case .intercept, .reordering, .lie: troubledLinks(of: nodes)
        case .reload(let hosts, let reload) where reload.changesPatience: hosts.map { ($0, $0) }
        case .reload(_, .without): troubledLinks(of: nodes)
        case .forgedRecords(_, let victim, let lie, _) where lie.needsRestart: [(victim, victim)]
        default: []
        }
    }

    /// How long what it did continues on its own: the last datagrams are read late after its end, and the reader,
    /// which knows, judges later for ten seconds.
    ///
    /// A record that overrides a forged one may wait for the next version of a view that its author may send, and at its author
    /// and again at its holder where each takes one version in five seconds: of what a host says of itself.
    var aftermath: TimeSpan {
        switch self {
        case .lateReads: .milliseconds(12_500)
        case .forgedRecords(_, _, .member, _), .forgedRecords(_, _, .removal, _): .seconds(10)
        case .forgedRecords: .seconds(5)
        default: .zero
        }
    }

    /// Whether the hosts in trouble must still judge others rightly: one that stood still reads what had arrived
    /// before it blames any host.
    var leavesJudgement: Bool {
        switch self {
        case .pause, .freeze, .restart: true
        default: false
        }
    }

    /// The links of which nothing can be expected while it lasts, in both directions.
    func troubledLinks(of nodes: Int) -> [(Int, Int)] {
        switch self {
        case .cut(let from, let to), .loss(let from, let to, _), .bursts(let from, let to, _, _),
            .slow(let from, let to, _), .reordering(let from, let to, _, _), .intercept(let from, let to, _),
            .steps(let from, let to, _, _), .bloat(let from, let to, _),
            .misdirected(let from, let to), .reject(let from, let to, _),
            .unsendable(let from, .some(let to)),
            .unresolved(let from, let to):
            [(from, to)]
        case .reload(let hosts, .without(let peer)): hosts.map { ($0, peer) }
        case .lie(let liar, let victim): [(liar, victim)]
        case .partition(let hosts):
            hosts.flatMap { host in (0..<nodes).filter { !hosts.contains($0) }.map { (host, $0) } }
        default: []
        }
    }
}
