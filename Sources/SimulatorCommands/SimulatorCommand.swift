package import ArgumentParser

/// The simulator, on the command line: a tool for developers of suspectd.
package struct SimulatorCommand: AsyncParsableCommand {
    /// What the parser is given.
    package static let configuration = CommandConfiguration(
        commandName: "suspect-sim",
        abstract: "Runs suspectd's detector in worlds that exist only in memory.",
        discussion: "The same seed gives the same world on every machine.",
        subcommands: [
            RunCommand.self, ScenarioCommand.self, FrontierCommand.self, ScaleCommand.self,
            LossCommand.self, BytesCommand.self, RecordsCommand.self, CausalityCommand.self,
        ])

    /// For the parser.
    package init() {}
}

extension SimulatorCommand {
    /// Runs the command that the process was called with; it does not return after an error.
    package static func runProcess() async { await main() }
}
