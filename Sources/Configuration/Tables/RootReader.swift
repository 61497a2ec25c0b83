/// Opens the tables of a merged configuration, and refuses what the schema does not know.
struct RootReader {
    /// What stands in the root, of all files together.
    let entries: [ConfigurationEntry]

    /// The main file, where what is missing should be added.
    let mainFile: String

    /// The table `name` of the root; an absent or unusable one reads as empty.
    func table(_ name: String, _ diagnostics: inout Diagnostics) -> TableReader {
        let node = entries.first { $0.key == name }?.node
        return open(node, name: name, schemaName: name, &diagnostics)
    }

    /// Where each key of a table is written, as `FILE:LINE`.
    func origins(in table: String) -> [String: String] {
        guard case .table(let keys) = entries.first(where: { $0.key == table })?.node.value else {
            return [:]
        }
        return Dictionary(keys.map { ($0.key, "\($0.node.location)") }) { first, _ in first }
    }

    /// Whether a file has something of this name, be it an empty table.
    func has(_ name: String) -> Bool { entries.contains { $0.key == name } }

    /// The table `target` in `[detection]` or in a `[[peer]]`; nil when it is absent.
    func target(in table: TableReader, _ diagnostics: inout Diagnostics) -> TableReader? {
        guard let node = table.node("target") else { return nil }
        return open(node, name: table.label("target"), schemaName: "detection.target", &diagnostics)
    }

    /// The `[[peer]]` tables in the order of the files.
    func peers(_ diagnostics: inout Diagnostics) -> [TableReader] {
        tables("peer", namedBy: "id", &diagnostics)
    }

    /// The `[[service]]` tables in the order of the files.
    func services(_ diagnostics: inout Diagnostics) -> [TableReader] {
        tables("service", namedBy: "name", &diagnostics)
    }

    private func tables(
        _ list: String, namedBy key: String, _ diagnostics: inout Diagnostics
    ) -> [TableReader] {
        guard let node = entries.first(where: { $0.key == list })?.node else { return [] }
        guard case .array(let elements) = node.value else {
            Self.refuse(node, asList: list, &diagnostics)
            return []
        }
        var tables: [TableReader] = []
        for (index, element) in elements.enumerated() {
            let name = Self.name(of: element, in: list, by: key, index: index)
            let reader = open(element, name: name, schemaName: list, &diagnostics)
            if case .table = element.value { tables.append(reader) }
        }
        return tables
    }

    /// Records the entries of the root that are no table of the schema.
    func refuseUnknownTables(_ diagnostics: inout Diagnostics) {
        for entry in entries where !Schema.rootTables.contains(entry.key) {
            let (problem, remedy) = unknown(entry)
            diagnostics.error(KeyText.written(entry.key), at: entry.node.location, problem, remedy)
        }
    }

    // MARK: Details

    private func open(
        _ node: ConfigurationNode?, name: String, schemaName: String, _ diagnostics: inout Diagnostics
    ) -> TableReader {
        var entries: [ConfigurationEntry] = []
        if case .table(let found) = node?.value {
            entries = found
        } else if let node {
            Self.refuse(node, asTable: name, &diagnostics)
        }
        let location = node?.location ?? Location(file: mainFile)
        let reader = TableReader(name: name, schemaName: schemaName, entries: entries, location: location)
        reader.refuseUnknownKeys(&diagnostics)
        return reader
    }

    /// Records that what stands for a list of tables is none.
    static func refuse(_ node: ConfigurationNode, asList list: String, _ diagnostics: inout Diagnostics) {
        diagnostics.error(
            list, at: node.location, "is \(node.kind), expected an array of tables",
            "write [[\(list)]] before the keys of each \(list)")
    }

    /// Records that what stands for a table is none.
    static func refuse(_ node: ConfigurationNode, asTable name: String, _ diagnostics: inout Diagnostics) {
        diagnostics.error(
            name, at: node.location, "is \(node.kind), expected a table",
            "write \(Schema.header(name)) on a line of its own and the keys below it")
    }

    private static func name(
        of element: ConfigurationNode, in list: String, by key: String, index: Int
    ) -> String {
        guard case .table(let entries) = element.value,
            case .string(let name) = entries.first(where: { $0.key == key })?.node.value,
            NodeID.problem(with: name) == nil
        else { return "\(list)[#\(index + 1)]" }
        return "\(list)[\(name)]"
    }

    private func unknown(_ entry: ConfigurationEntry) -> (problem: String, remedy: String) {
        let headers = Schema.rootTables.map(Schema.header)
        let list = "the tables are \(headers.joined(separator: ", "))"
        let near = suggestion(for: entry.key, among: Schema.rootTables)
        if case .table = entry.node.value {
            return ("unknown table", near.map { "did you mean \(Schema.header($0))?" } ?? list)
        }
        if let home = Schema.home(of: entry.key) {
            return ("stands outside of any table", "move it below \(Schema.header(home))")
        }
        return ("unknown key outside of any table", near.map { "did you mean \(Schema.header($0))?" } ?? list)
    }
}

extension TableReader {
    /// Records the keys that the schema does not know.
    fileprivate func refuseUnknownKeys(_ diagnostics: inout Diagnostics) {
        let known = Schema.keys(of: schemaName)
        for entry in entries where !known.contains(entry.key) {
            let remedy: String
            if let home = Schema.home(of: entry.key) {
                remedy = "it belongs in \(Schema.header(home))"
            } else if let near = suggestion(for: entry.key, among: known) {
                remedy = "did you mean \"\(near)\"?"
            } else {
                remedy = "the keys of \(Schema.header(schemaName)) are \(known.joined(separator: ", "))"
            }
            diagnostics.error(
                label(KeyText.written(entry.key)), at: entry.node.location, "unknown key", remedy)
        }
    }
}

/// How a key is written in a message.
enum KeyText {
    /// `key` as it stands if it is a bare key, else in quotes.
    static func written(_ key: String) -> String {
        let isBare = key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        return isBare && (1...60).contains(key.utf8.count) ? key : quoted(key)
    }
}
