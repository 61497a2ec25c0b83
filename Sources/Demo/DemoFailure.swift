internal import LinuxIO

/// Why the demo ended before its end.
enum DemoFailure: Error, CustomStringConvertible {
    /// The command line is wrong.
    case usage(String)
    /// The demo could not do its own part.
    case cannot(String)
    /// A daemon ended although no one asked it to.
    case ended(node: String, how: String)
    /// Something did not happen in time, or should not have happened.
    case step(String)
    /// A signal ended the demo.
    case interrupted(Int32)

    init(_ error: SystemCallError) { self = .cannot(error.description) }

    var description: String {
        switch self {
        case .usage(let problem): "\(problem); see --help"
        case .cannot(let problem): problem
        case .ended(let node, let how): "the daemon of node \(node) ended on its own (\(how))"
        case .step(let step): step
        case .interrupted(let signal): "interrupted by signal \(signal)"
        }
    }

    /// The status to exit with: as shells have it for signals, as sysexits.h has it for usage.
    var status: Int32 {
        switch self {
        case .usage: 64
        case .interrupted(let signal): 128 + signal
        case .cannot, .ended, .step: 1
        }
    }
}
