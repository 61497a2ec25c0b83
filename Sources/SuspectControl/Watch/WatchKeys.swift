/// The keys of the live view: how far its list is scrolled, and whether it ends.
struct WatchKeys {
    /// How many peers Page Up and Page Down pass.
    private static let page = 10

    /// How many of the peers are scrolled past.
    private(set) var offset = 0
    private var maximum = 0

    /// Takes the largest offset that makes sense now.
    mutating func bound(by maximum: Int) {
        self.maximum = maximum
        offset = min(offset, maximum)
    }

    /// Takes keys as the terminal sends them.
    ///
    /// - Returns: whether the view ends: by `q` or Control-D, or because the terminal is gone, which reads as no key at all.
    mutating func take(_ keys: [UInt8]) -> Bool {
        guard !keys.isEmpty else { return true }
        var rest = keys[...]
        while let key = rest.first {
            if let (sequence, step) = Self.steps.first(where: { rest.starts(with: $0.0) }) {
                offset = min(max(offset + step, 0), maximum)
                rest = rest.dropFirst(sequence.count)
                continue
            }
            if key == UInt8(ascii: "q") || key == 4 { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    /// What terminals send for the arrows, for Page Up and Page Down, Home and End; and the keys of pagers.
    private static let steps: [([UInt8], Int)] = [
        ("\u{1B}[A", -1), ("\u{1B}OA", -1), ("k", -1), ("\u{1B}[B", 1), ("\u{1B}OB", 1), ("j", 1),
        ("\u{1B}[5~", -page), ("b", -page), ("\u{1B}[6~", page), (" ", page),
        ("\u{1B}[H", -100_000), ("g", -100_000), ("\u{1B}[F", 100_000), ("G", 100_000),
    ].map { (Array($0.0.utf8), $0.1) }
}
