/// A configuration that was read without errors.
package struct LoadedConfiguration: Sendable, Equatable {
    /// What it says, every default resolved.
    package let settings: Settings

    /// What is allowed but probably not meant, in the order of the files.
    package let warnings: [Finding]

    /// The files that were read: the main file, then its drop-ins in name order.
    package let files: [String]

    /// Where the keys of `[node]` are written, as `FILE:LINE`; only those that are.
    package let nodeOrigins: [String: String]

    /// Where the keys are named, as `FILE:LINE: security.keys`; the main file where nothing names them.
    package let keysPlace: String
}

/// Reads the main file and the `conf.d/*.toml` beside it.
package enum ConfigurationLoader {
    /// The main file of an installed daemon.
    package static let defaultPath = "/etc/suspectd/suspectd.toml"

    /// Reads `path` and its drop-ins, checks everything and fills in every default.
    ///
    /// - Throws: all errors of all files together; a file with a syntax error hides no other file's errors.
    package static func load(
        path: String, environment: ConfigurationEnvironment = .process()
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        var diagnostics = Diagnostics()
        let builder = builder(path: path, environment: environment, &diagnostics)
        let settings = builder.build(&diagnostics)
        let (errors, warnings) = (diagnostics.sortedErrors, diagnostics.sortedWarnings)
        guard errors.isEmpty else {
            throw ConfigurationErrors(errors: errors, total: diagnostics.errorCount, warnings: warnings)
        }
        return LoadedConfiguration(
            settings: settings, warnings: warnings, files: diagnostics.files,
            nodeOrigins: builder.root.origins(in: "node"),
            keysPlace: "\(builder.root.origins(in: "security")["keys"] ?? path): security.keys")
    }

    /// Reads all files; what is wrong with them is recorded.
    static func builder(
        path: String, environment: ConfigurationEnvironment, _ diagnostics: inout Diagnostics
    ) -> SettingsBuilder {
        let main = SourceFile.read(path, &diagnostics)
        let dropIns = DropInDirectory.files(besides: path, &diagnostics)
        let sources = [main] + dropIns.map { SourceFile.read($0, &diagnostics) }
        let documents = sources.compactMap { $0 }.compactMap { Document.parse($0, &diagnostics) }
        let isComplete = diagnostics.errors.isEmpty
        let root = RootReader(entries: DocumentMerger.merge(documents, &diagnostics), mainFile: path)
        return SettingsBuilder(root: root, environment: environment, isComplete: isComplete)
    }
}
