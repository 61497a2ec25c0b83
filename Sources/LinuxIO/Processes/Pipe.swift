internal import CLinux
internal import Glibc

/// A pipe, such as for a child's output.
package struct Pipe: ~Copyable {
    /// The end to read from; reads wait unless it is made otherwise.
    package let reading: FileDescriptor
    /// The end to write to; the reader sees the end only when every copy of it is closed.
    package let writing: FileDescriptor

    /// Opens a pipe that children do not inherit by accident.
    /// - Throws: `SystemCallError`, usually for want of descriptors.
    package init() throws(SystemCallError) {
        var ends: [CInt] = [-1, -1]
        try systemCall("pipe2") { clinux_pipe(&ends) }
        reading = FileDescriptor(owning: ends[0])
        writing = FileDescriptor(owning: ends[1])
    }

    /// Closes our writing end, once a child has it, and returns the reading end.
    package consuming func closeWriting() -> FileDescriptor {
        reading
    }
}

extension FileDescriptor {
    /// Reads what is there, and waits for something to be there.
    /// - Parameters:
    ///   - count: the largest number of bytes to read.
    ///   - timeout: nanoseconds.
    /// - Returns: what was read; empty at the end, nil when the time is up.
    /// - Throws: `SystemCallError`.
    package func read(upTo count: Int, timeout: Int64) throws(SystemCallError) -> [UInt8]? {
        guard try wait(for: POLLIN, until: Clocks.monotonic() + timeout) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        let length = try systemCall("read") { Glibc.read(raw, &bytes, count) }
        return Array(bytes[..<length])
    }
}
