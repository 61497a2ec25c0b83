import Testing

@testable import Configuration

@Suite("What is in effect")
struct EffectiveTests {
    private func values(_ text: String) throws -> [EffectiveValue] {
        let folder = try ConfigurationFolder(main: quietStart + "\n" + text)
        return try ConfigurationLoader.explain(path: folder.mainPath, environment: .test).map {
            EffectiveValue(
                table: $0.table, key: $0.key, value: $0.value,
                origin: $0.origin.replacing(folder.path + "/", with: ""), isWritten: $0.isWritten)
        }
    }

    private func value(_ table: String, _ key: String, in values: [EffectiveValue]) -> String? {
        values.first { $0.table == table && $0.key == key }.map { "\($0.value ?? "-") # \($0.origin)" }
    }

    @Test("has a position: a line of a file, a profile, or a default")
    func origins() throws {
        let found = try values("[detection]\nheartbeat_interval = \"100ms\"\n[node]\nid = \"x\"")
        #expect(value("detection", "heartbeat_interval", in: found) == "\"100ms\" # suspectd.toml:6")
        #expect(
            value("detection", "margin", in: found) == "\"10ms\" # default, follows from interval and mode")
        #expect(value("peer[other]", "heartbeat_interval", in: found) == "\"100ms\" # suspectd.toml:6")
        #expect(value("peer[other]", "maximum_timeout", in: found) == "\"1s\" # profile lan")
        #expect(value("node", "id", in: found) == "\"x\" # suspectd.toml:8")
        #expect(value("verdict", "quorum", in: found) == "\"majority\" # default")
        #expect(value("detection", "threshold", in: found) == nil, "median has none")
    }

    @Test("shows every key of the tables that are simple")
    func complete() throws {
        let found = try values("")
        for (table, keys) in [
            ("node", Schema.node), ("verdict", Schema.verdict), ("security", Schema.security),
        ] {
            for key in keys {
                #expect(found.contains { $0.table == table && $0.key == key && $0.value != nil }, "\(key)")
            }
        }
    }

    @Test("of a target is said to be derived, and names the target")
    func derived() throws {
        let found = try values("[detection.target]\ndetection_time = \"1s\"")
        for key in ["heartbeat_interval", "margin", "retries", "minimum_timeout"] {
            #expect(value("peer[other]", key, in: found) == "- # derived from the target at suspectd.toml:5")
        }
        #expect(value("peer[other].target", "detection_time", in: found) == "\"1s\" # suspectd.toml:6")
        #expect(value("peer[other].target", "mistake_recurrence", in: found) == "\"30d\" # default")
    }

    @Test("is not shown of a configuration with errors")
    func errors() throws {
        #expect(throws: ConfigurationErrors.self) { try values("[detection]\nmode = 3") }
    }
}
