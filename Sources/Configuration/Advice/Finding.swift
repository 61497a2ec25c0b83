/// One thing wrong, or unwise, in a configuration: where, which key, what, and the remedy.
package struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// Where it stands.
    package let location: Location

    /// The key or table, as `detection.margin` or `peer[db2].address`; nil when a whole file is meant.
    package let key: String?

    /// What is wrong, without a full stop.
    package let problem: String

    /// What to write instead.
    package let remedy: String

    /// `file:line: key: what is wrong; what to write instead`, always a single line.
    package var description: String {
        let subject = key.map { "\($0): " } ?? ""
        return "\(location): \(subject)\(problem); \(remedy)"
    }
}

/// Every error of a configuration together; the daemon exits with status 78 (EX_CONFIG) on it.
package struct ConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
    /// At least one error, in the order the files are read, then by line; a hundred at most, and one that counts the others.
    package let errors: [Finding]

    /// How many errors there are, those that are not listed included.
    package let total: Int

    /// What would have been warned about had there been no errors, in the same order.
    package let warnings: [Finding]

    /// One line per error.
    package var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}

/// Collects errors and warnings so that no operator has to fix a file one error at a time.
///
/// As many as people read are kept: one mistake of a program that writes the file can be an error for each of a hundred
/// thousand lines.
struct Diagnostics {
    /// How many errors, and how many warnings, are kept.
    static let limit = 100

    private(set) var errors: [Finding] = []
    private(set) var warnings: [Finding] = []
    private var (moreErrors, moreWarnings) = (0, 0)

    /// The files in the order they were read, which is the order findings are reported in.
    var files: [String] = []

    mutating func error(_ key: String?, at location: Location, _ problem: String, _ remedy: String) {
        let finding = Finding(location: location, key: key, problem: problem, remedy: remedy)
        guard !errors.contains(finding) else { return }
        guard errors.count < Self.limit else { return moreErrors += 1 }
        errors.append(finding)
    }

    mutating func warning(_ key: String?, at location: Location, _ problem: String, _ remedy: String) {
        let finding = Finding(location: location, key: key, problem: problem, remedy: remedy)
        guard !warnings.contains(finding) else { return }
        guard warnings.count < Self.limit else { return moreWarnings += 1 }
        warnings.append(finding)
    }

    var errorCount: Int { errors.count + moreErrors }
    var sortedErrors: [Finding] { sorted(errors) + more(moreErrors, "error") }
    var sortedWarnings: [Finding] { sorted(warnings) + more(moreWarnings, "warning") }

    /// Whether one of the errors may be a mistyped `[security]`, so that what is missing there may only be misspelt.
    var mayConcernSecurity: Bool {
        errors.contains { finding in
            guard let key = finding.key else { return true }
            return key.hasPrefix("security")
                || !key.contains(".") && !Schema.lists.contains { key.hasPrefix($0) }
        }
    }

    private func more(_ count: Int, _ noun: String) -> [Finding] {
        guard count > 0, let file = files.first else { return [] }
        return [
            Finding(
                location: Location(file: file), key: nil,
                problem: "and \(count) more \(noun)\(count == 1 ? "" : "s")",
                remedy: "correct those above first, and check again")
        ]
    }

    /// The found order decides between findings of one line, so that the result never depends on the sort.
    private func sorted(_ findings: [Finding]) -> [Finding] {
        func rank(_ entry: (offset: Int, element: Finding)) -> (Int, Int, Int) {
            let location = entry.element.location
            return (files.firstIndex(of: location.file) ?? files.count, location.line ?? 0, entry.offset)
        }
        return findings.enumerated().sorted { rank($0) < rank($1) }.map(\.element)
    }
}
