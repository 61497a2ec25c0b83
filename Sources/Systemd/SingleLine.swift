/// Text that has to stay on one line, whatever its origin.
///
/// Names and reasons can come from a configuration file or from the network. On a terminal an escape character
/// could rewrite what the administrator reads; in a notification a line break could forge an assignment.
extension String {
    /// The same text with every control character and line separator spelled out (`\n`, `\t`, `\u{1B}`).
    func escapingControlCharacters() -> String {
        guard unicodeScalars.contains(where: \.breaksLine) else { return self }
        var escaped = ""
        for scalar in unicodeScalars {
            if scalar.breaksLine {
                escaped += scalar.escaped(asASCII: true)
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The longest beginning that fits into `utf8Bytes` without cutting a character in two.
    func prefix(utf8Bytes limit: Int) -> Substring {
        guard utf8.count > limit else { return self[...] }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end.samePosition(in: self) == nil { end = utf8.index(before: end) }
        return self[..<end]
    }
}

extension Unicode.Scalar {
    /// Whether this scalar would end or disturb a line: C0, DEL, C1, and Unicode's own separators.
    fileprivate var breaksLine: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}
