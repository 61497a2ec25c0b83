internal import Glibc

/// The terminal's second screen: entered when this is made, left when it goes.
///
/// What was on the terminal before is there again afterwards, and so are the cursor and the echo of keys.
struct TerminalScreen: ~Copyable {
    private let output: any ControlOutput
    private let former: termios?

    /// Enters the second screen and hides the cursor; keys are then read one by one and not echoed.
    init(output: any ControlOutput) {
        self.output = output
        former = Self.readKeysOneByOne()
        output.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    deinit {
        output.write("\u{1B}[?25h\u{1B}[?1049l")
        guard var former else { return }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &former)
    }

    /// The terminal's present size; 80 by 24 when it does not say.
    static var size: TerminalSize {
        var size = winsize()
        let status = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        guard status == 0, size.ws_col > 0, size.ws_row > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Replaces what is shown; without clearing first, so that nothing flickers.
    func draw(_ lines: [String]) {
        let body = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
        output.write("\u{1B}[H\(body)\u{1B}[J")
    }

    /// The keys that were pressed, as they came.
    func keys() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    private static func readKeysOneByOne() -> termios? {
        var former = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &former) == 0 else { return nil }
        var raw = former
        // Signals from keys stay on: Control-C has to work even if this program hangs.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        return former
    }
}
