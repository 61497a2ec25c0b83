/// A reader of Varlink's interface language, as much of it as our own descriptions use.
struct InterfaceLanguage {
    /// A field of a structure: its type without the marks for optional and array.
    struct Field: Equatable {
        var type: String
        var isOptional = false
        var isArray = false
    }

    /// What stands between a pair of brackets.
    typealias Structure = [String: Field]

    var interface = ""
    var structures: [String: Structure] = [:]
    var enumerations: [String: [String]] = [:]
    var methods: [String: (parameters: Structure, replies: Structure)] = [:]
    var errors: [String: Structure] = [:]

    private var tokens: ArraySlice<String>

    init(_ text: String) throws {
        tokens = Self.tokens(of: text)[...]
        while let keyword = tokens.popFirst() {
            let name = try take()
            switch keyword {
            case "interface": interface = name
            case "type": try readType(name)
            case "error": errors[name] = try readStructure()
            case "method":
                let parameters = try readStructure()
                try expect("->")
                methods[name] = (parameters, try readStructure())
            default: throw Unreadable(token: keyword)
            }
        }
    }

    struct Unreadable: Error { let token: String }

    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        for line in text.split(separator: "\n") {
            var word = ""
            for character in line.prefix(while: { $0 != "#" }) + " " {
                if "(),:? ".contains(character) {
                    if !word.isEmpty { tokens.append(word) }
                    word = ""
                    if character != " " { tokens.append(String(character)) }
                } else {
                    word.append(character)
                }
            }
        }
        return tokens
    }

    private mutating func take() throws -> String {
        guard let token = tokens.popFirst() else { throw Unreadable(token: "the end") }
        return token
    }

    private mutating func expect(_ token: String) throws {
        let found = try take()
        guard found == token else { throw Unreadable(token: found) }
    }

    private mutating func readType(_ name: String) throws {
        let isEnumeration = tokens.dropFirst(2).first != ":"
        if isEnumeration {
            enumerations[name] = try readList { reader in try reader.take() }
        } else {
            structures[name] = try readStructure()
        }
    }

    private mutating func readStructure() throws -> Structure {
        let fields = try readList { reader in
            let name = try reader.take()
            try reader.expect(":")
            return (name, try reader.readField())
        }
        return try Structure(fields) { _, _ in throw Unreadable(token: "a field twice") }
    }

    private mutating func readField() throws -> Field {
        var field = Field(type: try take())
        if field.type == "?" {
            field.isOptional = true
            field.type = try take()
        }
        if field.type.hasPrefix("[]") {
            field.isArray = true
            field.type.removeFirst(2)
        }
        return field
    }

    private mutating func readList<Item>(
        _ item: (inout InterfaceLanguage) throws -> Item
    ) throws -> [Item] {
        try expect("(")
        var items: [Item] = []
        guard tokens.first != ")" else {
            tokens.removeFirst()
            return items
        }
        repeat { items.append(try item(&self)) } while try take() == ","
        return items
    }
}
