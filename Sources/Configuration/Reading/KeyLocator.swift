/// Finds the line of every table, key and array element in a TOML text.
///
/// The parser reports positions of syntax errors only, but an error about a value has to name its line too.
/// This scanner knows just enough TOML for that: it never judges. On text that is no TOML it continues with the
/// next line; it never fails, and what it then says about such a text does not matter.
struct KeyLocator {
    /// Deeper structures are not followed: nothing in a configuration is, and recursion must have an end.
    static let maximumDepth = 32

    /// The line of each path, counted from 1.
    private(set) var lines: [ValuePath: Int] = [:]

    /// The first line at which the text nests deeper than `maximumDepth`.
    private(set) var tooDeepLine: Int?

    /// The first line with an escaped NUL in a string, which would cut the string short.
    private(set) var escapedNulLine: Int?

    /// The first line at which there are more `[[peer]]` tables than can be meant, or more of everything than
    /// `maximumPaths`: what is read of such a text costs memory, and is of no use.
    private(set) var tooManyLine: Int?

    /// A file of the greatest size that is allowed needs fewer for all the peers that are allowed.
    static let maximumPaths = 1 << 17

    /// The first syntax error that the parser must not see.
    private(set) var hazard: ParserHazard?

    private var scanner: TextScanner
    private var statementStart = 0
    private var table: ValuePath = []
    private var arrayCounts: [ValuePath: Int] = [:]

    /// Scans `text` from end to end.
    init(_ text: String) {
        scanner = TextScanner(text)
        scanStatements()
        escapedNulLine = scanner.escapedNulLine
    }

    private mutating func scanStatements() {
        while true {
            scanner.skipBlankLines()
            guard let byte = scanner.peek(), tooManyLine == nil else { return }
            statementStart = scanner.position
            if byte == UInt8(ascii: "[") { scanHeader() } else { scanPair(in: table, depth: 0) }
            scanner.skipLine()
        }
    }

    // MARK: Tables

    private mutating func scanHeader() {
        let line = scanner.line
        scanner.advance()
        scanner.skipSpaces()
        let isArray = scanner.skip(UInt8(ascii: "["))
        scanner.skipSpaces()
        if scanner.isAtHeaderWithoutName { note(.headerWithoutName) }
        guard let keys = scanKeys(), let last = keys.last else { return }
        var path: ValuePath = []
        for key in keys.dropLast() { enter(key, &path, line) }
        if isArray {
            append(last, &path, line)
        } else {
            enter(last, &path, line)
        }
        table = path
    }

    /// A header passes through an array of tables into its last element.
    private mutating func enter(_ key: String, _ path: inout ValuePath, _ line: Int) {
        path.append(.key(key))
        record(path, line)
        if let count = arrayCounts[path] { path.append(.index(count - 1)) }
    }

    private mutating func append(_ key: String, _ path: inout ValuePath, _ line: Int) {
        path.append(.key(key))
        record(path, line)
        let count = arrayCounts[path, default: 0]
        arrayCounts[path] = count + 1
        if count >= 2 * Limits.maximumPeers { tooManyLine = tooManyLine ?? line }
        path.append(.index(count))
        record(path, line)
    }

    // MARK: Keys and values

    private mutating func scanPair(in base: ValuePath, depth: Int) {
        let line = scanner.line
        guard let keys = scanKeys() else { return }
        var path = base
        for key in keys {
            path.append(.key(key))
            record(path, line)
        }
        scanner.skipSpaces()
        if scanner.skip(UInt8(ascii: "=")) { scanValue(path, depth: depth) }
    }

    /// The parts of a dotted key; nil when there is none here or it is too long to be one of ours.
    private mutating func scanKeys() -> [String]? {
        var keys: [String] = []
        repeat {
            scanner.skipSpaces()
            guard let key = scanner.key() else { return nil }
            keys.append(key)
            scanner.skipSpaces()
            if keys.count > Self.maximumDepth {
                noteTooDeep()
                return nil
            }
        } while scanner.skip(UInt8(ascii: "."))
        return keys
    }

    private mutating func scanValue(_ path: ValuePath, depth: Int) {
        scanner.skipSpaces()
        switch scanner.peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): scanner.skipString()
        case UInt8(ascii: "["): descend(path, depth) { $0.scanArray(path, depth: depth + 1) }
        case UInt8(ascii: "{"): descend(path, depth) { $0.scanInlineTable(path, depth: depth + 1) }
        default:
            if scanner.isAtMalformedDate { note(.malformedDate) }
            scanner.skipBareValue()
        }
    }

    private mutating func descend(_ path: ValuePath, _ depth: Int, _ body: (inout Self) -> Void) {
        guard depth < Self.maximumDepth, path.count < Self.maximumDepth else {
            noteTooDeep()
            return scanner.skipLine()
        }
        scanner.advance()
        body(&self)
    }

    private mutating func scanArray(_ path: ValuePath, depth: Int) {
        var index = 0
        while true {
            scanner.skipBlankLines()
            guard let byte = scanner.peek(), byte != UInt8(ascii: "]") else { break }
            if scanner.isAtNoArrayElement { note(.noArrayElement) }
            let start = scanner.position
            record(path + [.index(index)], scanner.line)
            scanValue(path + [.index(index)], depth: depth)
            scanner.skipBlankLines()
            if !scanner.skip(UInt8(ascii: ",")) && scanner.position == start { return }
            index += 1
        }
        scanner.advance()
    }

    private mutating func scanInlineTable(_ path: ValuePath, depth: Int) {
        while true {
            scanner.skipBlankLines()
            guard let byte = scanner.peek(), byte != UInt8(ascii: "}") else { break }
            let start = scanner.position
            scanPair(in: path, depth: depth)
            scanner.skipBlankLines()
            if !scanner.skip(UInt8(ascii: ",")) && scanner.position == start { return }
        }
        scanner.advance()
    }

    // MARK: Results

    /// The first mention counts: `[peer]` is where the table begins, not where it is extended.
    private mutating func record(_ path: ValuePath, _ line: Int) {
        if path.count > 2 * Self.maximumDepth { return noteTooDeep() }
        if lines.count >= Self.maximumPaths { tooManyLine = tooManyLine ?? line }
        if lines[path] == nil { lines[path] = line }
    }

    private mutating func note(_ kind: ParserHazard.Kind) {
        hazard = hazard ?? ParserHazard(kind: kind, line: scanner.line, statementStart: statementStart)
    }

    private mutating func noteTooDeep() {
        tooDeepLine = tooDeepLine ?? scanner.line
    }
}
