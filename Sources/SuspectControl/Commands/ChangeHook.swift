internal import LinuxIO
internal import StatusAPI

/// A shell command that is run for each change, as the user who watches: the daemon has no children.
struct ChangeHook {
    /// How long to wait for a command before looking again, in nanoseconds.
    private static let patience: Int64 = 3_600_000_000_000

    /// What the shell is told to do.
    let command: String
    let context: ControlContext

    /// Runs the command for an event and waits for its end; a peer that is only being pinged is no change yet.
    func run(_ event: EventReport) throws(ControlFailure) {
        guard event.event != .pending else { return }
        do throws(SystemCallError) {
            var child = try ChildProcess(
                "/usr/bin/env", Self.assignments(event) + ["/bin/sh", "-c", command])
            while true {
                guard let status = try child.wait(timeout: Self.patience) else { continue }
                guard status != .exited(0) else { return }
                context.output.writeError(
                    "suspectctl: the command failed (\(Self.text(status))): \(command)\n")
                return
            }
        } catch {
            throw .file("the command of --exec cannot be run: \(error)")
        }
    }

    /// What the command finds in its environment, besides ours.
    static func assignments(_ event: EventReport) -> [String] {
        [
            "SUSPECTD_EVENT=\(event.event.word)", "SUSPECTD_PEER=\((event.peer ?? "").printable)",
            "SUSPECTD_CAUSE=\(event.cause?.word ?? "")",
            "SUSPECTD_CERTAINTY=\(event.certainty?.word ?? "")",
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
