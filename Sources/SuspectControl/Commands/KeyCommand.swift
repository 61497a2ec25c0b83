internal import ArgumentParser
internal import LinuxIO
internal import Sealing

/// `suspectctl key`: the keys that seal a cluster's datagrams.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Work with the keys that seal datagrams.",
        subcommands: [KeyNewCommand.self])
}

/// `suspectctl key new [FILE]`: a new key.
struct KeyNewCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a new key.",
        discussion: """
            Copy the file to every host of the cluster and name it in [security] keys. An existing file is never \
            overwritten.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "The file to create, with mode 0600; without it the key is written to standard output.",
        completion: .file())
    var file: String?

    /// With `--json`, what is printed.
    private struct Outcome: Encodable {
        let file: String
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let contents: String
        do throws(SealingError) {
            contents = try SealingKey.newFile()
        } catch {
            throw .file(error.description)
        }
        guard let file else {
            context.output.write(contents)
            return ExitStatus.success
        }
        do throws(SystemCallError) {
            try SecretFile.create(Array(contents.utf8), at: file)
        } catch {
            throw .file("cannot create the key: \(error)")
        }
        if global.json { try context.writeJSON(Outcome(file: file)) } else { context.write(advice(file)) }
        return ExitStatus.success
    }

    private func advice(_ file: String) -> [String] {
        [
            "wrote a new key to \(file.printable)",
            "copy it to every host; the daemon must be able to read it: chgrp suspectd \(file.printable); chmod 0640 \(file)",
            "then name it in [security] keys; to replace a key on a live cluster, see \"ROTATING KEYS\" in suspectd(8)",
        ]
    }
}
