import Glibc
import Simulation
import Testing

/// The stories that operators know; `suspect-sim scenario --rewrite FILE…` writes what happens now into them.
@Suite("stories")
struct ScenarioTests {
    private static let folder =
        String(#filePath.dropLast("ScenarioTests.swift".count)) + "Scenarios"

    private static let files: [String] = {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names.filter { $0.hasSuffix(".story") }.sorted()
    }()

    private func text(of file: String) throws -> String {
        let stream = try #require(fopen("\(Self.folder)/\(file)", "r"))
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        while case let byte = getc(stream), byte >= 0 { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("there are stories")
    func found() { #expect(Self.files.count >= 12) }

    @Test("what happens is what is written", arguments: files)
    func plays(file: String) throws {
        let text = try text(of: file)
        #expect(try Story.played(text) == text)
    }

    @Test("a story that is written wrongly goes differently")
    func differs() throws {
        let text = "> hosts 2\n> run 2s\n    nothing of the kind\n"
        let played = try Story.played(text)
        #expect(played != text)
        #expect(played.contains("n1 trusts n2") && !played.contains("nothing of the kind"))
        #expect(try Story.played(played) == played)
    }

    @Test(
        "a command that cannot be obeyed is an error with its line and the remedy",
        arguments: [
            ("run 5s", "line 1: begin with: > hosts 3"), ("hosts 99", "line 1: hosts wants 2 to 9"),
            ("hosts 2\n> run 5", "line 2: 5 is no time; write 5s or 200ms"),
            ("hosts 2\n> crash n3", "line 2: there is no host n3; hosts are n1 to n2"),
            ("hosts 2\n> dance n1", "line 2: there is no command dance"),
        ])
    func errors(text: String, problem: String) {
        let error = #expect(throws: StoryError.self) { try Story.played("> " + text) }
        #expect(error?.description == problem)
    }
}
