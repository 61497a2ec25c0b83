internal import LinuxIO

/// Programs that the tests run and wait for.
package enum Subprocess {
    /// Runs a program to its end, for at most twenty seconds.
    /// - Parameters:
    ///   - path: the program.
    ///   - arguments: without its name.
    /// - Returns: its exit status, nil when it ended otherwise, and what it wrote.
    /// - Throws: `SystemCallError`.
    package static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32?, text: String) {
        let pipe = try Pipe()
        var child = try ChildProcess(
            path, arguments, output: .descriptor(pipe.writing.raw), errors: .descriptor(pipe.writing.raw))
        let reading = pipe.closeWriting()
        var bytes: [UInt8] = []
        while let more = try reading.read(upTo: 65_536, timeout: 20_000_000_000), !more.isEmpty {
            bytes += more
        }
        guard case .exited(let status) = try child.wait(timeout: 20_000_000_000) else { return (nil, "") }
        return (status, String(decoding: bytes, as: UTF8.self))
    }
}
