internal import FailureDetection

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
        default: laterDescription
        }
    }

    private var laterDescription: String {
        switch self {
        case .forgedRecords(let liar, let victim, let lie, let rate):
            "\(name(liar)) forges records of \(name(victim)), \(lie.rawValue), \(rate) times a second"
        case .restart(let host, let moment):
            "the process of \(name(host)) restarts, " + (moment.map { "killed \($0)" } ?? "as planned")
        case .reload(let hosts, let reload):
            "\(hosts.map(name).joined(separator: ", ")) load a configuration \(reload)"
        case .unresolved(let host, let peer): "\(name(host)) has no address for \(name(peer))"
        case .move(let host): "\(name(host)) gets another address"
        case .misdirected(let from, let to):
            "\(name(from)) uses an address of \(name(to)) that does not answer"
        case .reject(let from, let to, let isVerified):
            "a firewall rejects what goes from \(name(from)) to \(name(to))"
                + (isVerified ? "" : ", and cannot be verified")
        case .forgery(let to, let about, let rate):
            "\(name(to)) gets \(rate) reports a second that \(name(about)) refuses"
        case .unsendable(let from, let to):
            "the kernel of \(name(from)) sends nothing" + (to.map { " to \(name($0))" } ?? "")
        case .steps(let from, let to, let by, let every):
            "\(name(from)) to \(name(to)) takes \(by.milliseconds) ms longer, on and off every \(every.milliseconds) ms"
        case .bloat(let from, let to, let peak):
            "a queue of up to \(peak.milliseconds) ms from \(name(from)) to \(name(to))"
        default: ""
        }
    }

    /// In a word or two, for counting.
    package var kind: String {
        switch self {
        case .crash(_, let refuses, _): refuses ? "process crash" : "host crash"
        case .leave: "leave"
        case .pause: "pause"
        case .freeze: "freeze"
        case .starve: "starve"
        case .lateReads: "late reads"
        case .cut: "cut"
        case .partition: "partition"
        case .loss: "loss"
        case .bursts: "bursts"
        case .slow: "slow"
        case .duplication: "duplication"
        case .reordering: "reordering"
        case .corruption: "corruption"
        case .wallClock: "wall clock"
        case .clone: "clone"
        case .lie: "lie"
        case .intercept: "intercept"
        case .forgedRecords(_, _, let lie, _): "forged \(lie.rawValue)"
        case .restart(_, let moment): moment == nil ? "planned restart" : "kill"
        case .reload(_, let reload): "reload \(reload.kind)"
        case .unresolved: "unresolved"
        case .move: "move"
        case .misdirected: "misdirected"
        case .reject(_, _, let isVerified): isVerified ? "reject" : "unverified reject"
        case .forgery: "forgery"
        case .unsendable(_, let to): to == nil ? "nothing sendable" : "unsendable"
        case .steps: "steps"
        case .bloat: "bloat"
        }
    }

    /// Every kind that there is.
    package static let kinds =
        [
            "process crash", "host crash", "leave", "pause", "freeze", "starve", "late reads", "cut",
            "partition",
            "loss", "bursts", "slow", "duplication", "reordering", "corruption", "wall clock", "clone", "lie",
            "intercept", "planned restart", "kill", "reload unchanged", "reload without a peer",
            "reload interval",
            "reload mode", "reload detector", "reload quorum", "reload target", "unresolved", "move",
            "misdirected", "reject", "unverified reject", "forgery", "nothing sendable", "unsendable",
            "steps",
            "bloat",
        ] + RecordLie.allCases.map { "forged \($0.rawValue)" }

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
