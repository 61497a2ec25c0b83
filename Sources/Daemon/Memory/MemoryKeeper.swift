internal import CausalClock
internal import FailureDetection
internal import LinuxIO
internal import Records
internal import Services
internal import StatusAPI
internal import Wire

/// Keeps what is known where it outlives this process: in a memory file that the service manager holds too.
///
/// Before an event is sent, logged or reported, the numbers that it uses up are written down; that is one small write per
/// turn that has events. The whole
/// snapshot follows once a second, and soon after anything was reported, in two positions by turns: a process that
/// is killed in the middle of a write leaves the other one whole.
struct MemoryKeeper: ~Copyable {
    /// The shortest time between two snapshots, unless there is news.
    private static let period = TimeSpan.seconds(1)
    /// For so long news waits for more news.
    private static let delay = TimeSpan.milliseconds(50)
    /// A snapshot may take this share of the loop's time at most.
    private static let share: Int64 = 100

    private let file: MemoryFile
    private var history: HistoryKeeper
    /// The events of an earlier process, as text.
    private var recalled: [[UInt8]] = []
    private var words: [UInt64] = []
    private var bytes: [UInt8] = []
    private var generation: UInt64
    private var layout: UInt64
    /// Which configuration's peers the present layout has.
    private var configuration = -1
    private var isLayoutWritten = false
    /// The latest event whose numbers are in the file.
    private var written: Dot?

    /// What the earlier process knew of this host's services, and what was last written of them.
    private var services: [UInt8] = []

    /// When the next snapshot is due.
    private(set) var deadline = Instant(nanoseconds: .min)

    /// Continues with a file, after the record that was recalled from it, or begins with an empty one.
    init(_ file: consuming MemoryFile, after record: SnapshotCodec.Record?) {
        self.file = file
        generation = record?.generation ?? 0
        layout = record?.layout ?? 0
        history = HistoryKeeper()
        if record != nil {
            recalled = (try? history.recall(from: self.file)) ?? []
            services = (try? ServiceMemoryFile.read(from: self.file)) ?? []
        }
    }

    /// The number of the file, for the service manager's store.
    var raw: CInt { file.raw }

    /// Writes down the numbers that are used up; to be called before what carries them leaves the loop, be it to
    /// the network, to the causal log or to a client.
    ///
    /// Every number that is taken comes with an event of this node, so without a new event there is nothing to write.
    mutating func writeNumbers(of monitor: borrowing Monitor, configuration: Int, at now: Instant)
        throws(SystemCallError)
    {
        if configuration != self.configuration {
            // Other peers: first of all a snapshot to which the numbers belong.
            self.configuration = configuration
            layout += 1
            isLayoutWritten = false
            try writeSnapshot(of: monitor, at: now)
        } else if written == monitor.clock.dot {
            return
        }
        words.removeAll(keepingCapacity: true)
        monitor.appendNumbers(layout: layout, at: now, to: &words)
        // Least significant byte first, as everything in the file.
        for index in words.indices { words[index] = words[index].littleEndian }
        bytes.removeAll(keepingCapacity: true)
        words.withUnsafeBytes { bytes.append(contentsOf: $0) }
        let start = MemoryRegion.numbers(layout)
        if !isLayoutWritten {
            // Other numbers lie here, of two layouts ago: they are void before they are mixed with these.
            try file.write([UInt8](repeating: 0, count: 8), at: start)
            try file.write(Array(bytes[8...]), at: start + 8)
            isLayoutWritten = true
        }
        try file.write(bytes, at: start)
        written = monitor.clock.dot
    }

    /// Notes that something was reported, and keeps it.
    mutating func append(_ event: EventReport, history all: () -> [EventReport], at now: Instant)
        throws(SystemCallError)
    {
        deadline = min(deadline, now + Self.delay)
        try history.append(event, to: file, all: all)
    }

    /// Writes all that is known, and plans the next time.
    mutating func writeSnapshot(of monitor: borrowing Monitor, at now: Instant) throws(SystemCallError) {
        let began = Clocks.monotonic()
        generation += 1
        let record = SnapshotCodec.Record(
            generation: generation, layout: layout, snapshot: monitor.snapshot(at: now))
        try file.write(SnapshotCodec.encode(record), at: MemoryRegion.snapshot(generation))
        let cost = TimeSpan(nanoseconds: Clocks.monotonic() - began)
        deadline = now + max(Self.period, cost * Self.share)
    }

    /// Writes what is known of this host's services, if it has changed.
    mutating func write(_ services: LocalServices) throws(SystemCallError) {
        let text = ServiceMemoryFile.encode(services)
        guard text != self.services else { return }
        self.services = text
        try ServiceMemoryFile.write(text, to: file)
    }

    /// What the earlier process knew of this host's services.
    var recalledServices: [(name: ServiceName, unit: String, memory: ServiceMemory)] {
        ServiceMemoryFile.decode(services)
    }

    /// The events of the earlier process, oldest first; once.
    mutating func takeRecalledEvents() -> [EventReport] {
        defer { recalled = [] }
        return recalled.suffix(EventHistory.capacity).compactMap {
            try? JSONText.decode(EventReport.self, from: $0)
        }
    }
}

/// Where things lie in the memory file.
///
/// It is sparse: what is never written takes no memory.
enum MemoryRegion {
    static let regionSize = 1 << 30

    static func numbers(_ layout: UInt64) -> Int { layout & 1 == 0 ? 0 : regionSize }
    static func snapshot(_ generation: UInt64) -> Int { (generation & 1 == 0 ? 2 : 3) * regionSize }
    static let services = 6 * regionSize
    static func history(_ generation: UInt64) -> Int { (generation & 1 == 0 ? 4 : 5) * regionSize }
}
