/// A JSON value that can be changed at any position and written with any token.
indirect enum JSONTree: Decodable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case number(Int)
    case bool(Bool)
    /// What is written as it stands.
    case raw(String)

    /// One step down.
    enum Step: Hashable {
        case key(String)
        case index(Int)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONTree].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    /// The positions of all strings and numbers.
    var leaves: [(path: [Step], value: JSONTree)] {
        switch self {
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { Self.below(.key($0.key), $0.value) }
        case .array(let items): items.enumerated().flatMap { Self.below(.index($0.offset), $0.element) }
        case .string, .number: [([], self)]
        case .bool, .raw: []
        }
    }

    private static func below(_ step: Step, _ tree: JSONTree) -> [(path: [Step], value: JSONTree)] {
        tree.leaves.map { ([step] + $0.path, $0.value) }
    }

    /// The tree with another value at an index.
    func replacing(_ path: some Collection<Step>, with value: JSONTree) -> JSONTree {
        guard let step = path.first else { return value }
        switch (self, step) {
        case (.object(var members), .key(let key)):
            members[key] = members[key]?.replacing(path.dropFirst(), with: value)
            return .object(members)
        case (.array(var items), .index(let index)):
            items[index] = items[index].replacing(path.dropFirst(), with: value)
            return .array(items)
        default: return self
        }
    }

    /// The tree without the members of these names.
    func removing(_ names: Set<String>) -> JSONTree {
        switch self {
        case .object(let members):
            .object(members.filter { !names.contains($0.key) }.mapValues { $0.removing(names) })
        case .array(let items): .array(items.map { $0.removing(names) })
        default: self
        }
    }

    /// The tree with what `change` makes of each leaf.
    func mapLeaves(_ change: ([Step], JSONTree) -> JSONTree?) -> JSONTree {
        leaves.reduce(self) { tree, leaf in
            change(leaf.path, leaf.value).map { tree.replacing(leaf.path, with: $0) } ?? tree
        }
    }

    /// As JSON.
    var text: String {
        switch self {
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value.text)" }
                .joined(separator: ",") + "}"
        case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
        case .string(let value): Self.quoted(value)
        case .number(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .raw(let token): token
        }
    }

    private static func quoted(_ value: String) -> String {
        "\""
            + value.unicodeScalars.map {
                switch $0 {
                case "\"", "\\": "\\\($0)"
                case _ where $0.value < 0x20:
                    "\\u00" + ($0.value < 16 ? "0" : "") + String($0.value, radix: 16)
                default: "\($0)"
                }
            }.joined() + "\""
    }
}
