internal import ArgumentParser
internal import Configuration

/// What a mistyped command, or a mistyped subcommand, was probably meant to be.
enum CommandSuggestion {
    /// A line to follow the parser's; empty where the words are commands.
    static func text(for arguments: [String]) -> String {
        var (command, path) = (SuspectControl.self as any ParsableCommand.Type, "suspectctl")
        for word in arguments where !word.hasPrefix("-") && !word.contains("/") {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, word != "help" else { return "" }
            guard let next = subcommands.first(where: { $0.configuration.commandName == word }) else {
                return refusal(of: word, names: subcommands.compactMap { $0.configuration.commandName }, path)
            }
            (command, path) = (next, "\(path) \(word)")
        }
        return ""
    }

    private static func refusal(of word: String, names: [String], _ path: String) -> String {
        let start = "\nThere is no command '\(word.printable)'"
        let near = near(word, names)
        guard !near.isEmpty else { return "\(start); `\(path) --help` lists them." }
        return "\(start); did you mean \(near.map { "`\(path) \($0)`" }.joined(separator: " or "))?"
    }

    /// The nearest command, and others that begin alike and are almost as near: `wat` may be `wait` or `watch`.
    private static func near(_ word: String, _ names: [String]) -> [String] {
        guard let nearest = suggestion(for: word, among: names) else { return [] }
        let alike = names.filter {
            $0 != nearest && $0.hasPrefix(word.prefix(2)) && editDistance(word, $0) <= 2
        }
        return [nearest] + alike
    }
}
