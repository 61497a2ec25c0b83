import Systemd
import TestSupport
import Testing

/// The message catalogue explains every kind of event that the journal can hold.
@Suite("the message catalogue")
struct CatalogueTests {
    /// One entry: the lines between one id and the next.
    private struct Entry {
        let id: Substring
        let header: [Substring]
        let text: [Substring]
    }

    /// The fields that every entry of a kind has: those of the notice that it is made from.
    private static let fields: [String: Set<String>] = [
        "suspect": ["SUSPECTD_PEER", "SUSPECTD_CAUSE", "SUSPECTD_CERTAINTY"],
        "trust": ["SUSPECTD_PEER"], "pending": ["SUSPECTD_PEER"], "confirm": ["SUSPECTD_PEER"],
        "restart": ["SUSPECTD_PEER", "SUSPECTD_EPOCH"], "leave": ["SUSPECTD_PEER"],
        "asymmetric": ["SUSPECTD_PEER"], "flapping": ["SUSPECTD_PEER"], "stall": ["SUSPECTD_DURATION_USEC"],
    ]

    private static let path = "systemd/suspectd.catalog"

    private func entries() throws -> [Entry] {
        var entries: [Entry] = []
        let lines = try SourceTree.text(of: Self.path).split(
            separator: "\n", omittingEmptySubsequences: false)
        let starts = lines.indices.filter { lines[$0].hasPrefix("-- ") }
        for (start, end) in zip(starts, starts.dropFirst() + [lines.endIndex]) {
            let parts = lines[(start + 1)..<end].split(
                separator: "", maxSplits: 1, omittingEmptySubsequences: false)
            entries.append(
                Entry(
                    id: lines[start].dropFirst(3), header: Array(parts.first ?? []),
                    text: parts.dropFirst().joined().filter { !$0.isEmpty && !$0.hasPrefix("#") }))
        }
        return entries
    }

    @Test("every message id has one entry, and every entry is one of ours")
    func identifiers() throws {
        #expect(try entries().map { String($0.id) }.sorted() == MessageID.allCases.map(\.rawValue).sorted())
    }

    @Test("every entry has a subject, names its definer, and says what to do")
    func form() throws {
        for entry in try entries() {
            for field in ["Subject: ", "Defined-By: suspectd", "Documentation: man:"] {
                #expect(entry.header.contains { $0.hasPrefix(field) }, "\(entry.id) lacks \(field)")
            }
            #expect(entry.text.count >= 3, "\(entry.id) says too little")
            #expect(
                entry.text.contains { $0.contains("suspectctl") || $0.contains("journalctl") }, "\(entry.id)")
        }
    }

    @Test("entries name only fields that the journal has")
    func fields() throws {
        let known = JournalField.Name.allCases.map(\.rawValue)
        for entry in try entries() {
            for line in entry.header + entry.text {
                let names = line.split(separator: "@", omittingEmptySubsequences: false).enumerated()
                    .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
                for name in names {
                    #expect(known.contains(name), "\(entry.id): @\(name)@")
                    let id = MessageID(rawValue: String(entry.id)).map { "\($0)" } ?? ""
                    #expect(
                        Self.fields[id, default: []].contains(name), "\(id): @\(name)@ is not in every entry")
                }
            }
        }
    }

    @Test(
        "journalctl takes the catalogue and finds every entry in it",
        .enabled(if: Program.journalctl != nil, "journalctl is not installed"))
    func database() throws {
        let journalctl = try #require(Program.journalctl)
        let root = try TemporaryFolder()
        _ = try root.write("usr/lib/systemd/catalog/suspectd.catalog", try SourceTree.text(of: Self.path))
        _ = try root.write("var/lib/systemd/catalog/README", "")
        let update = try Subprocess.run(journalctl, ["--root=\(root.path)", "--update-catalog"])
        #expect(update.status == 0 && update.text.isEmpty, "\(update.text)")
        let list = try Subprocess.run(journalctl, ["--root=\(root.path)", "--list-catalog"])
        for id in MessageID.allCases {
            #expect(list.text.contains("\(id.rawValue) suspectd: "), "\(list.text)")
        }
    }
}
