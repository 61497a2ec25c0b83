/// One `[[service]]` as it was read; what is missing or wrong is nil and has its error already.
struct ServiceEntry {
    /// How messages call the table: `service[postgres]`.
    let label: String
    let location: Location
    let name: Located<String>?
    let unit: Located<String>?
    let hungAfter: Located<Duration>?
    /// The patterns of the hosts that have it; nil for all hosts.
    let hosts: [Located<String>]?

    /// Reads the table.
    init(_ table: TableReader, _ diagnostics: inout Diagnostics) {
        label = table.name
        location = table.location
        name = Self.checked("name", in: table, example: "postgres", &diagnostics, by: NodeID.problem)
        unit = Self.checked(
            "unit", in: table, example: "postgresql.service", &diagnostics, by: UnitName.problem)
        hungAfter = table.duration("hung_after", in: Limits.hungAfter, &diagnostics)
        hosts = Self.hosts(table, &diagnostics)
    }

    /// Whether a host of this id has the service.
    func isFor(_ host: String) -> Bool {
        hosts?.contains { HostPattern.matches($0.value, host) } ?? true
    }

    private static func checked(
        _ key: String, in table: TableReader, example: String, _ diagnostics: inout Diagnostics,
        by problem: (String) -> (problem: String, remedy: String)?
    ) -> Located<String>? {
        table.require(key, remedy: "add \(key) = \"\(example)\" to this [[service]]", &diagnostics)
        guard let text = table.string(key, &diagnostics) else { return nil }
        guard let (problem, remedy) = problem(text.value) else { return text }
        diagnostics.error(table.label(key), at: text.location, problem, remedy)
        return nil
    }

    private static func hosts(
        _ table: TableReader, _ diagnostics: inout Diagnostics
    ) -> [Located<String>]? {
        guard let patterns = table.strings("hosts", example: "\"db*\"", &diagnostics) else { return nil }
        if patterns.isEmpty, case .array(let elements) = table.node("hosts")?.value, elements.isEmpty {
            diagnostics.error(
                table.label("hosts"), at: table.node("hosts")?.location ?? table.location,
                "is empty, so no host has this service",
                "name the hosts, for example hosts = [\"db*\"], or remove the key for all hosts")
        }
        return patterns.filter { pattern in
            guard let (problem, remedy) = HostPattern.problem(with: pattern.value) else { return true }
            diagnostics.error(table.label("hosts"), at: pattern.location, problem, remedy)
            return false
        }
    }
}

/// The pattern of host ids: `*` stands for any characters, `?` for one.
enum HostPattern {
    /// What is wrong with a pattern, and the remedy; nil when nothing is.
    static func problem(with pattern: String) -> (problem: String, remedy: String)? {
        let plain = pattern.replacing("*", with: "x").replacing("?", with: "x")
        let remedy = "write the id of a host, with * for any characters and ? for one"
        if let bad = pattern.first(where: { "[]!^".contains($0) }) {
            return ("\(quoted(pattern)) contains \"\(bad)\", and there are no sets of characters", remedy)
        }
        return NodeID.problem(with: plain).map { _ in ("\(quoted(pattern)) cannot match any id", remedy) }
    }

    /// Whether the whole of `text` matches.
    ///
    /// It takes the product of both lengths at most, whatever the pattern is.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
        var (place, at) = (0, 0)
        var (star, retry) = (-1, 0)
        while at < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                (star, retry) = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == text[at]
            {
                (place, at) = (place + 1, at + 1)
            } else if star >= 0 {
                // The last star takes one character more.
                retry += 1
                (place, at) = (star + 1, retry)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// The syntax of names of services of systemd.
enum UnitName {
    /// What is wrong with the name of a unit, and the remedy; nil when nothing is.
    static func problem(with unit: String) -> (problem: String, remedy: String)? {
        let example = "write the name that \"systemctl list-units --type=service\" shows"
        if unit.isEmpty { return ("is empty", example) }
        if unit.utf8.count > Limits.unitName {
            return ("is \(unit.utf8.count) bytes long", "write a name of at most \(Limits.unitName) bytes")
        }
        if unit.contains("/") { return ("\(quoted(unit)) is a path", example) }
        if unit.contains(where: { "*?[]".contains($0) }) {
            return (
                "\(quoted(unit)) is a pattern", "write one [[service]] for each unit, with its whole name"
            )
        }
        guard let bad = unit.unicodeScalars.first(where: { !isAllowed($0) }) else { return form(unit) }
        return ("\(quoted(unit)) contains \(quoted(String(bad))), which no unit has in its name", example)
    }

    /// What is wrong with a name of which every character is allowed.
    private static func form(_ unit: String) -> (problem: String, remedy: String)? {
        guard unit.hasSuffix(".service") else {
            let kinds = [
                "socket", "timer", "target", "path", "mount", "automount", "swap", "slice", "scope", "device",
            ]
            guard let kind = kinds.first(where: { unit.hasSuffix(".\($0)") }) else {
                return ("\(quoted(unit)) has no type", "write \(quoted(unit + ".service"))")
            }
            return ("\(quoted(unit)) is a \(kind), no service", "write the service that belongs to it")
        }
        let prefix = unit.dropLast(".service".count)
        if prefix.isEmpty || prefix.hasPrefix("@") {
            return ("\(quoted(unit)) has no name before its type", "write for example \"postgresql.service\"")
        }
        guard prefix.hasSuffix("@") else { return nil }
        return (
            "\(quoted(unit)) is a template",
            "name an instance of it, for example \(quoted("\(prefix)main.service"))"
        )
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ":", "-", "_", ".", "\\", "@": true
        default: false
        }
    }
}
