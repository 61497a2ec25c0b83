/// The parameters of one method.
package protocol VarlinkParameters: Codable {
    /// The names that the method knows; any other one is refused, so that a misspelt name is noticed.
    static var names: [String] { get }
}

/// The empty object.
package struct NoParameters: VarlinkParameters, Equatable, Sendable {
    /// No name at all.
    package static var names: [String] { [] }

    /// An empty object.
    package init() {}
}

/// The parameters in a call or a reply, decoded as one type; absent is the same as empty.
func decodeParameters<Parameters: Decodable>(
    _ type: Parameters.Type, from message: [UInt8]
) throws(JSONFailure) -> Parameters {
    let envelope = try JSONText.decode(ParametersEnvelope<Parameters>.self, from: message)
    guard let parameters = envelope.parameters else {
        return try JSONText.decode(type, from: [UInt8]("{}".utf8))
    }
    return parameters
}

/// The names of the parameters in a call, sorted.
func decodeParameterNames(from message: [UInt8]) throws(JSONFailure) -> [String] {
    try JSONText.decode(ParametersEnvelope<AnyNames>.self, from: message).parameters?.names ?? []
}

/// The names of the parameters in a call that are numbers and no integers of 64 bits, sorted.
func unfitNumbers(in message: [UInt8]) throws(JSONFailure) -> [String] {
    try JSONText.decode(ParametersEnvelope<UnfitNumbers>.self, from: message).parameters?.names ?? []
}

/// The names in an object whose values are neither integers, nor texts, truth values, lists or objects.
private struct UnfitNumbers: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: AnyName.self)
        names = object.allKeys.filter { !Self.isReadable($0, in: object) }.map(\.stringValue).sorted()
    }

    private static func isReadable(_ name: AnyName, in object: KeyedDecodingContainer<AnyName>) -> Bool {
        (try? object.decodeNil(forKey: name)) == true || (try? object.decode(Int.self, forKey: name)) != nil
            || (try? object.decode(String.self, forKey: name)) != nil
            || (try? object.decode(Bool.self, forKey: name)) != nil
            || (try? object.nestedContainer(keyedBy: AnyName.self, forKey: name)) != nil
            || (try? object.nestedUnkeyedContainer(forKey: name)) != nil
    }
}

/// A call or a reply, of which only the parameters matter.
private struct ParametersEnvelope<Parameters: Decodable>: Decodable {
    let parameters: Parameters?
}

/// The names in an object, whatever they stand for.
private struct AnyNames: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: AnyName.self).allKeys.map(\.stringValue).sorted()
    }
}

/// Any name at all.
private struct AnyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
