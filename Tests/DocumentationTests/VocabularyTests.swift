import FailureDetection
import Metrics
import StatusAPI
import SuspectControl
import Testing

/// Every word that operators meet is explained, and with the same meaning everywhere.
@Suite("the vocabulary")
struct VocabularyTests {
    /// In which section of suspectctl(1) each section of the legend stands.
    private static let headings: [Legend: String] = [
        .columns: "# THE TABLE OF PEERS", .states: "# STATES", .causes: "# CAUSES",
        .certainties: "# CAUSES", .services: "# STATES OF SERVICES", .events: "# EVENTS",
        .health: "# THE LINE HEALTH", .reasons: "# REFUSED AND LOST DATAGRAMS",
    ]

    @Test("suspectctl(1) has every word of the legend, with the same meaning", arguments: Legend.allCases)
    func manual(section: Legend) throws {
        let heading = try #require(Self.headings[section])
        let lines = try #require(try ManualPage("suspectctl.1").section(heading))
        let text = lines.plainText
        for entry in section.entries {
            #expect(lines.describe(entry.word), "\(heading): \(entry.word)")
            let meaning = entry.meaning.filter { $0 != "*" && $0 != "_" }
            #expect(
                text.contains("\(entry.word.filter { $0 != "_" }) \(meaning)"),
                "\(heading): \(entry.word): \(entry.meaning)")
        }
    }

    @Test("the legend has every reason for which a datagram is refused or lost")
    func reasons() throws {
        let refusals = Refusal.allCases.map(\.name)
        #expect(DropReason.allCases.prefix(refusals.count).map(\.rawValue) == refusals)
        let others = DropReason.allCases.dropFirst(refusals.count).map(\.rawValue)
        let source = try [
            "Sources/Daemon/Loop/Losses.swift", "Sources/Daemon/State/NodeState+Records.swift",
            "Sources/Metrics/StatusMetrics.swift",
        ]
        .map(SourceTree.text).joined()
        for word in others { #expect(source.contains("\"\(word)\""), "\(word)") }
        for match in source.matches(of: /"([a-z]+(?:-[a-z]+)+)"/) {
            #expect(others.contains(String(match.1)), "\(match.1) is not in the legend")
        }
    }

    @Test("suspectctl(1) has every metric, and no other")
    func metrics() throws {
        let section = try #require(try ManualPage("suspectctl.1").section("# METRICS"))
        var status = StatusReport(
            node: "a", epoch: 1, version: "1", pid: 1, startedUSec: 1, uptimeUSec: 1, authenticated: true,
            configuration: ConfigurationReport(path: "/", loadedUSec: 1))
        status.causalLog = CausalLogReport()
        let names = Set(StatusMetrics.families(status, peers: []).map(\.name))
        let described = section.filter { $0.hasPrefix("*") }.joined(separator: " ").unescapedNames
        #expect(described == names, "\(described.symmetricDifference(names).sorted())")
    }
}

extension String {
    /// The names of metrics in a line of a manual page.
    fileprivate var unescapedNames: Set<String> {
        Set(filter { $0 != "\\" }.matches(of: /suspectd_[a-z_]+/).map { String($0.0) })
    }
}
