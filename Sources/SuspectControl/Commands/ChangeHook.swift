internal import LinuxIO
internal import StatusAPI

/// A shell command that is run for each change, as the user who watches: the daemon has no children.
///
/// It runs beside the connection to the daemon, which is read on meanwhile: a daemon drops a client that does not read, and
/// what happened then would be lost.
struct ChangeHook: ~Copyable {
    /// What the shell is to do.
    private let command: String
    /// How long one run may take, in nanoseconds.
    private let timeout: Int64
    private let context: ControlContext
    private var queue = ChangeQueue()
    private var running: Run?

    /// One run of the command.
    private final class Run {
        var child: ChildProcess
        let deadline: Int64
        var isKilled = false

        init(_ child: consuming ChildProcess, deadline: Int64) {
            self.child = child
            self.deadline = deadline
        }
    }

    /// A hook that has nothing to do yet.
    init(command: String, timeoutUSec: Int, context: ControlContext) {
        self.command = command
        timeout = Int64(timeoutUSec) * 1_000
        self.context = context
    }

    /// The descriptor that becomes readable when the command ends; `nil` while none runs.
    var descriptor: CInt? { running?.child.raw }

    /// How long to wait at most before `advance` is called again, in nanoseconds; `nil` while no command runs.
    var patience: Int64? { running.map { max(0, $0.deadline - Clocks.monotonic()) } }

    /// Runs the command for an event, after those that are waiting.
    mutating func take(_ event: EventReport) throws(ControlFailure) {
        queue.append(event)
        try advance()
    }

    /// Runs the command for each service and peer whose state is not the one that it was run for last.
    mutating func reconcile(
        with peers: [PeerReport], _ services: [ServiceReport], _ parameters: SubscribeParameters
    ) throws(ControlFailure) {
        queue.reconcile(with: services, parameters)
        queue.reconcile(with: peers, parameters, nowUSec: context.wallClockUSec())
        try advance()
    }

    /// Takes note of a command that has ended, ends one that takes too long, and starts the next.
    mutating func advance() throws(ControlFailure) {
        do throws(SystemCallError) {
            while true {
                if let run = running, try !hasEnded(run) { return }
                running = nil
                guard let event = queue.next() else { return }
                running = try start(event)
            }
        } catch {
            throw .file("the command of --exec cannot be run: \(error)")
        }
    }

    /// Runs the command for all that is waiting, and waits for the end, though not longer than one run may take.
    mutating func finish() throws(ControlFailure) {
        let end = Clocks.monotonic() + timeout
        while let run = running, Clocks.monotonic() < end {
            do throws(SystemCallError) {
                _ = try run.child.wait(timeout: max(0, min(run.deadline, end) - Clocks.monotonic()))
            } catch {
                throw .file("the command of --exec cannot be waited for: \(error)")
            }
            try advance()
        }
        guard queue.count > 0 else { return }
        context.output.complain("suspectctl: \(countText(queue.count, "change")) went without the command\n")
    }

    private func start(_ event: EventReport) throws(SystemCallError) -> Run {
        let child = try ChildProcess(
            "/usr/bin/env", Self.assignments(event) + ["/bin/sh", "-c", command], hasOwnGroup: true)
        return Run(child, deadline: Clocks.monotonic() + timeout)
    }

    private func hasEnded(_ run: Run) throws(SystemCallError) -> Bool {
        guard let status = try run.child.poll() else {
            if !run.isKilled, Clocks.monotonic() >= run.deadline {
                run.isKilled = true
                run.child.kill()
                let limit = HumanDuration.text(Int(timeout / 1_000))
                context.output.complain(
                    "suspectctl: the command ran for \(limit) and was killed: \(command)\n")
            }
            return false
        }
        if status != .exited(0), !run.isKilled {
            context.output.complain("suspectctl: the command failed (\(Self.text(status))): \(command)\n")
        }
        return true
    }

    /// What the command finds in its environment, besides ours.
    static func assignments(_ event: EventReport) -> [String] {
        [
            "SUSPECTD_EVENT=\(event.event.word)", "SUSPECTD_PEER=\((event.peer ?? "").printable)",
            "SUSPECTD_CAUSE=\(event.cause?.word ?? "")",
            "SUSPECTD_CERTAINTY=\(event.certainty?.word ?? "")",
            "SUSPECTD_SERVICE=\((event.service ?? "").printable)",
            "SUSPECTD_STATE=\(event.state?.word ?? "")",
            "SUSPECTD_TIME_USEC=\(event.timeUSec)", "SUSPECTD_REASON=\(event.evidence.reason.printable)",
        ]
    }

    private static func text(_ status: LinuxIO.ExitStatus) -> String {
        switch status {
        case .exited(let code): "exit status \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
