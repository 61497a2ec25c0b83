import Testing

@testable import Configuration

@Suite("The files in config/")
struct ShippedFileTests {
    /// The folder `config` of the source tree that these tests were built from.
    private static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        + "/config"

    private static let example = folder + "/suspectd.toml"

    /// The example's lines that are, or would be without their `#`, TOML; prose begins with `# `.
    private func lines() throws -> [(text: String, isCommentedOut: Bool)] {
        var diagnostics = Diagnostics()
        let source = try #require(SourceFile.read(Self.example, &diagnostics))
        return source.text.split(separator: "\n").filter { $0 != "#" && !$0.hasPrefix("# ") }.map { line in
            line.hasPrefix("#") ? (String(line.dropFirst()), true) : (String(line), false)
        }
    }

    @Test("show an example that loads, and only lacks peers")
    func exampleLoads() throws {
        let loaded = try ConfigurationLoader.load(path: Self.example, environment: .test)
        #expect(loaded.warnings.map(\.key) == ["peer"])
        #expect(!loaded.settings.node.listen.contains { !$0.isLoopback })
    }

    @Test("show every known key in an example, and no other")
    func exampleIsComplete() throws {
        var table = ""
        var found: Set<String> = []
        for (line, _) in try lines() {
            if line.hasPrefix("[") {
                table = line.filter { $0 != "[" && $0 != "]" }
            } else {
                found.insert(table + "." + line.prefix { $0 != " " })
            }
        }
        // A peer's overrides are the keys of [detection] and [ping], and are described as such.
        let overrides = Set((Schema.detection + Schema.ping).map { "peer." + $0 })
        let known = Set(Schema.tables.flatMap { table in table.keys.map { table.name + "." + $0 } })
        #expect(found == known.subtracting(overrides).subtracting(["detection.target", "peer.target"]))
    }

    @Test("show values in an example that are the defaults, those commented out included")
    func exampleShowsDefaults() throws {
        var text: [String] = []
        for (line, _) in try lines() {
            if line.hasPrefix("[[peer]]") { break }
            // The target is not one of the defaults, and a timeout that is written out does not follow the peer.
            let others = ["[detection.target]", "timeout "] + Schema.target.map { $0 + " " }
            if !others.contains(where: line.hasPrefix) { text.append(line) }
        }
        let shown = try ConfigurationFolder(main: text.joined(separator: "\n")).load().settings
        let defaults = try settings("")
        #expect(shown.detection == defaults.detection)
        #expect(shown.quorum == defaults.quorum)
        #expect(shown.security.keys == defaults.security.keys)
        #expect(shown.node.causalLog == defaults.node.causalLog)
        #expect(shown.node.causalLogSize == defaults.node.causalLogSize)
        #expect(shown.node.causalLogFiles == defaults.node.causalLogFiles)
        #expect(shown.node.causalLogStatesOnly == defaults.node.causalLogStatesOnly)
        #expect(shown.node.stateDirectory == defaults.node.stateDirectory)
        #expect(shown.node.statusSocket == defaults.node.statusSocket)
    }

    @Test("show a target and a peer in an example that are valid once uncommented")
    func exampleExtras() throws {
        let all = try lines().map(\.text).joined(separator: "\n")
        let folder = try ConfigurationFolder(main: all)
        #expect(folder.errors() == [])
        #expect(
            try folder.load().settings.peers.first?.detection.target
                == DetectionTarget(
                    detectionTime: .seconds(1), mistakeRecurrence: .hours(24 * 30),
                    mistakeDuration: .seconds(60)))
    }

    @Test(
        "make a demo of three nodes on loopback that watch each other",
        arguments: [
            ("a", 17946, ["b", "c"]), ("b", 17947, ["a", "c"]), ("c", 17948, ["a", "b"]),
        ])
    func demo(id: String, port: Int, peers: [String]) throws {
        let loaded = try ConfigurationLoader.load(path: "\(Self.folder)/demo/\(id).toml", environment: .test)
        #expect(loaded.warnings == [])
        let settings = loaded.settings
        #expect(settings.node.id == id)
        #expect(settings.node.listen.map(\.description) == ["127.0.0.1:\(port)"])
        #expect(settings.node.stateDirectory == "build/demo/\(id)")
        #expect(settings.node.statusSocket == "build/demo/\(id)/io.suspectd.Monitor")
        #expect(settings.peers.map(\.id) == peers)
        #expect(settings.detection.heartbeatInterval == .milliseconds(200))
    }
}
