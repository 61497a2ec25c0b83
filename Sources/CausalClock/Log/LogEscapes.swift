/// How text is kept within one line.
///
/// Besides ASCII's control characters these end a line for some reader: NEL, and for JavaScript's `.`, which ShiViz
/// reads events with, also U+2028 and U+2029.
enum LogEscapes {
    /// Appends `text` with every character that is no part of a line written as an escape; reversibly, with backslashes
    /// doubled, so that `unescaped` gives the text back.
    static func append(_ text: some StringProtocol, isReversible: Bool, to bytes: inout [UInt8]) {
        // Nearly all text is plain, and every entry has some.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) {
            bytes += text.utf8
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\" where isReversible: bytes += "\\\\".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case _ where isForbidden(scalar): bytes += hexadecimal(scalar).utf8
            default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
    }

    /// A name as a JSON string, quotation marks included.
    static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            if byte < 0x20 { bytes += hexadecimal(Unicode.Scalar(byte)).utf8 } else { bytes.append(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// One scalar as `\u` and four hexadecimal digits; all that are escaped fit.
    static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// The text that `append` wrote reversibly; what is no escape stays as it is.
    static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "\\"),
                let (scalar, length) = escape(in: bytes, at: index + 1)
            else {
                result.append(bytes[index])
                index += 1
                continue
            }
            result += UTF8.encode(scalar).map(Array.init) ?? []
            index += 1 + length
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What the escape whose letter stands at `index` means, and how long it is without its backslash.
    static func escape(in bytes: ArraySlice<UInt8>, at index: Int) -> (Unicode.Scalar, length: Int)? {
        guard index < bytes.endIndex else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "n"): return ("\n", 1)
        case UInt8(ascii: "r"): return ("\r", 1)
        case UInt8(ascii: "t"): return ("\t", 1)
        case UInt8(ascii: "b"): return ("\u{8}", 1)
        case UInt8(ascii: "f"): return ("\u{c}", 1)
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"):
            return (Unicode.Scalar(bytes[index]), 1)
        case UInt8(ascii: "u"):
            guard bytes.endIndex - index > 4 else { return nil }
            let digits = String(decoding: bytes[(index + 1)...(index + 4)], as: UTF8.self)
            guard digits.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }) else { return nil }
            return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init).map { ($0, 5) }
        default: return nil
        }
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}
