import StatusAPI
import Testing

/// What the package says is what the code and the unit say.
@Suite("the packaging")
struct PackagingTests {
    @Test("the package has the version of the programs")
    func version() throws {
        let first = try #require(try SourceTree.text(of: "debian/changelog").split(separator: "\n").first)
        #expect(first.hasPrefix("suspectd (\(ReleaseVersion.text)) "))
    }

    @Test("sysusers makes the user that the unit names")
    func user() throws {
        let unit = try SourceTree.text(of: "systemd/suspectd.service").split(separator: "\n")
        let name = try #require(unit.first { $0.hasPrefix("User=") }).dropFirst("User=".count)
        let lines = try SourceTree.text(of: "systemd/suspectd.sysusers").split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("u \(name) - ") })
    }

    @Test("the unit points to manual pages that exist")
    func manuals() throws {
        let unit = try SourceTree.text(of: "systemd/suspectd.service").split(separator: "\n")
        let line = try #require(unit.first { $0.hasPrefix("Documentation=") })
        let pages = line.dropFirst("Documentation=".count).split(separator: " ")
        #expect(pages.count >= 3)
        for page in pages {
            let parts = page.dropFirst("man:".count).dropLast().split(separator: "(")
            _ = try ManualPage(parts.joined(separator: "."))
        }
    }
}
