public import CausalClock

/// One event of this host, as its causal log records it, but for the clock.
public struct EventRecord: Sendable {
    /// In which incarnation of this host it was.
    public var incarnation: Epoch
    /// The event's number in that incarnation.
    public var counter: UInt64
    /// What it was.
    public var kind: LoggedEventKind
    /// When it was.
    public var at: Instant
    /// The peer that it is about; for a receive the sender, `nil` for what went to several.
    public var peer: HostID?
    /// The peer's incarnation, where known.
    public var epoch: Epoch?
    /// For a receive the number of the sending at the peer; else 0.
    public var sending: UInt64 = 0
    /// For the first event of a renewed incarnation, the last event of the incarnation that it continues.
    public var continued: Dot?
    /// Why, where that is a question.
    public var verdict: Verdict?
    /// What kind of message was sent or received, one word; empty for other events.
    public var label = ""
    /// Whether the clock was exact: everything that may have influenced the event is known.
    public var isExact = true
    /// How many clock entries of other hosts rose with it.
    public fileprivate(set) var advanced = 0

    /// Notes the latest event of a clock's owner.
    public init(_ kind: LoggedEventKind, at: Instant, on clock: borrowing VectorClock) {
        incarnation = clock.epoch
        counter = clock.counter
        self.kind = kind
        self.at = at
    }
}

/// The events of this host since the log was last taken: every one, or every change of state, once, in order.
///
/// Its storage is kept from turn to turn, so keeping a log allocates nothing in steady state.
public struct EventLog: Sendable {
    /// The events.
    public private(set) var notes: [EventRecord] = []
    /// The clock entries that rose with them, or since the one noted before, as many for each event as it says.
    public private(set) var advanced: [Dot] = []

    /// Whether messages and pings are left out; with a thousand peers they are ten thousand a second.
    private let statesOnly: Bool
    private var noted = 0
    /// The incarnation and number of the last event that was noted, in a log of states.
    private var last = (incarnation: Epoch(0), counter: UInt64(0))

    /// An empty log with capacity for a busy turn.
    public init(statesOnly: Bool = false, capacity: Int = 64) {
        self.statesOnly = statesOnly
        notes.reserveCapacity(capacity)
        advanced.reserveCapacity(4 * capacity)
    }

    /// Adds a clock entry that rises with the next event.
    mutating func rise(_ entry: Dot) {
        if !statesOnly { advanced.append(entry) }
    }

    /// Adds the latest event of a clock's owner; the entries that rose since the one before rose with it.
    public mutating func append(_ note: EventRecord, on clock: borrowing VectorClock) {
        if statesOnly {
            guard note.kind.isStateChange else { return }
            gatherAdvanced(clock)
        }
        notes.append(note)
        notes[notes.count - 1].advanced = advanced.count - noted
        noted = advanced.count
    }

    /// The clock itself knows what changed since any of its events, so that what is left out costs nothing.
    private mutating func gatherAdvanced(_ clock: borrowing VectorClock) {
        let known = last.incarnation == clock.epoch ? last.counter : 0
        for index in clock.firstChange(after: known)..<clock.changes.count {
            let change = clock.changes[index]
            if clock.isLatest(change) { advanced.append(clock.entries[change.index]) }
        }
        last = (clock.epoch, clock.counter)
    }

    /// Empties the log and keeps its capacity.
    public mutating func removeAll() {
        notes.removeAll(keepingCapacity: true)
        advanced.removeAll(keepingCapacity: true)
        noted = 0
    }
}
