import Glibc
import TestSupport
import Testing

@testable import Configuration

/// A folder of its own with a configuration in it, removed with it.
final class ConfigurationFolder {
    private let folder: TestFolder
    var path: String { folder.path }

    init(main: String? = nil, dropIns: [String: String] = [:]) throws {
        folder = try TestFolder()
        if let main { try write("suspectd.toml", main) }
        if !dropIns.isEmpty { _ = try folder.makeFolder("conf.d") }
        for (name, text) in dropIns { try write("conf.d/" + name, text) }
    }

    var mainPath: String { path + "/suspectd.toml" }

    func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

    func write(_ name: String, bytes: [UInt8]) throws {
        let descriptor = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func load(_ environment: ConfigurationEnvironment = .test) throws(ConfigurationErrors)
        -> LoadedConfiguration
    {
        try ConfigurationLoader.load(path: mainPath, environment: environment)
    }

    /// The error lines, with this folder's path cut off; none when it loads.
    func errors(_ environment: ConfigurationEnvironment = .test) -> [String] {
        do {
            _ = try load(environment)
            return []
        } catch {
            return error.description.split(separator: "\n").map { shortened(String($0)) }
        }
    }

    /// The warning lines, with this folder's path cut off.
    func warnings(_ environment: ConfigurationEnvironment = .test) throws -> [String] {
        try load(environment).warnings.map { shortened($0.description) }
    }

    private func shortened(_ text: String) -> String { text.replacing(path + "/", with: "") }
}

extension ConfigurationEnvironment {
    /// A host called `me`, started by hand.
    static let test = Self(hostName: "me")
}

/// What a configuration needs so that nothing but the thing under test is reported; line 1 to 4.
let quietStart = """
    peer = [{ id = "me", address = "me:7946" }, { id = "other", address = "other:7946" }]
    [security]
    allow_unauthenticated = true

    """

/// The errors of one file that holds `text` below `quietStart`, the first line of `text` being line 5.
func errors(_ text: String) throws -> [String] {
    try ConfigurationFolder(main: quietStart + "\n" + text).errors()
}

/// The settings of one file that holds `text` below `quietStart`.
func settings(_ text: String) throws -> Settings {
    try ConfigurationFolder(main: quietStart + "\n" + text).load().settings
}
