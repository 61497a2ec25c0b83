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
    /// A host tells others of events that never were at a third one.
    case lie(by: Int, about: Int)
    /// Somebody on the path, without a key, keeps this share of a direction from arriving, and at the end delivers
    /// everything that was sent meanwhile, again or for the first time.
    case intercept(from: Int, to: Int, share: Double)
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
        case .corruption(let host, _): [host]
        case .partition(let hosts): nodes == 2 ? [0, 1] : hosts
        default: []
        }
    }

    /// How long what it did goes on by itself: the last datagrams are read late after its end, and the reader, which
    /// knows, judges later for ten seconds.
    var aftermath: TimeSpan {
        if case .lateReads = self { .milliseconds(12_500) } else { .zero }
    }

    /// Whether the hosts in trouble must still judge others rightly: one that stood still reads what had arrived
    /// before it blames anybody.
    var leavesJudgement: Bool {
        switch self {
        case .pause, .freeze: true
        default: false
        }
    }

    /// The links of which nothing can be expected while it lasts, in both directions.
    func troubledLinks(of nodes: Int) -> [(Int, Int)] {
        switch self {
        case .cut(let from, let to), .loss(let from, let to, _), .bursts(let from, let to, _, _),
            .slow(let from, let to, _), .reordering(let from, let to, _, _), .intercept(let from, let to, _):
            [(from, to)]
        case .lie(let liar, let victim): [(liar, victim)]
        case .partition(let hosts):
            hosts.flatMap { host in (0..<nodes).filter { !hosts.contains($0) }.map { (host, $0) } }
        default: []
        }
    }
}

extension Fault: CustomStringConvertible {
    /// The fault in a few words; hosts are named as `ClusterSettings` does.
    package var description: String {
        switch self {
        case .crash(let host, let refuses, let losesState):
            "\(refuses ? "the process of" : "all of") \(name(host)) crashes"
                + (losesState ? " and loses its state" : "")
        case .leave(let host): "\(name(host)) leaves"
        case .pause(let host): "\(name(host)) is paused"
        case .freeze(let host): "\(name(host)) is frozen"
        case .starve(let host): "the loop of \(name(host)) is starved"
        case .lateReads(let host): "\(name(host)) reads late"
        case .cut(let from, let to): "nothing passes from \(name(from)) to \(name(to))"
        case .partition(let hosts): "\(hosts.map(name).joined(separator: ", ")) are cut off"
        case .loss(let from, let to, let share): "\(percent(share)) lost from \(name(from)) to \(name(to))"
        case .bursts(let from, let to, let share, let burst):
            "\(percent(share)) lost from \(name(from)) to \(name(to)) in bursts of \(burst.milliseconds) ms"
        case .slow(let from, let to, let by):
            "\(name(from)) to \(name(to)) takes \(by.milliseconds) ms longer"
        case .duplication(let host, let share): "\(percent(share)) of what \(name(host)) sends arrive twice"
        case .reordering(let from, let to, let share, let by):
            "\(percent(share)) from \(name(from)) to \(name(to)) are held back up to \(by.milliseconds) ms"
        case .corruption(let host, let share): "\(percent(share)) of what \(name(host)) sends is damaged"
        case .wallClock(let host, let by): "the wall clock of \(name(host)) is set by \(by) s"
        case .clone(let host): "a clone of \(name(host)) runs"
        case .lie(let liar, let victim): "\(name(liar)) lies about \(name(victim))"
        case .intercept(let from, let to, let share):
            "\(percent(share)) are kept back from \(name(from)) to \(name(to)), and all delivered at the end"
        }
    }

    private func name(_ host: Int) -> String { "n\(host + 1)" }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}

extension TimeSpan {
    /// The length in whole milliseconds, rounded towards zero.
    var milliseconds: Int64 { nanoseconds / 1_000_000 }
}

extension PlannedFault: CustomStringConvertible {
    /// The fault with its time, in seconds.
    package var description: String {
        "\(seconds(begins.nanoseconds)) s … \(seconds(ends.nanoseconds)) s  \(fault)"
    }

    private func seconds(_ nanoseconds: Int64) -> Double {
        (Double(nanoseconds) / 1e6).rounded() / 1e3
    }
}
