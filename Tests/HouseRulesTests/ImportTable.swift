/// Which target imports which module: the architecture, as the code has it.
enum ImportTable {
    /// The targets that know no system: no clock, no randomness, no files, no threads.
    static let pureTargets = [
        "ByteCoding", "CausalClock", "FailureDetection", "Records", "Services", "Simulation",
        "Wire",
    ]
    /// The targets that are programs.
    static let executables = ["suspect-sim", "suspectctl", "suspectd", "suspectd-demo"]
    /// The targets without Swift files.
    static let cTargets = ["CLinux", "CMath", "CSodium", "CSystemd", "CZlib"]

    /// Every Swift target, with exactly the modules that its files import.
    static let imports: [String: Set<String>] = [
        "CausalClock": [],
        "CausalExport": ["CausalClock"],
        "FailureDetection": ["CMath", "CausalClock"],
        "ByteCoding": ["CausalClock"],
        "Wire": ["ByteCoding", "CausalClock", "FailureDetection", "Records"],
        "Records": ["ByteCoding", "CausalClock", "FailureDetection"],
        "Services": ["FailureDetection", "Records"],
        "Simulation": ["CMath", "CausalClock", "FailureDetection", "Records", "Wire"],
        "SimulatorCommands": ["ArgumentParser", "FailureDetection", "Glibc", "Simulation"],
        "LinuxIO": ["CLinux", "Glibc", "Synchronization"],
        "Sealing": ["CSodium", "Glibc", "LinuxIO", "Records", "Wire"],
        "UnitObservation": ["Glibc", "LinuxIO", "Records", "Services", "Systemd"],
        "Systemd": ["CSystemd", "Glibc"],
        "Configuration": ["Glibc", "TOMLKit"],
        "StatusAPI": ["FoundationEssentials", "Synchronization"],
        "Metrics": ["StatusAPI"],
        "Daemon": [
            "CausalClock", "Configuration", "FailureDetection", "Glibc", "LinuxIO", "Metrics",
            "Records", "Sealing", "Services", "StatusAPI", "Synchronization", "Systemd", "UnitObservation",
            "Wire",
        ],
        "SuspectControl": [
            "ArgumentParser", "CausalClock", "CausalExport", "Configuration", "Glibc", "LinuxIO", "Metrics",
            "Replay", "Sealing", "StatusAPI",
        ],
        "Replay": ["CZlib", "FailureDetection", "Glibc"],
        "Demo": ["Glibc", "LinuxIO", "StatusAPI"],
        "suspect-sim": ["SimulatorCommands"],
        "suspectd": ["ArgumentParser", "Daemon"],
        "suspectctl": ["SuspectControl"],
        "suspectd-demo": ["Demo"],
    ]

    /// The modules that `file` imports, with the lines they stand in.
    static func modules(of file: SourceFile) -> [(name: String, line: Int)] {
        file.code.enumerated().compactMap { index, line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isModifier)
            else {
                return nil
            }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let path = words[(keyword + 1)...].first { !kinds.contains(String($0)) }
            return path?.split(separator: ".").first.map { (String($0), index + 1) }
        }
    }

    /// The imports of `target`, whose files are `files`, that differ from `expected`, either way.
    static func violations(target: String, files: [SourceFile], expected: Set<String>) -> [Violation] {
        var found: Set<String> = []
        var violations: [Violation] = []
        for file in files {
            for module in modules(of: file) where found.insert(module.name).inserted {
                guard !expected.contains(module.name) else { continue }
                violations.append(
                    Violation(
                        path: file.path, line: module.line,
                        problem: "\(target) must not import \(module.name)",
                        remedy: "move what needs it to a target that may; the table is in ImportTable.swift"))
            }
        }
        return violations
            + expected.subtracting(found).sorted().map {
                Violation(
                    path: "Sources/\(target)", line: 0, problem: "nothing imports \($0) any more",
                    remedy: "remove it from ImportTable.swift and from Package.swift")
            }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        ["package", "public", "internal", "fileprivate", "private"].contains(String(word))
            || word.hasPrefix("@")
    }
}
