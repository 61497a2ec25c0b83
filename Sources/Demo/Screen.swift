internal import Glibc

/// The terminal's second screen: entered when this is made, left when it goes, with all that was changed.
struct Screen: ~Copyable {
    private let former: termios?
    private let isColoured: Bool

    /// Enters the second screen and hides the cursor; keys come one by one, without echo.
    init() {
        former = Self.readKeysOneByOne()
        isColoured = getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
        Output.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    deinit {
        Output.write("\u{1B}[?25h\u{1B}[?1049l")
        guard var former else { return }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &former)
    }

    /// The terminal's present size; 24 rows of 80 columns when it does not say.
    static var size: (rows: Int, columns: Int) {
        var size = winsize()
        let status = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        guard status == 0, size.ws_col > 0, size.ws_row > 0 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Replaces the picture in one write, line over line and without clearing first: so nothing flickers.
    func draw(_ lines: [Line]) {
        let columns = Self.size.columns
        let encoded = lines.map { $0.encoded(columns: columns, isColoured: isColoured) + "\u{1B}[K" }
        Output.write("\u{1B}[?2026h\u{1B}[H" + encoded.joined(separator: "\r\n") + "\u{1B}[J\u{1B}[?2026l")
    }

    /// The keys that were pressed; none when none was, `nil` when the terminal is gone.
    func keys() -> [UInt8]? {
        var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EINTR ? [] : nil }
        return Array(buffer.prefix(count))
    }

    private static func readKeysOneByOne() -> termios? {
        var former = termios()
        guard tcgetattr(STDIN_FILENO, &former) == 0 else { return nil }
        var raw = former
        // Signals from keys stay on: Control-C has to work even if this program hangs.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        return former
    }
}
