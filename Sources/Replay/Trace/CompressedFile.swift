internal import CZlib
internal import Glibc

/// A file that is read from its beginning to its end, decompressed when it is compressed with gzip.
struct CompressedFile: ~Copyable {
    private let path: String
    private let file: gzFile

    /// Opens the file for reading.
    init(path: String) throws(TraceError) {
        // A device or a pipe may never end, and a folder reads as an error without a cause.
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .unreadable(file: path, cause: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(file: path, cause: "it is no regular file")
        }
        guard let file = gzopen(path, "rbe") else {
            throw .unreadable(file: path, cause: String(cString: strerror(errno)))
        }
        self.path = path
        self.file = file
        gzbuffer(file, 1 << 17)
    }

    deinit { gzclose(file) }

    /// Fills the buffer from its beginning.
    /// - Returns: the count of bytes read; 0 at the end of the file.
    func read(into buffer: inout [UInt8]) throws(TraceError) -> Int {
        let count = gzread(file, &buffer, UInt32(buffer.count))
        if count > 0 { return Int(count) }
        // The end of a file that was cut off looks like any end until asked.
        var code: Int32 = 0
        let message = gzerror(file, &code).map { String(cString: $0) } ?? ""
        guard code == Z_OK || code == Z_STREAM_END else {
            throw .unreadable(file: path, cause: code == Z_ERRNO ? String(cString: strerror(errno)) : message)
        }
        return 0
    }
}
