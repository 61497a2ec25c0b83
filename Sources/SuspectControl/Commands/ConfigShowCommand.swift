internal import ArgumentParser
internal import Configuration
internal import StatusAPI

/// `suspectctl config show [FILE]`: the values in effect, each with its origin.
struct ConfigShowCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a configuration sets, and where.",
        discussion: """
            With --effective every value is shown, defaults included. What is derived from a target is asked of the \
            running daemon.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Show every value in effect, with where it comes from.")
    var effective = false

    @Argument(help: "The main file.", completion: .file(extensions: ["toml"]))
    var file = ConfigurationLoader.defaultPath

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var values: [EffectiveValue]
        do throws(ConfigurationErrors) {
            values = try ConfigurationLoader.explain(path: file)
        } catch {
            context.output.complain("\(error)\n")
            return ExitStatus.configuration
        }
        if !effective { values.removeAll { !$0.isWritten } }
        let rows = EffectiveRows(values, peers: livePeers(values, context))
        if global.json {
            try context.writeJSON(rows.rows)
        } else {
            context.write(rows.lines(context.style))
        }
        return ExitStatus.success
    }

    /// The peers as the daemon sees them; without a daemon there is nothing to derive from.
    private func livePeers(_ values: [EffectiveValue], _ context: ControlContext) -> [PeerReport] {
        guard values.contains(where: { $0.value == nil }) else { return [] }
        do throws(ControlFailure) {
            var connection = try connect(context)
            return try connection.call(.listPeers, as: ListPeersReply.self).peers
        } catch {
            context.output.complain(
                "suspectctl: \(error)\nwhat is derived from a target is known to the running daemon alone\n")
            return []
        }
    }
}
