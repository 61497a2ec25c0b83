internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// Takes heartbeats until there are enough, the user has enough, or the peer begins another incarnation.
struct RecordingSession: ~Copyable {
    /// Why a recording ended.
    enum End: Equatable {
        case complete
        case interrupted
        case restarted
        case lost(cause: String)

        var exitStatus: Int32 {
            self == .complete || self == .interrupted ? ExitStatus.success : ExitStatus.failure
        }

        /// What the user should know of it, as the end of a sentence.
        var remark: String {
            switch self {
            case .complete, .interrupted: ""
            case .restarted:
                "; the peer has restarted, and a trace is of one incarnation: record again for the next"
            case .lost(let cause): "; the daemon is gone, or the peer no longer configured: \(cause)"
            }
        }
    }

    private enum Source: UInt64 {
        case signals
        case heartbeats
    }

    /// How long to wait at most before the progress is shown again, in nanoseconds.
    private static let period: Int64 = 200_000_000

    /// What was recorded.
    private(set) var recorder: TraceRecorder
    private var connection: StatusConnection
    private var epoch: Int
    private let count: Int?
    private let duration: Int64?
    private let begin = Clocks.monotonic()
    private let signals: SignalDescriptor

    /// Continues with a connection on which `Record` was called; signals are collected from now on.
    init(
        _ connection: consuming StatusConnection, epoch: Int, recorder: TraceRecorder, count: Int?,
        durationUSec: Int?
    ) throws(ControlFailure) {
        self.connection = connection
        self.epoch = epoch
        self.recorder = recorder
        self.count = count
        duration = durationUSec.map { Int64($0) * 1_000 }
        do throws(SystemCallError) {
            signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP])
        } catch {
            throw .terminal("\(error)")
        }
    }

    /// Records; the trace is complete when this returns.
    mutating func run(into sink: TraceSink, _ progress: ProgressBar) throws(ControlFailure) -> End {
        defer { progress.finish() }
        while true {
            do throws(ControlFailure) {
                if let end = try take(into: sink) { return try finish(end, sink) }
            } catch {
                guard let cause = error.absence else { throw error }
                return try finish(.lost(cause: cause), sink)
            }
            progress.show(share)
            guard left > 0 else { return try finish(.complete, sink) }
            if try isInterrupted(within: min(left, Self.period)) { return try finish(.interrupted, sink) }
        }
    }

    private func finish(_ end: End, _ sink: TraceSink) throws(ControlFailure) -> End {
        var recorder = recorder
        try sink.write(recorder.finish())
        return end
    }

    private mutating func take(into sink: TraceSink) throws(ControlFailure) -> End? {
        while let reply = try connection.nextHeartbeats(within: 0) {
            if epoch != 0, reply.epoch != epoch { return .restarted }
            epoch = reply.epoch
            for heartbeat in reply.heartbeats {
                try sink.write(
                    recorder.take(heartbeat, intervalNSec: reply.heartbeatIntervalUSec.times(1_000)))
                if recorder.arrived == count { return .complete }
            }
        }
        return nil
    }

    private var left: Int64 {
        duration.map { max(0, begin + $0 - Clocks.monotonic()) } ?? .max
    }

    /// How far the recording is, as far as an end is known.
    private var share: Double {
        let ofCount = count.map { Double(recorder.arrived) / Double($0) } ?? 0
        let ofTime = duration.map { 1 - Double(left) / Double($0) } ?? 0
        return max(ofCount, ofTime)
    }

    private func isInterrupted(within nanoseconds: Int64) throws(ControlFailure) -> Bool {
        do throws(SystemCallError) {
            var epoll = try Epoll(capacity: 2)
            try epoll.add(signals.raw, token: Source.signals.rawValue, interest: .read)
            try epoll.add(connection.descriptor, token: Source.heartbeats.rawValue, interest: .read)
            let ready = try epoll.wait(timeout: CInt((nanoseconds + 999_999) / 1_000_000))
            return (0..<ready).contains { epoll[$0].token == Source.signals.rawValue }
        } catch {
            throw .terminal("\(error)")
        }
    }
}
