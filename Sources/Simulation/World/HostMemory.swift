package import FailureDetection
internal import Wire

/// At what point of a turn a process is killed.
package enum KillMoment: Sendable, BitwiseCopyable, CaseIterable {
    /// Before or after one.
    case between
    /// When the numbers are written down, and nothing is sent yet.
    case beforeSending
    /// When half of its datagrams are sent, and nothing is reported yet.
    case amongSends
}

/// What a process leaves to the one that continues with its incarnation, as the daemon keeps it: a snapshot
/// once a second and soon after there was news, and before anything is sent the numbers that this uses up.
struct HostMemory: Sendable {
    /// The longest that a snapshot is old, unless nothing happens.
    private static let period = TimeSpan.seconds(1)
    /// How long after there was news.
    private static let delay = TimeSpan.milliseconds(50)

    private var record: SnapshotCodec.Record?
    private var words: [UInt64] = []
    private var layout: UInt64 = 0
    private var due = Instant(nanoseconds: .min)

    /// Notes that the peers are others: the numbers that follow belong to a new snapshot.
    mutating func peersChanged() { layout += 1 }

    /// Writes down which numbers are used up.
    mutating func keepNumbers(of monitor: borrowing Monitor, at reading: Instant) {
        if record?.layout != layout { keepSnapshot(of: monitor, at: reading) }
        words.removeAll(keepingCapacity: true)
        monitor.appendNumbers(layout: layout, at: reading, to: &words)
    }

    /// Writes all that is known, when it is time to.
    mutating func keepSnapshotIfDue(of monitor: borrowing Monitor, hasNews: Bool, at reading: Instant) {
        if hasNews { due = min(due, reading + Self.delay) }
        guard due <= reading else { return }
        keepSnapshot(of: monitor, at: reading)
    }

    /// Writes all that is known.
    mutating func keepSnapshot(of monitor: borrowing Monitor, at reading: Instant) {
        record = SnapshotCodec.Record(
            generation: (record?.generation ?? 0) + 1, layout: layout, snapshot: monitor.snapshot(at: reading)
        )
        due = reading + Self.period
    }

    /// What the next process finds; it goes through the bytes of the file.
    func recall() -> MonitorSnapshot? {
        guard let record, var found = try? SnapshotCodec.decode(SnapshotCodec.encode(record)),
            found.snapshot.advance(to: words, layout: found.layout)
        else { return nil }
        return found.snapshot
    }
}

/// The numbers that one process of an incarnation used last, and the ones with which the next one continues.
package struct Resumption: Sendable {
    /// The last event of the former process that another host may know.
    package var lastEvent: UInt64
    /// The last number on the link to each host that another host may know, by the host's index; 0 for none.
    package var lastNumbers: [UInt64]
    /// The first event of the new process.
    package var firstEvent: UInt64 = 0
    /// How many numbers the new process takes to be used up, by the host's index; `nil` for one that is not watched.
    package var usedNumbers: [UInt64?] = []
    /// What the new process takes over of each peer, in the order of its peers.
    package var reports: [PeerReport] = []
}
