internal import Glibc
package import LinuxIO

/// What a command needs from the process that it runs in; tests bring their own.
package struct ControlContext {
    /// Looks an environment variable up.
    package let environment: (String) -> String?
    /// Where text goes.
    package let output: any ControlOutput
    /// The wall clock, in microseconds since 1970.
    package let wallClockUSec: () -> Int

    /// A context made of given parts.
    package init(
        environment: @escaping (String) -> String?, output: any ControlOutput,
        wallClockUSec: @escaping () -> Int
    ) {
        self.environment = environment
        self.output = output
        self.wallClockUSec = wallClockUSec
    }

    /// The context of this process.
    package static func process() -> ControlContext {
        ControlContext(
            environment: { name in getenv(name).map { String(cString: $0) } }, output: StandardOutput(),
            wallClockUSec: { Int(Clocks.realtime() / 1000) })
    }

    /// Colours, if the output can show them and no option forbids it.
    var style: Style {
        let refused = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        let dumb = environment("TERM") == "dumb"
        return Style(isColoured: output.isTerminal && !refused && !dumb)
    }
}

extension ControlContext {
    /// Whether the terminal's encoding is UTF-8, by the first of the locale's variables that is set.
    ///
    /// What goes to a file or another program is UTF-8 unless the locale is the plain one by name.
    var isUnicode: Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).filter { !$0.isEmpty }
        guard let locale = names.first?.uppercased() else { return !output.isTerminal }
        if output.isTerminal { return locale.contains("UTF-8") || locale.contains("UTF8") }
        return locale != "C" && locale != "POSIX"
    }

    /// The text as the terminal can show it.
    func shown(_ text: String) -> String { isUnicode ? text : text.inASCII }

    /// How many columns a table may have; any number without a terminal.
    var columns: Int? { output.columns }
}

/// Where a command's text goes.
package protocol ControlOutput: AnyObject {
    /// Whether a person reads it.
    var isTerminal: Bool { get }

    /// How many columns the terminal has; absent where it is none.
    var columns: Int? { get }

    /// Writes results.
    func write(_ text: String)

    /// Writes what is no result: errors and remarks.
    func writeError(_ text: String)

    /// Why results could not be written, if so.
    var failure: Errno? { get }
}

extension ControlOutput {
    /// Writes errors and remarks, in which names of files and what a daemon sent cannot drive the terminal.
    func complain(_ text: String) {
        writeError(
            text.split(separator: "\n", omittingEmptySubsequences: false).map(\.printable).joined(
                separator: "\n"))
    }

    /// No terminal, unless it is said.
    package var columns: Int? { nil }

    /// Nothing fails but where it is said.
    package var failure: Errno? { nil }
}

/// The standard output and the standard error of this process.
final class StandardOutput: ControlOutput {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    private(set) var failure: Errno?

    var columns: Int? { isTerminal ? TerminalScreen.size.columns : nil }

    func write(_ text: String) {
        let problem = write(text, to: STDOUT_FILENO)
        // The reader is gone: there is no one left to report to.
        if problem != .brokenPipe { failure = failure ?? problem }
    }

    func writeError(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    private func write(_ text: String, to descriptor: CInt) -> Errno? {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let written = rest.withContiguousStorageIfAvailable {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard let written, written > 0 || errno == EINTR else { return .current }
            rest = rest.dropFirst(max(0, written))
        }
        return nil
    }
}
