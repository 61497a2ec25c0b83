/// The syntax of host names (RFC 1123), with the underscore that is met in practice.
enum HostName {
    /// Whether `name` could be looked up.
    static func isValid(_ name: String) -> Bool {
        // A final dot marks a name as fully qualified.
        let name = name.hasSuffix(".") ? name.dropLast() : name[...]
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last, name.utf8.count <= 253, labels.allSatisfy(isLabel) else { return false }
        // All digits at the end is a mistyped IPv4 address, never a name.
        return !last.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let isLongEnough = (1...63).contains(label.utf8.count)
        let isPlain = label.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-_".contains(Character(scalar)))
        }
        return isLongEnough && isPlain && !label.hasPrefix("-") && !label.hasSuffix("-")
    }
}

/// The syntax of node ids: short, printable, and free of what separates ids from other things.
enum NodeID {
    /// What is wrong with `id`, and the remedy; nil when nothing is.
    static func problem(with id: String) -> (problem: String, remedy: String)? {
        if id.isEmpty { return ("is empty", "write a name of 1 to 63 bytes, for example \"db1\"") }
        if id.utf8.count > 63 {
            return ("\(quoted(id)) is \(id.utf8.count) bytes long", "write a name of 1 to 63 bytes")
        }
        guard let bad = id.unicodeScalars.first(where: isForbidden) else { return nil }
        return (
            "\(quoted(id)) contains \(name(of: bad))",
            "use letters, digits, \"-\", \"_\" and \".\""
        )
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", "@", ":", "\"", "'", "`", "\\", "{", "}": true
        default: !scalar.isASCII || scalar.properties.isWhitespace || isInvisible(scalar)
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        if scalar.properties.isWhitespace && !(scalar.properties.generalCategory == .control) {
            return "a space"
        }
        return isInvisible(scalar) ? "a control character" : "the character \(scalar)"
    }
}
