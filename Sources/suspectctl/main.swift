internal import Glibc
internal import SuspectControl

exit(SuspectControl.run(Array(CommandLine.arguments.dropFirst()), in: .process()))
