/// Makes the entries of one incarnation's log, small ones: what rose, not what every host knows.
///
/// State changes, and every so many events, are logged with the whole clock, so that a reader who has lost the files
/// before can begin there. Everything else is logged with what rose, from which the whole is rebuilt.
public struct CausalLogWriter: Sendable {
    /// How many entries may pass until one has its whole clock again.
    public let fullClockPeriod: Int

    private var sinceFullClock = 0
    private var lost: UInt64 = 0

    /// A writer for a incarnation that begins.
    public init(fullClockPeriod: Int = 64) {
        self.fullClockPeriod = max(1, fullClockPeriod)
    }

    /// Notes that events up to the present were not written: the next entry says so, and has its whole clock.
    public mutating func lose(_ count: UInt64) {
        lost += count
        sinceFullClock = fullClockPeriod
    }

    /// What an event was, besides its clock.
    public struct Note: Sendable {
        /// What it was.
        public var kind: LoggedEventKind
        /// The wall clock in microseconds since 1970.
        public var timeUSec: Int64
        /// For a receive, the sending.
        public var from: Dot?
        /// For the first event of a renewed incarnation, the last event of the incarnation that it continues.
        public var after: Dot?
        /// The peer that it is about.
        public var peer: HostID?
        /// The peer's incarnation, where known.
        public var peerEpoch: Epoch?
        /// The cause of a suspicion, one word.
        public var cause: String?
        /// How sure the cause is, one word.
        public var certainty: String?
        /// What there is to say for people; any text.
        public var text: String

        /// Notes an event.
        public init(
            _ kind: LoggedEventKind, timeUSec: Int64, from: Dot? = nil, peer: HostID? = nil,
            peerEpoch: Epoch? = nil,
            cause: String? = nil, certainty: String? = nil, text: String = ""
        ) {
            self.kind = kind
            self.timeUSec = timeUSec
            self.from = from
            self.peer = peer
            self.peerEpoch = peerEpoch
            self.cause = cause
            self.certainty = certainty
            self.text = text
        }
    }

    /// Appends the entry of an event.
    ///
    /// - Parameters:
    ///   - counter: the event's number; an event of `clock`'s owner, in its present incarnation.
    ///   - clock: the clock as it was right after the event, but for the owner's counter, which may be later.
    ///   - advanced: the entries that rose with the event, in any order; `nil` when the caller does not know them.
    ///   - isExact: whether the clock is known to be whole; not after a message that carried only part of one.
    ///   - note: what the event was.
    ///   - bytes: where the entry goes.
    public mutating func append(
        _ counter: UInt64, clock: borrowing VectorClock, advanced: [Dot]?, isExact: Bool = true, _ note: Note,
        to bytes: inout [UInt8]
    ) {
        let isWhole = note.kind.isStateChange || sinceFullClock + 1 >= fullClockPeriod
        var form = CausalLogEntry.ClockForm.partial
        var entries = clock.entries
        if isExact { form = .full }
        if isExact, !isWhole, let advanced {
            form = .delta
            entries = advanced.sorted { $0.host < $1.host }
        }
        sinceFullClock = form == .full ? 0 : sinceFullClock + 1
        var entry = CausalLogEntry(
            Dot(host: clock.owner, epoch: clock.epoch, counter: counter), entries: entries, form: form,
            timeUSec: note.timeUSec, kind: note.kind, from: note.from, text: note.text)
        entry.peer = note.peer.map { peer in
            note.peerEpoch.map { ProcessName(peer, $0) } ?? ProcessName(peer.description)
        }
        entry.after = note.after.map { EventName($0) }
        entry.lost = lost
        lost = 0
        entry.cause = note.cause
        entry.certainty = note.certainty
        CausalLogFormat.append(entry, to: &bytes)
    }
}
