import StatusAPI

/// The types of `org.varlink.certification`: one of each kind that the interface language has.
struct Numbers: Codable, Equatable, Sendable {
    var bool: Bool
    var int: Int
    var float: Double
    var string: String

    static let sample = Numbers(bool: false, int: 2, float: .pi, string: "a lot of string")
}

/// The empty struct, of which sets are made.
struct Nothing: Codable, Equatable, Sendable {}

typealias StringSet = [String: Nothing]

struct MyType: Codable, Equatable, Sendable {
    struct Object: Codable, Equatable, Sendable {
        struct Parameters: Codable, Equatable, Sendable { var map: [String: String] }
        var method: String
        var parameters: Parameters
    }
    struct Pair: Codable, Equatable, Sendable {
        var first: Int
        var second: String
    }
    struct Interface: Codable, Equatable, Sendable {
        enum Word: String, Codable, Sendable { case foo, bar, baz }
        struct Flags: Codable, Equatable, Sendable { var foo, bar: Bool }
        var foo: [[String: Word]?]?
        var anon: Flags
    }
    enum Choice: String, Codable, Sendable { case one, two, three }

    var object: Object
    var `enum`: Choice
    var `struct`: Pair
    var array: [String]
    var dictionary: [String: String]
    var stringset: StringSet
    var nullable: String?
    var nullable_array_struct: [Pair]?
    var interface: Interface

    static let sample = MyType(
        object: Object(
            method: "org.varlink.certification.Test09", parameters: .init(map: CertificationValue.map)),
        enum: .two, struct: Pair(first: 1, second: "2"), array: ["one", "two", "three"],
        dictionary: CertificationValue.map, stringset: CertificationValue.set,
        interface: Interface(
            foo: [nil, ["foo": .foo, "bar": .bar], nil, ["one": .foo, "two": .bar]],
            anon: .init(foo: true, bar: false)))
}

/// The values that the certification prescribes.
enum CertificationValue {
    static let map = ["foo": "Foo", "bar": "Bar"]
    static let set: StringSet = ["one": Nothing(), "two": Nothing(), "three": Nothing()]
    static let replies = (1...10).map { "Reply number \($0)" }
}

/// Parameters of a call, or of a reply: each method uses one or two of them.
struct CertificationParameters: VarlinkParameters, Equatable, Sendable {
    static let names = [
        "client_id", "bool", "int", "float", "string", "struct", "map", "set", "mytype", "last_more_replies",
        "all_ok",
    ]

    var client_id: String?
    var bool: Bool?
    var int: Int?
    var float: Double?
    var string: String?
    var `struct`: Numbers?
    var map: [String: String]?
    var set: StringSet?
    var mytype: MyType?
    var last_more_replies: [String]?
    var all_ok: Bool?

    /// What a client sends to a method, and what it has to get.
    static func exchange(_ method: String) -> (sent: Self, expected: Self)? {
        let numbers = Numbers.sample
        let scattered = Self(
            bool: numbers.bool, int: numbers.int, float: numbers.float, string: numbers.string)
        return switch method {
        case "Test01": (Self(), Self(bool: true))
        case "Test02": (Self(bool: true), Self(int: 1))
        case "Test03": (Self(int: 1), Self(float: 1))
        case "Test04": (Self(float: 1), Self(string: "ping"))
        case "Test05": (Self(string: "ping"), scattered)
        case "Test06": (scattered, Self(struct: numbers))
        case "Test07": (Self(struct: numbers), Self(map: CertificationValue.map))
        case "Test08": (Self(map: CertificationValue.map), Self(set: CertificationValue.set))
        case "Test09": (Self(set: CertificationValue.set), Self(mytype: .sample))
        case "Test10": (Self(mytype: .sample), Self())
        case "Test11": (Self(last_more_replies: CertificationValue.replies), Self())
        case "End": (Self(), Self(all_ok: true))
        default: nil
        }
    }
}
