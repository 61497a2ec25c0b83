internal import Glibc

/// A bar on the standard error that shows how far long work is; nothing where no terminal shows it, or for short work.
final class ProgressBar {
    private static let width = 30
    /// Work that takes less is over before any user wonders, in microseconds.
    private static let patience = 500_000
    /// The time between two drawings, in microseconds.
    private static let period = 50_000

    private let context: ControlContext
    private let label: String
    private let isShown: Bool
    private let begin: Int
    private var lastDrawn: Int?

    /// A bar for work that begins now.
    init(_ label: String, _ context: ControlContext, isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        self.context = context
        self.label = label
        isShown = isTerminal && context.environment("TERM") != "dumb"
        begin = context.wallClockUSec()
    }

    /// Shows that a share of the work is done, 0 to 1.
    func show(_ share: Double) {
        let now = context.wallClockUSec()
        guard isShown, now - begin >= Self.patience, now - (lastDrawn ?? 0) >= Self.period else {
            return
        }
        lastDrawn = now
        let done = Int(min(max(share, 0), 1) * Double(Self.width))
        let bar = String(repeating: "█", count: done) + String(repeating: "░", count: Self.width - done)
        context.output.writeError("\r\(label) \(bar) \(Int(share * 100)) %")
    }

    /// Takes the bar away.
    func finish() {
        guard lastDrawn != nil else { return }
        context.output.writeError("\r\u{1B}[K")
    }
}
