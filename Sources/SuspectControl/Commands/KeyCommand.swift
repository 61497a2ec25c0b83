internal import ArgumentParser
internal import LinuxIO
internal import Sealing

/// `suspectctl key`: the keys that seal a cluster's datagrams.
struct KeyCommand: CommandGroup {
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
            overwritten. Where the group suspectd exists, as the package makes it, the file gets that group and mode 0640, so \
            that the daemon can read it; its folder is made if it is missing.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "The file to create; without it the key is written to standard output.",
        completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp(
            "The group that may read the file (default: suspectd where that exists and you are root, else none).",
            valueName: "name"))
    var group: String?

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
        let readers = try readers()
        do throws(SystemCallError) {
            try SecretFile.createFolder(of: file, group: readers)
            try SecretFile.create(Array(contents.utf8), at: file, group: readers)
        } catch {
            throw .file("cannot create the key: \(error)")
        }
        if global.json {
            try context.writeJSON(Outcome(file: file))
        } else {
            context.write(advice(file, isReadable: readers != nil))
        }
        return ExitStatus.success
    }

    /// The group that may read the file; `nil` for its owner alone.
    private func readers() throws(ControlFailure) -> UInt32? {
        guard let group else {
            return CurrentUser.isRoot ? SystemUser.groupID(named: KeyCheck.daemonUser) : nil
        }
        guard let number = SystemUser.groupID(named: group) else {
            throw .file("there is no group \(group.printable); name one that `getent group` lists")
        }
        return number
    }

    private static func access(to name: String) -> String {
        let user = KeyCheck.daemonUser
        guard SystemUser.groupID(named: user) != nil else {
            return
                "the daemon must be able to read it: there is no group \(user) here, which the package makes; run the daemon as "
                + "this user, or make the group and give it the file with mode 0640"
        }
        return "the daemon must be able to read it: chgrp \(user) \(name) && chmod 0640 \(name)"
    }

    private func advice(_ file: String, isReadable: Bool) -> [String] {
        let name = file.printable
        return ["wrote a new key to \(name)"]
            + (isReadable
                ? [] : [Self.access(to: name)])
            + [
                "copy it to every host with its owner and mode, and name it in [security] keys; to replace a key on a live cluster, "
                    + "see \"ROTATING KEYS\" in suspectd(8)"
            ]
    }
}
