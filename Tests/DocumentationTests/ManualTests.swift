import StatusAPI
import SuspectControl
import TestSupport
import Testing

@testable import Configuration

/// The manual pages are held against the code: what exists is described, and what is described exists.
@Suite("the manual pages")
struct ManualTests {
    private static let pages = ["suspectd.8", "suspectctl.1", "suspectd.toml.5"]

    @Test("suspectctl(1) describes every command under its own heading")
    func commands() throws {
        let page = try ManualPage("suspectctl.1")
        let described = page.lines.compactMap(Self.command)
        #expect(described.sorted() == (try CommandDescription.suspectctl()).leaves.map(\.name).sorted())
    }

    @Test("suspectctl(1) describes every option of every command, and no other")
    func options() throws {
        let page = try ManualPage("suspectctl.1")
        let root = try CommandDescription.suspectctl()
        let common = try #require(page.section("# OPTIONS"))
        for option in root.options { #expect(common.describe(option), "# OPTIONS lacks *\(option)*") }
        for (name, command) in root.leaves {
            let heading = try #require(
                page.lines.first { Self.command(of: $0) == name }, "no section: \(name)")
            let section = try #require(page.section(String(heading)))
            let own = command.options.subtracting(root.options)
            for option in own { #expect(section.describe(option), "\(heading) lacks *\(option)*") }
            for option in Self.optionsDescribed(in: section) {
                #expect(own.contains(option), "\(heading): there is no \(option)")
            }
        }
    }

    @Test("suspectctl(1) has the table of exit statuses as the code has it")
    func exitStatuses() throws {
        let section = try #require(try ManualPage("suspectctl.1").section("# EXIT STATUS"))
        let text = section.plainText
        for row in ExitStatus.table {
            #expect(section.describe("\(row.status)"), "exit status \(row.status)")
            #expect(text.contains(row.meaning), "exit status \(row.status): \(row.meaning)")
        }
    }

    @Test("suspectctl(1) says what each state of a peer means for exit statuses, as the code does")
    func conditions() throws {
        let section = try #require(try ManualPage("suspectctl.1").section("# EXIT STATUS"))
        let rows = section.plainText
        for condition in PeerCondition.allCases {
            let status = condition.needsAttention ? 2 : 0
            let answer = condition.isTrusted ? "0 | 0" : "3 | 2"
            let cells = "| \(condition.rawValue) : \(status) : \(answer)".replacing(" | ", with: " : ")
            #expect(rows.replacing("| ", with: ": ").contains(cells.replacing("| ", with: ": ")), "\(cells)")
        }
    }

    @Test("suspectd(8) describes every option and every exit status")
    func daemon() throws {
        let page = try ManualPage("suspectd.8")
        let outcome = try Subprocess.run(Program.beside("suspectd"), ["--experimental-dump-help"])
        let options = try #require(page.section("# OPTIONS"))
        for option in try CommandDescription(dump: outcome.text).options {
            #expect(options.describe(option), "# OPTIONS lacks *\(option)*")
        }
        let section = try #require(page.section("# EXIT STATUS"))
        for status in ["0", "1", "64", "78"] { #expect(section.describe(status), "exit status \(status)") }
    }

    @Test("suspectd.toml(5) describes every key of every table, and no other")
    func keys() throws {
        let page = try ManualPage("suspectd.toml.5")
        for (name, keys) in Schema.tables {
            let section = try #require(page.section("# \(Schema.header(name))"), "no section for \(name)")
            // A peer may also have every key of [detection] and [ping], which are described there.
            let own = name == "peer" ? ["id", "address"] : keys.filter { $0 != "target" }
            let described = section.filter { $0.hasPrefix("*") }.compactMap { line in
                line.split(separator: "*").first.map { $0.unescaped }
            }
            #expect(described.map { String($0) }.sorted() == own.sorted(), "section \(name)")
        }
    }

    @Test(
        "suspectd.toml(5) gives the defaults that the shipped file shows", arguments: ["detection", "ping"])
    func defaults(table: String) throws {
        let section = try #require(try ManualPage("suspectd.toml.5").section("# [\(table)]"))
        let entries = section.split { $0.isEmpty }.map { $0.joined(separator: " ") }
        let file = try SourceTree.text(of: "config/suspectd.toml").split(separator: "\n")
        let start = try #require(file.firstIndex(of: "[\(table)]")) + 1
        let settings = file[start...].prefix { !$0.contains("[") }.map { $0.drop { $0 == "#" } }
            .compactMap { line -> (key: Substring, value: String)? in
                let words = line.split(separator: " ")
                guard words.count == 3, words[1] == "=" else { return nil }
                return (words[0], words[2].filter { $0 != "\"" })
            }
        #expect(settings.count >= 3)
        for (key, value) in settings {
            let entry = entries.first { $0.hasPrefix("*\(key)*") }
            let text = entry?.split(separator: "Default: ").last ?? ""
            #expect(text.contains("_\(value)_"), "\(key): the default is \(value)")
        }
    }

    @Test("suspectd.toml(5) gives the choices and the units that the code knows")
    func choices() throws {
        let text = try ManualPage("suspectd.toml.5").lines.joined(separator: "\n")
        let words =
            Profile.allCases.map(\.rawValue) + DetectionMode.allCases.map(\.rawValue)
            + DetectorKind.allCases.map(\.rawValue) + DurationText.units.map(\.name)
        for word in words { #expect(text.contains("_\(word)_"), "_\(word)_ is missing") }
    }

    @Test("the examples of suspectd.toml(5) are accepted")
    func examples() throws {
        let page = try ManualPage("suspectd.toml.5")
        let section = try #require(page.section("# EXAMPLES"))
        let blocks = section.split(separator: "```").enumerated().filter { !$0.offset.isMultiple(of: 2) }
        #expect(blocks.count >= 2)
        for (_, block) in blocks {
            let text = block.map { $0.drop { $0 == "\t" } }.joined(separator: "\n")
            let folder = try TemporaryFolder()
            let file = try folder.write("suspectd.toml", text)
            #expect(throws: Never.self) { try ConfigurationLoader.load(path: file) }
        }
    }

    @Test(
        "scdoc accepts every page", .enabled(if: Program.scdoc != nil, "scdoc is not installed"),
        arguments: pages)
    func scdoc(name: String) throws {
        let scdoc = try #require(Program.scdoc)
        let outcome = try Subprocess.run(
            "/bin/sh", ["-c", "exec \"$1\" <\"$2\"", "sh", scdoc, SourceTree.path("docs/man/\(name).scd")])
        #expect(outcome.status == 0, "\(outcome.text)")
    }

    /// `config check` of the heading `## suspectctl config check [FILE]`.
    private static func command(of heading: Substring) -> String? {
        guard heading.hasPrefix("## suspectctl ") else { return nil }
        let words = heading.split(separator: " ").dropFirst(2)
        return words.prefix { $0.allSatisfy { $0.isLowercase || $0 == "-" } }.joined(separator: " ")
    }

    /// `--warning` of the entry `*-w*, *--warning* _count_`.
    private static func optionsDescribed(in lines: some Sequence<Substring>) -> [String] {
        lines.filter { $0.hasPrefix("*-") }.flatMap { line in
            line.split(separator: "*").map(String.init).filter { $0.hasPrefix("-") }
        }
    }
}
