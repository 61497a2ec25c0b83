import FoundationEssentials

/// Why a value has no JSON form, or a JSON text is not the value wanted.
package struct JSONFailure: Error, Equatable, CustomStringConvertible {
    /// The keys that lead to the offending position, outermost first.
    package let path: [String]
    /// What is wrong there.
    package let problem: String

    /// Where and what, as in `health.stalls: is missing`.
    package var description: String {
        path.isEmpty ? problem : "\(path.joined(separator: ".")): \(problem)"
    }
}

/// JSON as this interface writes it: sorted keys, no spaces, absent instead of null.
///
/// The same value is always the same bytes, so that output can be compared and golden files kept.
package enum JSONText {
    /// The bytes of a value.
    package static func bytes(of value: some Encodable) throws(JSONFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(value))
        } catch {
            throw JSONFailure(error)
        }
    }

    /// The text of a value, in one line.
    package static func string(of value: some Encodable) throws(JSONFailure) -> String {
        String(decoding: try bytes(of: value), as: UTF8.self)
    }

    /// The value that a text describes.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Sequence<UInt8>
    ) throws(JSONFailure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw JSONFailure(error)
        }
    }

    /// Whether brackets nest deeper than `limit`.
    ///
    /// Decoders recurse, and 64 KiB hold 65,536 opening brackets: this is asked before any of them is called.
    /// Brackets inside strings do not count.
    package static func nests(_ bytes: some Sequence<UInt8>, deeperThan limit: Int) -> Bool {
        var depth = 0
        var inString = false
        var escaped = false
        for byte in bytes {
            switch byte {
            case _ where escaped: escaped = false
            case UInt8(ascii: "\\") where inString: escaped = true
            case UInt8(ascii: "\""): inString.toggle()
            case _ where inString: continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: continue
            }
            if depth > limit { return true }
        }
        return false
    }
}

extension JSONFailure {
    /// Reduces a coder's error to where and what.
    fileprivate init(_ error: any Error) {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            self.init(path: (context.codingPath + [key]).map(\.stringValue), problem: "is missing")
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            self.init(path: context.codingPath.map(\.stringValue), problem: context.debugDescription)
        case EncodingError.invalidValue(_, let context):
            self.init(path: context.codingPath.map(\.stringValue), problem: context.debugDescription)
        default:
            self.init(path: [], problem: "\(error)")
        }
    }
}
