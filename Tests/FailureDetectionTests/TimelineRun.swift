import CausalClock

@testable import FailureDetection

/// Drives a `Monitor` through a drawing, turn by turn, as the daemon's loop would.
struct TimelineRun {
    /// The detector under test; it is host `a`.
    var monitor: Monitor
    /// What it did, as a drawing.
    private(set) var seen = Timeline("")
    /// All notices, in order.
    private(set) var notices: [Notice] = []
    /// All messages that were to be sent, in order.
    private(set) var outgoing: [OutboundMessage] = []

    /// Heartbeats that were handed out to be recorded.
    private(set) var arrivals: [Arrival] = []
    /// The peers that became suspected while this host blamed itself.
    private(set) var blamed: [HostID] = []
    /// What a consumer with a threshold of its own got, as a drawing, if there is one.
    var consumer: ConsumerWatch?

    private var peers: [TimelinePeer]
    private var waiting: [(from: Int, event: Event)] = []
    private var effects = Effects()

    init(_ settings: [PeerSettings]) {
        let settings = settings.sorted { $0.id < $1.id }
        monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: settings, seed: 1, at: Self.instant(of: 0))
        monitor.latestCredibleEpoch = Epoch(1_000)
        peers = settings.map { setting in
            TimelinePeer(
                id: setting.id, interval: setting.interval,
                others: settings.map(\.id).filter { $0 != setting.id })
        }
    }

    /// When a tick begins.
    ///
    /// Our clock does not begin at zero.
    static func instant(of column: Int) -> Instant {
        Instant(nanoseconds: 7_000_000_000) + Timeline.tick * Int64(column)
    }

    /// Runs one tick: what arrives, one turn, and a turn at each deadline before the next tick.
    mutating func step(_ column: Int, of drawn: Timeline, action: ((inout Monitor, Instant) -> Void)?) {
        let now = Self.instant(of: column)
        action?(&monitor, now)
        for index in peers.indices {
            for symbol in drawn.symbols("\(peers[index].id) <", at: column) {
                for event in peers[index].events(symbol, place: index, at: now) {
                    waiting.append((index, event))
                }
            }
        }
        let own = drawn.symbols("me <", at: column)
        guard !own.contains("-") else { return }
        turn(at: now, column: column, drops: own.count { $0 == "k" })
        let next = Self.instant(of: column + 1)
        while let instant = nextDeadline, instant < next { turn(at: instant, column: column, drops: 0) }
    }

    private mutating func turn(at now: Instant, column: Int, drops: Int) {
        handle(.turnBegan, from: nil, at: now, column: column)
        for (from, event) in waiting { handle(event, from: from, at: now, column: column) }
        waiting.removeAll()
        if drops > 0 { handle(.kernelDropped(UInt64(drops)), from: nil, at: now, column: column) }
        handle(.wake, from: nil, at: now, column: column)
        consumer?.judge(by: monitor, at: now) { change in
            let peer = monitor.id(ofPeer: change.peer)
            seen.draw(change.isSuspected ? "s" : "t", in: "\(peer) c", at: column)
        }
        monitor.callersDeadline = consumer?.nextLook ?? .never
    }

    private var nextDeadline: Instant? {
        guard let consumer else { return monitor.nextDeadline?.instant }
        return min(monitor.nextDeadline?.instant ?? .never, consumer.nextLook)
    }

    private mutating func handle(_ event: Event, from: Int?, at now: Instant, column: Int) {
        effects.removeAll()
        monitor.handle(event, at: now, into: &effects)
        for effect in effects.items {
            switch effect {
            case .send(let outgoing): note(outgoing, column: column)
            case .notice(let notice):
                notices.append(notice)
                seen.draw(Self.symbol(of: notice), in: (notice.peer?.description ?? "me") + " !", at: column)
            case .heartbeat(let arrival): arrivals.append(arrival)
            case .blamedOnUs(let peer): blamed.append(monitor.id(ofPeer: peer))
            case .refused(let refusal):
                let name = from.map { peers[$0].id.description } ?? "me"
                seen.draw(Self.symbol(of: refusal), in: name + " !", at: column)
            }
        }
    }

    private mutating func note(_ outgoing: OutboundMessage, column: Int) {
        self.outgoing.append(outgoing)
        peers[outgoing.to].receive(outgoing)
        let symbol: Character
        switch outgoing.body {
        case .heartbeat: return
        case .ping: symbol = "p"
        case .pong: symbol = "o"
        case .leave: symbol = "l"
        case .records: symbol = "r"
        }
        seen.draw(symbol, in: "\(peers[outgoing.to].id) >", at: column)
    }

    private static func symbol(of notice: Notice) -> Character {
        switch notice.kind {
        case .suspect:
            switch notice.verdict?.cause {
            case .crash: "C"
            case .link: "K"
            case .daemon: "D"
            default: "S"
            }
        case .trust: "T"
        case .pending: "P"
        case .confirm: "Q"
        case .restart: "R"
        case .leave: "L"
        case .isolated: "I"
        case .rejoined: "J"
        case .asymmetric: "A"
        case .flapping: "F"
        case .conflict: "X"
        case .stall: "Z"
        case .target: "Q"
        }
    }

    private static func symbol(of refusal: Refusal) -> Character {
        switch refusal {
        case .duplicate: "d"
        case .outdated: "o"
        case .oldEpoch: "e"
        case .futureEpoch: "f"
        case .unsolicited: "u"
        case .lastWords: "w"
        default: "?"
        }
    }
}
