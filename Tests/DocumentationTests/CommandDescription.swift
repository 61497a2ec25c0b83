import StatusAPI
import SuspectControl
import Testing

/// A command line as the argument parser describes it to other programs.
struct CommandDescription: Decodable {
    /// An option, a flag or an argument.
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
        let shouldDisplay: Bool

        /// As it is written: `-w`, `--warning`; nothing for an argument that stands for itself.
        var spellings: [String] {
            (names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }
        }
    }

    private struct Document: Decodable {
        let command: CommandDescription
    }

    let commandName: String
    let arguments: [Argument]?
    let subcommands: [CommandDescription]?

    /// What the option `--experimental-dump-help` prints.
    init(dump: String) throws {
        self = try JSONText.decode(Document.self, from: dump.utf8).command
    }

    /// The description of `suspectctl`.
    static func suspectctl() throws -> CommandDescription {
        let output = CollectedOutput()
        let context = ControlContext(environment: { _ in nil }, output: output, wallClockUSec: { 0 })
        #expect(SuspectControl.run(["--experimental-dump-help"], in: context) == 0)
        return try CommandDescription(dump: output.text)
    }

    /// Every command that does something, with the words that call it: `config check`.
    var leaves: [(name: String, command: CommandDescription)] {
        (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { command in
            let below = command.leaves.map { ("\(command.commandName) \($0.name)", $0.command) }
            return below.isEmpty ? [(command.commandName, command)] : below
        }
    }

    /// The options that are shown to users.
    var options: Set<String> {
        Set((arguments ?? []).filter(\.shouldDisplay).flatMap(\.spellings))
    }
}

/// Keeps what a command writes.
final class CollectedOutput: ControlOutput {
    let isTerminal = false
    private(set) var text = ""

    func write(_ text: String) { self.text += text }
    func writeError(_ text: String) { self.text += text }
}
