internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import Systemd

/// Where and how the log of an incarnation is kept.
struct CausalLogSettings: Sendable {
    var host: HostID
    var epoch: Epoch
    var directory: String
    /// The size in bytes at which a file is full.
    var fileSize: Int
    /// How many full files are kept.
    var files: Int
    /// Whether messages and pings are left out.
    var statesOnly: Bool

    fileprivate var names: RotationNames {
        let names = CausalLogNames(host, epoch, keep: files)
        return RotationNames(
            directory: directory, current: names.current, next: { names.next(in: $0) },
            surplus: { names.surplus(in: $0) })
    }
}

extension CausalLogSettings {
    init(_ node: NodeSettings, host: HostID, epoch: Epoch) {
        self.init(
            host: host, epoch: epoch, directory: node.stateDirectory, fileSize: node.causalLogSize << 20,
            files: node.causalLogFiles, statesOnly: node.causalLogStatesOnly)
    }
}

/// The files of the log, in the thread that writes them, which may block.
///
/// It keeps a clock of its own in step with the loop's, by what rose with each event; so the loop hands over little.
struct CausalLogFile: ~Copyable {
    /// The shortest time between two notes on trouble, in nanoseconds: an hour.
    private static let pause: Int64 = 3_600_000_000_000

    /// The shortest time between two checks that the file is still there, in nanoseconds: a second.
    private static let checkInterval: Int64 = 1_000_000_000

    private let output: OutputThread.Sender
    private let condition: CausalLogCondition
    private var settings: CausalLogSettings
    private var file: RotatingFile
    private var writer: CausalLogWriter
    private var clock: VectorClock
    private var bytes: [UInt8] = []
    private var lastReported: Int64?
    private var isReported = false
    private var lastRemoval: Int64?
    private var nextCheck: Int64 = 0

    init(
        _ settings: CausalLogSettings, output: OutputThread.Sender,
        condition: CausalLogCondition = CausalLogCondition()
    ) {
        self.output = output
        self.condition = condition
        self.settings = settings
        file = RotatingFile(settings.names, maximumSize: settings.fileSize)
        writer = CausalLogWriter()
        clock = VectorClock(owner: settings.host, epoch: settings.epoch)
    }

    /// Writes events; what the disk does not take is lost, and the next entry that it takes says so.
    mutating func write(_ batch: borrowing LogBatch) {
        var rest = batch.items[...]
        var advanced = batch.advanced[...]
        while !rest.isEmpty { writeIncarnation(&rest, &advanced) }
    }

    /// Writes the events of one incarnation: each has a file of its own.
    private mutating func writeIncarnation(
        _ items: inout ArraySlice<LogBatch.Item>, _ advanced: inout ArraySlice<Dot>
    ) {
        if let incarnation = items.first?.incarnation, incarnation != clock.epoch { begin(incarnation) }
        noteRemoval()
        bytes.removeAll(keepingCapacity: true)
        let (formerWriter, formerLost) = (writer, file.lost)
        let count = format(&items, &advanced)
        guard !bytes.isEmpty else { return }
        let report = file.append(bytes, count: count)
        let lost = file.lost - formerLost
        condition.wrote(lost: lost, because: report?.failure)
        if lost > 0 {
            // What was to be said of earlier losses was lost with it.
            writer = formerWriter
            writer.lose(count)
        }
        if let report { emit(report) }
    }

    /// Begins the file anew, with a whole clock, when it was removed or replaced beneath this process.
    private mutating func noteRemoval() {
        let now = Clocks.monotonic()
        guard now >= nextCheck else { return }
        nextCheck = now + Self.checkInterval
        guard let count = file.takeRemoval() else { return }
        writer.lose(0)
        condition.lose(count)
        if let lastRemoval, now - lastRemoval < Self.pause { return }
        lastRemoval = now
        say(
            .warning,
            "the causal log \(settings.directory)/\(settings.names.current) was removed, replaced or cut while the daemon runs "
                + "(\(count) entries), and is begun anew; suspectd bounds it itself: keep other log rotation and cleaners "
                + "away from this directory")
    }

    /// Begins the files of a later incarnation, which knows what the one before knew.
    private mutating func begin(_ incarnation: Epoch) {
        settings.epoch = incarnation
        file = RotatingFile(settings.names, maximumSize: settings.fileSize)
        setClock(clock.entries)
        writer.lose(0)
    }

    private mutating func setClock(_ entries: [Dot]) {
        clock = VectorClock(owner: settings.host, epoch: settings.epoch)
        for entry in entries { clock.merge(entry) }
    }

    /// Appends the entries of the first incarnation among the items to `bytes`; returns how many events they
    /// stand for.
    private mutating func format(
        _ items: inout ArraySlice<LogBatch.Item>, _ advanced: inout ArraySlice<Dot>
    ) -> UInt64 {
        var count: UInt64 = 0
        while let item = items.first {
            switch item {
            case .anew(let entries, let lost):
                setClock(entries)
                writer.lose(lost)
                count += lost
            case .event(let note, let timeUSec, let text):
                guard note.incarnation == clock.epoch else { return count }
                let entries = Array(advanced.prefix(note.advanced))
                advanced.removeFirst(note.advanced)
                for entry in entries { clock.merge(entry) }
                writer.append(
                    note.counter, clock: clock, advanced: entries, isExact: note.isExact,
                    CausalLogWriter.Note(note, timeUSec: timeUSec, text: text), to: &bytes)
                count += 1
            }
            items.removeFirst()
        }
        return count
    }

    /// Says at the first trouble, and then once an hour at most, what failed and what to do about it.
    private mutating func emit(_ report: RotatingFile.Report) {
        if case .recovered(let lost) = report {
            guard isReported else { return }
            isReported = false
            return say(.notice, "the causal log is written again; \(lost) entries were lost")
        }
        let now = Clocks.monotonic()
        if let lastReported, now - lastReported < Self.pause { return }
        (lastReported, isReported) = (now, true)
        switch report {
        case .failing(let error):
            say(.warning, "cannot write the causal log (failure detection is unaffected): \(error)")
        case .cannotRotate(let error):
            say(.warning, "the causal log grows beyond its bound: \(error)")
        case .recovered: break
        }
    }

    private func say(_ priority: JournalPriority, _ sentence: String) {
        output.write(.journal(JournalEntry(priority, sentence, id: .causalLog)))
    }
}

extension RotatingFile.Report {
    /// Why records are being lost.
    fileprivate var failure: String? {
        if case .failing(let error) = self { "\(error)" } else { nil }
    }
}

extension CausalLogWriter.Note {
    fileprivate init(_ note: EventRecord, timeUSec: Int, text: String) {
        let isReceive = note.kind == .receive
        var from: Dot?
        if isReceive, let peer = note.peer, let epoch = note.epoch {
            from = Dot(host: peer, epoch: epoch, counter: note.sending)
        }
        // For a receive, `from` names the peer already.
        self.init(
            note.kind, timeUSec: Int64(timeUSec), from: from, peer: isReceive ? nil : note.peer,
            peerEpoch: note.epoch, cause: note.verdict?.cause.rawValue,
            certainty: note.verdict?.certainty.rawValue, text: text)
        after = note.continued
    }
}
