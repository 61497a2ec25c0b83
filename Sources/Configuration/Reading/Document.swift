internal import TOMLKit

/// One configuration file, parsed: toml++ supplies the values, `KeyLocator` their lines.
struct Document {
    /// The root table.
    let root: [ConfigurationEntry]

    /// Parses `source`, or records its syntax error.
    static func parse(_ source: SourceFile, _ diagnostics: inout Diagnostics) -> Self? {
        let locator = KeyLocator(source.text)
        guard isSafeToParse(source, locator, &diagnostics) else { return nil }
        if let hazard = locator.hazard {
            recordHazard(hazard, in: source, &diagnostics)
            return nil
        }
        guard let table = table(source.text, in: source.path, &diagnostics) else { return nil }
        let converter = Converter(file: source.path, lines: locator.lines)
        return Self(root: converter.entries(of: table, at: [], line: 1))
    }

    private static func table(
        _ text: String, in path: String, _ diagnostics: inout Diagnostics
    ) -> TOMLTable? {
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            SyntaxError.record(error, in: path, &diagnostics)
        } catch {
            let place = Location(file: path)
            diagnostics.error(
                nil, at: place, "cannot be parsed: \(error)", "see https://toml.io for the syntax")
        }
        return nil
    }

    /// The parser judges what stands before the hazard: an error there comes first, and may have misled the
    /// search.
    private static func recordHazard(
        _ hazard: ParserHazard, in source: SourceFile, _ diagnostics: inout Diagnostics
    ) {
        let before = String(decoding: source.text.utf8.prefix(hazard.statementStart), as: UTF8.self)
        guard table(before, in: source.path, &diagnostics) != nil else { return }
        SyntaxError.record(hazard.problem, at: Location(file: source.path, line: hazard.line), &diagnostics)
    }

    /// toml++ recurses once per level, and hands out strings that end at their first NUL.
    private static func isSafeToParse(
        _ source: SourceFile, _ locator: KeyLocator, _ diagnostics: inout Diagnostics
    ) -> Bool {
        if let line = locator.tooDeepLine {
            diagnostics.error(
                nil, at: Location(file: source.path, line: line),
                "tables or arrays are nested more than \(KeyLocator.maximumDepth) deep",
                "no key of a configuration needs that; look for a missing ] or }")
        }
        if let line = locator.escapedNulLine {
            diagnostics.error(
                nil, at: Location(file: source.path, line: line),
                "a string contains an escaped NUL character",
                "remove the \\u0000")
        }
        if let line = locator.tooManyLine {
            diagnostics.error(
                nil, at: Location(file: source.path, line: line),
                "there are too many tables and keys, or more than \(2 * Limits.maximumPeers) [[peer]] tables",
                "watch at most \(Limits.maximumPeers) peers; was the file written by a template gone wrong?")
        }
        return locator.tooDeepLine == nil && locator.escapedNulLine == nil && locator.tooManyLine == nil
    }
}

/// Copies toml++'s tree into values of our own, each with its line.
private struct Converter {
    let file: String
    let lines: [ValuePath: Int]

    /// `line` is that of the table, for keys the locator does not know.
    func entries(of table: TOMLTable, at path: ValuePath, line: Int) -> [ConfigurationEntry] {
        let entries: [(order: Int, entry: ConfigurationEntry)] = table.keys.compactMap { key in
            guard let value = table[key] else { return nil }
            let node = node(value, at: path + [.key(key)], parentLine: line)
            return (node.location.line ?? 0, ConfigurationEntry(key: key, node: node))
        }
        // toml++ keeps keys in the alphabet's order, errors are better read in the file's.
        return entries.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
            .map(\.element.entry)
    }

    private func node(
        _ value: any TOMLValueConvertible, at path: ValuePath, parentLine: Int
    ) -> ConfigurationNode {
        let line = lines[path] ?? parentLine
        return ConfigurationNode(
            value: converted(value, at: path, line: line), location: Location(file: file, line: line))
    }

    private func converted(
        _ value: any TOMLValueConvertible, at path: ValuePath, line: Int
    ) -> ConfigurationNode.Value {
        switch value.type {
        case .string: .string(value.string ?? "")
        case .int: .integer(value.int ?? 0)
        case .double: .float(value.double ?? 0)
        case .bool: .boolean(value.bool ?? false)
        case .date, .time, .dateTime: .date
        case .array: .array(elements(of: value.array, at: path, line: line))
        case .table: .table(value.table.map { entries(of: $0, at: path, line: line) } ?? [])
        }
    }

    private func elements(of array: TOMLArray?, at path: ValuePath, line: Int) -> [ConfigurationNode] {
        guard let array else { return [] }
        return array.indices.map { index in
            node(array[index], at: path + [.index(index)], parentLine: line)
        }
    }
}
