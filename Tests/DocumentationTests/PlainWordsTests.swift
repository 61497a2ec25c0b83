import Testing

/// What operators read makes no persons of hosts, and no "we" of the daemon.
@Suite("plain words")
struct PlainWordsTests {
    private static let documents = [
        "README.md", "docs/OPERATING.md", "docs/MEMBERSHIP.md", "docs/SECURITY.md", "docs/GLOSSARY.md",
        "docs/man/suspectd.8.scd", "docs/man/suspectctl.1.scd", "docs/man/suspectd.toml.5.scd",
        "systemd/suspectd.catalog", "systemd/suspectd.service", "systemd/suspectd.socket",
        "systemd/suspectd-varlink.socket", "systemd/suspectd-metrics.socket", "config/suspectd.toml",
        "debian/control",
    ]

    @Test("what operators read names hosts as hosts, and the daemon as the daemon", arguments: documents)
    func words(document: String) throws {
        let banned = [
            "we", "our", "ours", "nobody", "everybody", "anybody", "somebody", "whoever", "whom", "of late",
            "for ever", "goes on", "go on", "watching goes", "told us",
        ]
        let text = try SourceTree.text(of: document).lowercased()
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = " " + String(line.map { $0.isLetter || $0 == "'" ? $0 : " " }) + " "
            let found = banned.filter { words.contains(" \($0) ") }
            #expect(found.isEmpty, "\(document):\(number + 1): \(found): \(line)")
        }
    }
}
