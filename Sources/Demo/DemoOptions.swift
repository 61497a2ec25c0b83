/// What the command line asks for.
struct DemoOptions {
    /// Whether to report the story although there is a terminal.
    var script = false
    /// Whether to say what the program is, and end.
    var help = false
    /// The top of the source tree; `nil` for the present directory.
    var directory: String?

    /// Reads the arguments, which are without the program's name.
    init(_ arguments: [String]) throws(DemoFailure) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--script": script = true
            case "--help", "-h": help = true
            case "--directory":
                guard let path = rest.popFirst() else { throw .usage("--directory needs a path") }
                directory = path
            default:
                guard argument.hasPrefix("--directory=") else {
                    throw .usage("unknown argument '\(argument)'")
                }
                directory = String(argument.dropFirst("--directory=".count))
            }
        }
    }

    /// What `--help` prints.
    static let helpText = """
        OVERVIEW: Runs three suspectd daemons on loopback that watch each other, and shows what they find.

        On a terminal it shows a live table, with keys to kill, stop, continue and restart a node. Without one it
        plays a story: kill -9, suspicion, restart, planned stop, each with its measured time; the exit status is
        0 only if all of it happened.

        It uses config/demo/{a,b,c}.toml and keeps state and logs in build/demo/{a,b,c}.

        USAGE: suspectd-demo [--script] [--directory DIR]

        OPTIONS:
          --script         play the story although there is a terminal
          --directory DIR  the top of the source tree (default: the present directory)
          -h, --help       show this help

        NO_COLOR in the environment turns colours off.

        """
}
