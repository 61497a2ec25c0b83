/// One value of a configuration file and its location.
struct ConfigurationNode {
    /// The value itself.
    enum Value {
        case string(String)
        case integer(Int)
        case float(Double)
        case boolean(Bool)
        case date
        case array([ConfigurationNode])
        case table([ConfigurationEntry])
    }

    var value: Value
    let location: Location

    /// What it is, with its article, for messages.
    var kind: String {
        switch value {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a floating-point number"
        case .boolean: "a boolean"
        case .date: "a date or time"
        case .array: isArrayOfTables ? "an array of tables" : "an array"
        case .table: "a table"
        }
    }

    private var isArrayOfTables: Bool {
        guard case .array(let elements) = value, !elements.isEmpty else { return false }
        return elements.allSatisfy { if case .table = $0.value { true } else { false } }
    }
}

/// A key of a table with its value; a list of them keeps the order of the file.
struct ConfigurationEntry {
    let key: String
    var node: ConfigurationNode
}
