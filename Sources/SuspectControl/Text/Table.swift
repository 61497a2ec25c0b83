/// A table whose columns are as wide as their widest cell, measured in columns of the terminal.
struct Table {
    /// On which side of its column a cell stands.
    enum Alignment {
        case left
        case right
    }

    /// One cell and its colour.
    struct Cell {
        let text: String
        let ink: Style.Ink?

        init(_ text: String, ink: Style.Ink? = nil) {
            self.text = text.printable
            self.ink = ink
        }
    }

    /// A longer text pushes its own row aside, and is no reason to fill up all others.
    private static let widest = 1_000

    private let alignments: [Alignment]
    private var rows: [[Cell]]
    private let hasHeader: Bool

    /// A table with a title over each column.
    init(columns: [(title: String, alignment: Alignment)]) {
        alignments = columns.map(\.alignment)
        rows = [columns.map { Cell($0.title, ink: .bold) }]
        hasHeader = true
    }

    /// A table of names on the left and what they stand for on the right.
    init() {
        alignments = [.left, .left]
        rows = []
        hasHeader = false
    }

    /// A table of so many columns on the left, without titles.
    init(columns count: Int) {
        alignments = Array(repeating: .left, count: count)
        rows = []
        hasHeader = false
    }

    /// Adds a row; missing cells stay empty.
    mutating func append(_ cells: [Cell]) {
        rows.append(cells)
    }

    /// Adds a name and what it stands for.
    mutating func append(_ name: String, _ text: String, ink: Style.Ink? = nil) {
        rows.append([Cell(name, ink: .dim), Cell(text, ink: ink)])
    }

    /// How many columns of characters the widest line needs at most.
    var width: Int {
        let widths = self.widths
        return widths.reduce(0, +) + 2 * max(0, widths.count - 1)
    }

    /// Shortens the cells of a column, so that the table needs no more than so many columns of characters.
    mutating func shorten(column: Int, to limit: Int, atLeast shortest: Int) {
        let allowed = max(shortest, widths[column] - (width - limit))
        for row in rows.indices {
            rows[row][column] = Cell(
                rows[row][column].text.truncated(toWidth: allowed), ink: rows[row][column].ink)
        }
    }

    private var widths: [Int] {
        alignments.indices.map { column in
            min(Self.widest, rows.map { column < $0.count ? $0[column].text.displayWidth : 0 }.max() ?? 0)
        }
    }

    /// The table's lines, each after so many spaces; nothing trails them.
    func lines(_ style: Style, indent: Int = 0) -> [String] {
        guard rows.count > (hasHeader ? 1 : 0) else { return [] }
        let widths = self.widths
        return rows.map { row in String(repeating: " ", count: indent) + line(row, widths, style) }
    }

    private func line(_ row: [Cell], _ widths: [Int], _ style: Style) -> String {
        var text = ""
        var pending = 0
        for (column, cell) in row.enumerated() where column < widths.count {
            let blank = max(0, widths[column] - cell.text.displayWidth)
            let before = alignments[column] == .right ? blank : 0
            if !cell.text.isEmpty {
                text += String(repeating: " ", count: pending + before) + style.paint(cell.text, cell.ink)
                pending = 0
            }
            pending += (cell.text.isEmpty ? blank : blank - before) + 2
        }
        return text
    }
}
