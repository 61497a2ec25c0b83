import Glibc

/// Prints what units do, one line a change, until it is ended: for Tests/systemd/services.sh.
exit(ServiceProbe.run(Array(CommandLine.arguments.dropFirst())))
