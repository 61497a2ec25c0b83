/// A state in which all hosts may have been together: everything that could have influenced one event.
///
/// Whatever is in it has all its causes in it (Mattern, 1989), so what the hosts believed there is no torn picture,
/// although no two clocks agree on when it was.
public struct CausalCut: Sendable {
    /// What a host believed of a peer.
    public struct Belief: Sendable, Hashable {
        /// The peer's name without its incarnation.
        public var peer: String
        /// The latest event about it.
        public var kind: LoggedEventKind
        /// The cause, where it was a suspicion.
        public var cause: String?
    }

    /// How far one process had come.
    public struct Front: Sendable {
        /// Its position in the history's `processes`.
        public var process: Int
        /// The number of its latest event in the cut.
        public var counter: UInt64
        /// The position of that event, or of the latest before it that the logs have; `nil` for none.
        public var event: Int?
        /// What it believed of its peers, by name.
        public var beliefs: [Belief]
        /// Whether a later process of the same host is in the cut: what it believed counts no more.
        public var hasEnded = false
    }

    /// Every process that has an event in the cut, by name.
    public private(set) var fronts: [Front]

    /// Everything that could have influenced the event at `index`, and itself.
    public init(at index: Int, in history: LogHistory) {
        fronts = history.processes.indices.compactMap { process in
            let counter = history.known(index, of: process)
            guard counter > 0 else { return nil }
            let event = history.floor(counter, at: process)
            let beliefs = event.map { Self.beliefs(of: process, upTo: $0, in: history) } ?? []
            return Front(process: process, counter: counter, event: event, beliefs: beliefs)
        }
        for place in fronts.indices.dropLast().reversed() {
            let (former, next) = (fronts[place], fronts[place + 1])
            // One that continues with a later incarnation keeps what it believed, as long as that runs.
            fronts[place].hasEnded =
                history.processes[former.process].host == history.processes[next.process].host
                && (history.continuations[former.process] == nil || next.hasEnded)
        }
    }

    private static func beliefs(of process: Int, upTo last: Int, in history: LogHistory) -> [Belief] {
        var beliefs: [Belief] = []
        for index in history.spans[process].lowerBound...last {
            let entry = history.events[index].entry
            guard let kind = entry.kind, [.suspect, .trust, .leave, .restart].contains(kind),
                let peer = entry.peer
            else { continue }
            let place = beliefs.partitioningIndex { $0.peer >= peer.host }
            let belief = Belief(peer: peer.host, kind: kind, cause: entry.cause)
            if place < beliefs.count, beliefs[place].peer == peer.host {
                beliefs[place] = belief
            } else {
                beliefs.insert(belief, at: place)
            }
        }
        return beliefs
    }
}
