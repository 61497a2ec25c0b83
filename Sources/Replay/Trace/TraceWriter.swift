internal import CZlib
internal import Glibc

/// Writes a trace into a file, compressed with gzip when its name ends in `.gz`.
package final class TraceWriter {
    private let path: String
    private var file: gzFile?

    /// Makes the file, or empties it.
    package init(_ path: String) throws(TraceError) {
        // T writes through, without compressing.
        guard let file = gzopen(path, path.hasSuffix(".gz") ? "wbe" : "wTe") else {
            throw .unwritable(file: path, cause: String(cString: strerror(errno)))
        }
        self.path = path
        self.file = file
    }

    deinit { if let file { gzclose(file) } }

    /// Adds lines.
    package func write(_ lines: String) throws(TraceError) {
        guard let file, !lines.isEmpty else { return }
        guard gzputs(file, lines) >= 0 else { throw failure }
    }

    /// Writes what is left, and closes the file.
    package func close() throws(TraceError) {
        guard let file else { return }
        self.file = nil
        guard gzclose(file) == Z_OK else { throw failure }
    }

    private var failure: TraceError { .unwritable(file: path, cause: String(cString: strerror(errno))) }
}
