import StatusAPI
import Testing

/// What the package says is what the code and the unit say.
@Suite("the packaging")
struct PackagingTests {
    @Test("the package has the version of the programs")
    func version() throws {
        let first = try #require(try SourceTree.text(of: "debian/changelog").split(separator: "\n").first)
        #expect(first.hasPrefix("suspectd (\(ReleaseVersion.text)) "))
        #expect(try SourceTree.text(of: "README.md").contains("suspectd_\(ReleaseVersion.text)_"))
    }

    @Test("the latest release in the changelog is that of the programs, of the day that the package says")
    func changelog() throws {
        let headings = try SourceTree.text(of: "CHANGELOG.md").split(separator: "\n").filter {
            $0.hasPrefix("## ")
        }
        try #require(headings.count > 1)
        #expect(headings[0] == "## [Unreleased]")
        let signature = try #require(
            try SourceTree.text(of: "debian/changelog").split(separator: "\n").first { $0.hasPrefix(" -- ") })
        // "Sun, 29 Nov 2026 12:00:00 +0000"
        let date = try #require(signature.split(separator: ",").last).split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = try #require(months.firstIndex(of: String(date[1]))) + 1
        let day = "\(date[2])-\(month < 10 ? "0" : "")\(month)-\(date[0])"
        #expect(headings[1] == "## [\(ReleaseVersion.text)] - \(day)")
    }

    @Test("the versions of formats that the documentation states are those of the code")
    func formats() throws {
        let rows = try SourceTree.text(of: "docs/RELEASING.md").split(separator: "\n")
            .map { $0.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") } }
            .filter { $0.count == 4 && $0[2].hasPrefix("`Sources/") }
        #expect(rows.count == 2)
        for row in rows {
            let source = try SourceTree.text(of: String(row[2].dropFirst().dropLast()))
            let stated = source.matches(of: /static let version: UInt\d+ = (\d+)/).map { String($0.output.1) }
            #expect(stated == [row[1]], "\(row[0])")
        }
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
