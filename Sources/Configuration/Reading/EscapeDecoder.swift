/// Decodes the escapes of a basic TOML string, as far as they may stand in a quoted key.
enum EscapeDecoder {
    /// The text of the bytes between the quotes; an escape that is none is kept as it stands.
    static func decode(_ raw: ArraySlice<UInt8>) -> String {
        var result = ""
        var rest = Substring(String(decoding: raw, as: UTF8.self)).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let kind = rest.first else {
                result.unicodeScalars.append(scalar)
                continue
            }
            rest.removeFirst()
            result.unicodeScalars.append(contentsOf: escape(kind, &rest))
        }
        return result
    }

    private static let simple: [Unicode.Scalar: Unicode.Scalar] = [
        "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{c}", "r": "\r", "e": "\u{1b}", "\"": "\"", "\\": "\\",
    ]

    private static func escape(
        _ kind: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
    ) -> [Unicode.Scalar] {
        if let decoded = simple[kind] { return [decoded] }
        let digits = kind == "u" ? 4 : kind == "U" ? 8 : 0
        let text = String(String.UnicodeScalarView(rest.prefix(digits)))
        guard digits > 0, let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            return ["\\", kind]
        }
        rest.removeFirst(min(digits, rest.count))
        return [scalar]
    }
}
