import FuzzTargets
import Glibc

// libFuzzer around one target: suspectd-fuzz TARGET [SEEDS] [OPTIONS AND FOLDERS OF LIBFUZZER]
//
// With a folder SEEDS and nothing after it, what to begin with is written there.

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " | ")
guard CommandLine.arguments.count > 2, let chosen = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
    print("suspectd-fuzz (\(names)) (FOLDER FOR SEEDS | OPTIONS AND FOLDERS OF LIBFUZZER)")
    exit(64)
}
let target = chosen

func write(_ seed: [UInt8], to path: String) {
    guard let stream = fopen(path, "w") else { exit(73) }
    fwrite(seed, 1, seed.count, stream)
    fclose(stream)
}

if CommandLine.arguments.count == 3 {
    for (number, seed) in target.seeds.enumerated() {
        write(seed, to: "\(CommandLine.arguments[2])/seed-\(number)")
    }
    exit(0)
}

/// Reads the bytes that libFuzzer made.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    target.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

// The first argument is ours; libFuzzer sees the others behind its own name.
var count = CommandLine.argc - 1
var arguments = CommandLine.unsafeArgv + 1
exit(runDriver(&count, &arguments, testOneInput))
