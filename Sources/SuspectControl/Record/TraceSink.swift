internal import Replay

/// Where a trace goes: a file, or the standard output.
struct TraceSink {
    private let writer: TraceWriter?
    private let output: any ControlOutput

    /// Opens the file, or takes the standard output, and writes the header.
    init(_ path: String?, _ context: ControlContext) throws(ControlFailure) {
        output = context.output
        do throws(TraceError) {
            writer = if let path { try TraceWriter(path) } else { nil }
        } catch {
            throw .file("\(error)")
        }
        try write(TraceRecorder.header)
    }

    /// Adds lines.
    func write(_ lines: String) throws(ControlFailure) {
        guard writer != nil else { return output.write(lines) }
        do throws(TraceError) {
            try writer?.write(lines)
        } catch {
            throw .file("\(error)")
        }
    }

    /// Makes sure that everything has reached the file.
    func close() throws(ControlFailure) {
        do throws(TraceError) {
            try writer?.close()
        } catch {
            throw .file("\(error)")
        }
    }
}
