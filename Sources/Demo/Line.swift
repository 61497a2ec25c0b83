/// A way to draw text; the raw value is the terminal's code.
enum Ink: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case bold = "1"
    case dim = "2"
    case inverse = "7"
}

/// A line of text in inks.
///
/// Each character is one column: everything the demo shows is written that way.
struct Line {
    private var spans: [(text: String, ink: Ink?)]

    /// A line of one ink.
    init(_ text: String, _ ink: Ink? = nil) { spans = [(text, ink)] }

    /// Adds text at the end.
    mutating func append(_ text: String, _ ink: Ink?) { spans.append((text, ink)) }

    /// How many columns it needs.
    var count: Int { spans.reduce(0) { $0 + $1.text.count } }

    /// As the terminal wants it, cut to so many columns.
    func encoded(columns: Int, isColoured: Bool) -> String {
        var space = columns
        var result = ""
        let isCut = count > columns
        for (text, ink) in spans where space > 0 {
            let isLast = isCut && text.count >= space
            let part = isLast ? String(text.prefix(space - 1)) + "…" : String(text.prefix(space))
            space -= part.count
            result += isColoured && ink != nil ? "\u{1B}[\(ink?.rawValue ?? "0")m\(part)\u{1B}[0m" : part
        }
        return result
    }
}
