internal import ArgumentParser
internal import Glibc
internal import Simulation

/// Stories with what the hosts report.
struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Plays stories and compares what the hosts report with what is written.",
        discussion:
            "Ends with 1 when a story goes differently; keep the new text with --rewrite if it is right.")

    @Argument(help: "The files of the stories.")
    var files: [String]
    @Flag(help: "Write what the hosts reported into the files.")
    var rewrite = false

    func run() throws {
        var differing = 0
        for file in files {
            guard let text = read(file) else { throw ValidationError("\(file) cannot be read") }
            let played: String
            do { played = try Story.played(text) } catch { throw ValidationError("\(file), \(error)") }
            if played == text { continue }
            if rewrite {
                guard write(played, to: file) else { throw ValidationError("\(file) cannot be written") }
                print("\(file): rewritten")
            } else {
                differing += 1
                print("\(file) goes differently now:\n\(played)")
            }
        }
        if differing > 0 { throw ExitCode(1) }
    }

    private func read(_ file: String) -> String? {
        guard let stream = fopen(file, "r") else { return nil }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        while case let byte = getc(stream), byte >= 0 { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(_ text: String, to file: String) -> Bool {
        guard let stream = fopen(file, "w") else { return false }
        let written = fputs(text, stream)
        return fclose(stream) == 0 && written >= 0
    }
}
