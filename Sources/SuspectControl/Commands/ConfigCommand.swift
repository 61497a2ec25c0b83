internal import ArgumentParser
internal import Configuration
internal import LinuxIO
internal import Sealing

/// `suspectctl config`: what can be done with a configuration without a daemon.
struct ConfigCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Work with configuration files.",
        subcommands: [ConfigCheckCommand.self, ConfigShowCommand.self])
}

/// `suspectctl config check [FILE]`: whether the daemon would accept it.
struct ConfigCheckCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration file and its conf.d, without a daemon.",
        discussion: "Exit status: 0 good, 78 wrong; every error is printed, one a line.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The main file.", completion: .file(extensions: ["toml"]))
    var file = ConfigurationLoader.defaultPath

    /// With `--json`, what is printed.
    private struct Outcome: Encodable {
        let errors: [String]
        let files: [String]
        let warnings: [String]
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let outcome: Result<LoadedConfiguration, ConfigurationErrors>
        do throws(ConfigurationErrors) {
            outcome = .success(try ConfigurationLoader.load(path: file))
        } catch {
            outcome = .failure(error)
        }
        switch outcome {
        case .success(let loaded): return try checkKeys(of: loaded, in: context)
        case .failure(let errors): return try refuse(errors, in: context)
        }
    }

    private func checkKeys(
        of loaded: LoadedConfiguration, in context: ControlContext
    ) throws(ControlFailure) -> Int32 {
        if let objection = foreignState(of: loaded.settings) {
            return try refuse([objection], warnings: loaded.warnings.map(\.description), in: context)
        }
        let check = KeyCheck(loaded.settings.security.keys)
        guard check.errors.isEmpty else {
            let place = loaded.keysPlace
            return try refuse(
                check.errors.map { "\(place): \($0)" },
                warnings: loaded.warnings.map(\.description) + check.warnings.map { "\(place): \($0)" },
                in: context)
        }
        return try accept(loaded, warnings: check.warnings.map { "\(loaded.keysPlace): \($0)" }, in: context)
    }

    private func accept(
        _ loaded: LoadedConfiguration, warnings others: [String], in context: ControlContext
    ) throws(ControlFailure) -> Int32 {
        let warnings =
            loaded.warnings.map(\.description) + others + missingAddresses(in: loaded.settings.node)
        if global.json {
            try context.writeJSON(Outcome(errors: [], files: loaded.files, warnings: warnings))
        } else {
            context.write(
                (warnings.map { "warning: \($0)" } + ["good: \(loaded.files.joined(separator: ", "))"])
                    .map(\.printable))
        }
        return ExitStatus.success
    }

    /// Why the daemon would not start with the state that there is: it belongs to another id.
    ///
    /// That of an id which no peer has is taken over: a host that ran before it was configured, or was renamed for all.
    private func foreignState(of settings: Settings) -> String? {
        let (node, members) = (settings.node, settings.peers.map(\.id))
        guard let owner = StateOwner.read(node.stateDirectory), owner != node.id,
            members.isEmpty || members.contains(owner)
        else { return nil }
        return
            "\(file): node.id: is \"\(node.id)\", and the state in \(node.stateDirectory) belongs to \"\(owner)\", so the "
            + "daemon would not start; set id = \"\(owner)\", give this node a state_directory of its own, or stop the daemon "
            + "and remove \(node.stateDirectory)/epoch if the node is to be another to its peers"
    }

    /// Addresses to listen on that this host lacks: they may come later, or be another host's.
    private func missingAddresses(in node: NodeSettings) -> [String] {
        node.listen.filter { SocketAddress(host: $0.host, port: $0.port)?.isMissingHere ?? true }.map {
            "\(file): node.listen: no interface of this host has \"\($0)\" now; the daemon starts and waits for it, so "
                + "compare it with 'ip address', or listen on \"0.0.0.0:\($0.port)\" or \"[::]:\($0.port)\""
        }
    }

    private func refuse(
        _ errors: ConfigurationErrors, in context: ControlContext
    ) throws(ControlFailure) -> Int32 {
        try refuse(
            errors.errors.map(\.description), warnings: errors.warnings.map(\.description), in: context)
    }

    private func refuse(
        _ errors: [String], warnings: [String], in context: ControlContext
    ) throws(ControlFailure) -> Int32 {
        guard global.json else {
            for warning in warnings { context.output.complain("warning: \(warning)\n") }
            for error in errors { context.output.complain("\(error)\n") }
            return ExitStatus.configuration
        }
        try context.writeJSON(Outcome(errors: errors, files: [file], warnings: warnings))
        return ExitStatus.configuration
    }
}
