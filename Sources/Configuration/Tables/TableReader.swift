/// Reads typed values from one table and records what is wrong with them.
struct TableReader {
    /// How messages call the table: `detection`, or `peer[db2]`.
    let name: String

    /// The table's name in the schema: `detection`, or `peer`.
    let schemaName: String

    /// What stands in it.
    let entries: [ConfigurationEntry]

    /// Where it begins.
    let location: Location

    /// The value of `key`, if it is set.
    func node(_ key: String) -> ConfigurationNode? {
        entries.first { $0.key == key }?.node
    }

    /// Records that `key` is missing, if it is, with what to do.
    ///
    /// A key that the schema does not know has its error already, and is probably this one.
    func require(_ key: String, remedy: String, _ diagnostics: inout Diagnostics) {
        let known = Schema.keys(of: schemaName)
        guard node(key) == nil, entries.allSatisfy({ known.contains($0.key) }) else { return }
        diagnostics.error(label(key), at: location, "is missing", remedy)
    }

    /// How messages call `key` of this table.
    func label(_ key: String) -> String { "\(name).\(key)" }

    // MARK: Typed values; nil when the key is not set, or wrong

    func string(_ key: String, _ diagnostics: inout Diagnostics) -> Located<String>? {
        guard let node = node(key) else { return nil }
        return string(node, label(key), "for example \(key) = \"…\"", &diagnostics)
    }

    func boolean(_ key: String, _ diagnostics: inout Diagnostics) -> Located<Bool>? {
        guard let node = node(key) else { return nil }
        guard case .boolean(let value) = node.value else {
            return mismatch(node, label(key), "a boolean", "write true or false without quotes", &diagnostics)
        }
        return Located(value: value, location: node.location)
    }

    func integer(_ key: String, in range: ClosedRange<Int>, _ diagnostics: inout Diagnostics) -> Located<Int>?
    {
        guard let node = node(key) else { return nil }
        guard case .integer(let value) = node.value else {
            let remedy = "write a whole number from \(range.lowerBound) to \(range.upperBound) without quotes"
            return mismatch(node, label(key), "an integer", remedy, &diagnostics)
        }
        guard range.contains(value) else {
            diagnostics.error(
                label(key), at: node.location, "\(value) is out of range",
                "write a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return Located(value: value, location: node.location)
    }

    func number(
        _ key: String, in range: ClosedRange<Double>, _ diagnostics: inout Diagnostics
    ) -> Located<Double>? {
        guard let node = node(key) else { return nil }
        let remedy = "write a number from \(range.lowerBound) to \(range.upperBound) without quotes"
        let value: Double
        switch node.value {
        case .integer(let integer): value = Double(integer)
        case .float(let float): value = float
        default: return mismatch(node, label(key), "a number", remedy, &diagnostics)
        }
        guard range.contains(value) else {
            diagnostics.error(label(key), at: node.location, "\(value) is out of range", remedy)
            return nil
        }
        return Located(value: value, location: node.location)
    }

    func duration(
        _ key: String, in range: ClosedRange<Duration>, _ diagnostics: inout Diagnostics
    ) -> Located<Duration>? {
        guard let node = node(key) else { return nil }
        guard let duration = duration(node, label(key), &diagnostics) else { return nil }
        guard range.contains(duration) else {
            let (low, high) = (DurationText.format(range.lowerBound), DurationText.format(range.upperBound))
            diagnostics.error(
                label(key), at: node.location, "\"\(DurationText.format(duration))\" is out of range",
                "write a duration from \"\(low)\" to \"\(high)\"")
            return nil
        }
        return Located(value: duration, location: node.location)
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ diagnostics: inout Diagnostics
    ) -> Located<Choice>? {
        guard let text = string(key, &diagnostics) else { return nil }
        if let choice = Choice(rawValue: text.value) {
            return Located(value: choice, location: text.location)
        }
        let known = Choice.allCases.map(\.rawValue)
        let remedy =
            suggestion(for: text.value, among: known).map { "did you mean \"\($0)\"?" }
            ?? "use \(alternatives(known))"
        diagnostics.error(label(key), at: text.location, "\(quoted(text.value)) is not known", remedy)
        return nil
    }

    func strings(_ key: String, example: String, _ diagnostics: inout Diagnostics) -> [Located<String>]? {
        guard let node = node(key) else { return nil }
        guard case .array(let elements) = node.value else {
            return mismatch(node, label(key), "an array", "write \(key) = [\(example)]", &diagnostics)
        }
        return elements.compactMap { string($0, label(key), "for example [\(example)]", &diagnostics) }
    }
}

extension TableReader {
    private func string(
        _ node: ConfigurationNode, _ label: String, _ example: String, _ diagnostics: inout Diagnostics
    ) -> Located<String>? {
        guard case .string(let value) = node.value else {
            return mismatch(node, label, "a string", "write it in quotes, \(example)", &diagnostics)
        }
        return Located(value: value, location: node.location)
    }

    private func duration(
        _ node: ConfigurationNode, _ label: String, _ diagnostics: inout Diagnostics
    ) -> Duration? {
        guard case .string(let text) = node.value else {
            return bareDuration(node, label, &diagnostics)
        }
        do throws(DurationText.Failure) {
            return try DurationText.parse(text)
        } catch {
            let (problem, remedy) = DurationText.explain(error, of: text)
            diagnostics.error(label, at: node.location, problem, remedy)
            return nil
        }
    }

    private func bareDuration(
        _ node: ConfigurationNode, _ label: String, _ diagnostics: inout Diagnostics
    ) -> Duration? {
        let number: String
        switch node.value {
        case .integer(let value): number = String(value)
        case .float(let value) where value.isFinite: number = String(value)
        default:
            let remedy = "write it with its unit in quotes, for example \"200ms\""
            return mismatch(node, label, "a duration", remedy, &diagnostics)
        }
        diagnostics.error(
            label, at: node.location, "\(number) has no unit",
            "write it with its unit in quotes, for example \"\(number)ms\" or \"\(number)s\"")
        return nil
    }

    private func mismatch<Value>(
        _ node: ConfigurationNode, _ label: String, _ expected: String, _ remedy: String,
        _ diagnostics: inout Diagnostics
    ) -> Value? {
        diagnostics.error(label, at: node.location, "is \(node.kind), expected \(expected)", remedy)
        return nil
    }
}
