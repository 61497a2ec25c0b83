/// Sets and dictionaries in the pure targets: their order differs from one process to the next.
///
/// A run of the core must be repeatable to the last effect. Code that needs a lookup by key can be allowed one by
/// name.
enum HashedTypes {
    /// A line that may hold a hashed type, because nothing depends on its order.
    struct Allowance {
        /// The file.
        let path: String
        /// What the line holds, enough to know it by.
        let text: String
        /// Why its order cannot matter.
        let reason: String
    }

    /// The exceptions, each with its reason.
    static let allowances: [Allowance] = [
        Allowance(
            path: "Sources/Records/Spread/GateBudgets.swift", text: "items: [Key: Item]",
            reason: "found by key and forgotten when full; an ordered list of 128,000 does not grow in time")
    ]

    /// Every use in `file` that is not among `allowances`.
    static func violations(in file: SourceFile, allowances: [Allowance] = allowances) -> [Violation] {
        file.code.enumerated().compactMap { index, line in
            guard holdsHashedType(line) else { return nil }
            let allowed = allowances.contains { $0.path == file.path && line.contains($0.text) }
            return allowed
                ? nil
                : Violation(
                    path: file.path, line: index + 1, problem: "a hashed type",
                    remedy:
                        "keep an array sorted by id, or allow this line in HashedTypes.swift with the reason")
        }
    }

    /// The allowances that no line of `files` needs any more.
    static func stale(in files: [SourceFile], allowances: [Allowance] = allowances) -> [Violation] {
        allowances.filter { allowance in
            !files.contains { file in
                file.path == allowance.path
                    && file.code.contains { holdsHashedType($0) && $0.contains(allowance.text) }
            }
        }.map {
            Violation(
                path: $0.path, line: 0, problem: "no line holds `\($0.text)`",
                remedy: "remove the allowance from HashedTypes.swift")
        }
    }

    private static func holdsHashedType(_ line: Substring) -> Bool {
        let bytes = Array(line.utf8)
        return bytes.indices.contains { index in
            startsName(["Set", "Dictionary"], at: index, in: bytes) || startsDictionary(at: index, in: bytes)
        }
    }

    private static func startsName(_ names: [String], at index: Int, in bytes: [UInt8]) -> Bool {
        guard index == 0 || !bytes[index - 1].isWordByte else { return false }
        let word = String(decoding: bytes[index...].prefix { $0.isWordByte }, as: UTF8.self)
        return names.contains(word)
    }

    /// `[Key: Value]` or `[:]`; after a name the bracket is a subscript, whose labels look the same.
    private static func startsDictionary(at index: Int, in bytes: [UInt8]) -> Bool {
        guard bytes[index] == UInt8(ascii: "[") else { return false }
        if index > 0, bytes[index - 1].isWordByte || ")]?!>".utf8.contains(bytes[index - 1]) { return false }
        let afterKey = bytes[(index + 1)...].drop { $0.isWordByte || ".<>?".utf8.contains($0) }
        return afterKey.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: ":")
    }
}
