internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import StatusAPI
internal import Systemd
internal import Wire

/// The causal log of this incarnation, as the loop sees it: it hands events over, and never waits.
///
/// A thread of its own writes them. When it falls behind by `LogBatch.capacity` events, whole turns are left out and
/// counted; the log then continues with the whole clock and says how many events it lacks.
final class CausalLog {
    /// The shortest time between two writes, in milliseconds; what a kill costs the log at most.
    private static let pause: Int32 = 200

    /// More events than a kill can keep from being written; a reader knows by their numbers how many there were.
    private static let unwritten: UInt64 = 4_096

    /// How it fares.
    let condition = CausalLogCondition()

    private let handover = LogHandover()
    private let wake = BoundedQueue<Void>(capacity: 1)
    private let ended: WakeupDescriptor
    private let statesOnly: Bool
    private var lost: UInt64 = 0

    /// Starts the thread; the first event of the incarnation is in the log already.
    ///
    /// `clock` is that of the first event: of an incarnation that continues it knows of others already. `skipped` numbers
    /// before it are no events.
    init(
        _ settings: CausalLogSettings, clock: VectorClock, skipped: UInt64, start: Instant, wall: WallClock,
        output: OutputThread.Sender
    ) throws(SystemCallError) {
        let (handover, wake, condition, ended) = (handover, wake, condition, try WakeupDescriptor())
        self.ended = ended
        statesOnly = settings.statesOnly
        let text = "suspectd \(ReleaseVersion.text)"
        handover.put {
            // Of an incarnation that continues the last events may be lost, if the process before this one was
            // killed.
            if clock.counter > 1 { $0.append(.anew(clock.entries, lost: Self.unwritten + skipped)) }
            let note = EventRecord(.start, at: start, on: clock)
            $0.append(.event(note, timeUSec: wall.microseconds(start), text: text))
        }
        _ = wake.tryEnqueue(())
        _ = try BackgroundThread(name: "causal-log") {
            var writer = CausalLogFile(settings, output: output, condition: condition)
            var batch = LogBatch()
            while wake.dequeue() != nil {
                handover.exchange(&batch)
                writer.write(batch)
                batch.removeAll()
                // What comes meanwhile goes with the next write: one for many events.
                poll(nil, 0, Self.pause)
            }
            ended.signal()
        }
    }

    /// Makes an endpoint note its events, from now on.
    func begin(_ endpoint: inout Endpoint) {
        var ticks: EventLog? = EventLog(statesOnly: statesOnly)
        endpoint.swapEventLog(&ticks)
    }

    /// Fetches the endpoint's events and hands them over; `notices` say in words what some of them were.
    func take(
        from endpoint: inout Endpoint, notices: borrowing [Notice], wall: WallClock
    ) {
        var taken: EventLog?
        endpoint.swapEventLog(&taken)
        guard var ticks = taken.take() else { return }
        if !ticks.notes.isEmpty {
            handOver(ticks, of: endpoint, notices: notices, wall: wall)
            ticks.removeAll()
        }
        taken = ticks
        endpoint.swapEventLog(&taken)
    }

    private func handOver(
        _ ticks: EventLog, of endpoint: borrowing Endpoint, notices: borrowing [Notice], wall: WallClock
    ) {
        let wasLost = lost
        // All of the clock is a list of thousands, and seldom wanted.
        let isWanted = wasLost > 0 || ticks.notes.contains { $0.kind == .config }
        let entries = isWanted ? endpoint.monitor.clock.entries : []
        let isFirst: Bool
        (lost, isFirst) = handover.put { batch in
            guard batch.hasSpace(for: ticks.notes.count + 1, ticks.advanced.count) else {
                return wasLost + UInt64(ticks.notes.count)
            }
            // What this turn learnt is in these entries already, so its events are left out, too.
            guard wasLost == 0 else {
                batch.append(.anew(entries, lost: wasLost + UInt64(ticks.notes.count)))
                return 0
            }
            batch.append(ticks, notices: notices, entries: entries, wall: wall)
            return 0
        }
        if lost > wasLost { condition.lose(lost - wasLost) }
        // What waits already has woken the thread.
        if isFirst { _ = wake.tryEnqueue(()) }
    }

    /// Writes what waits, and ends; a disk that does not answer is given up after two seconds.
    func finish() throws(SystemCallError) {
        _ = wake.tryEnqueue(())
        wake.close()
        try ended.wait(milliseconds: 2_000)
    }
}

extension LogBatch {
    /// Adds the events of a part of a turn.
    fileprivate mutating func append(
        _ ticks: EventLog, notices: [Notice], entries: @autoclosure () -> [Dot], wall: WallClock
    ) {
        append(advanced: ticks.advanced)
        var next = notices.startIndex
        for note in ticks.notes {
            while next < notices.endIndex, notices[next].dot.counter < note.counter { next += 1 }
            // A new configuration may have removed entries.
            if note.kind == .config { append(.anew(entries(), lost: 0)) }
            let isReported = next < notices.endIndex && notices[next].dot.counter == note.counter
            let text = isReported ? Wording.sentence(notices[next]) : note.label
            append(.event(note, timeUSec: wall.microseconds(note.at), text: text))
        }
    }
}

extension WakeupDescriptor {
    /// Waits for a signal, for so long at most.
    func wait(milliseconds: Int32) throws(SystemCallError) {
        var epoll = try Epoll(capacity: 1)
        try epoll.add(raw, token: 0, interest: .read)
        _ = try epoll.wait(timeout: milliseconds)
    }
}
