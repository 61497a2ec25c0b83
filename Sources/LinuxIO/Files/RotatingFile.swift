internal import Glibc

/// The names of a file that is given away when it is full, and of those that were.
package struct RotationNames: Sendable {
    /// The directory; it must exist.
    package let directory: String
    /// The name of the file that is written.
    package let current: String
    /// The name that a full file gets, given the names in the directory.
    package let next: @Sendable (_ names: [String]) -> String
    /// The files that may go, given the names in the directory.
    package let surplus: @Sendable (_ names: [String]) -> [String]

    /// Gathers the names.
    package init(
        directory: String, current: String, next: @escaping @Sendable ([String]) -> String,
        surplus: @escaping @Sendable ([String]) -> [String]
    ) {
        self.directory = directory
        self.current = current
        self.next = next
        self.surplus = surplus
    }
}

/// A log file of bounded size: when it is full it is renamed, and the oldest ones are removed.
///
/// Nothing here ever fails for the caller: what cannot be written is lost and counted, and the next is tried again. A
/// full disk must not stop a failure detector. What was written in part is taken back, so that the file always ends
/// with a whole record. It blocks, so it belongs in a thread of its own. One writer at a time.
package struct RotatingFile: ~Copyable {
    /// What the caller should report.
    package enum Report: Equatable, Sendable {
        /// Records are being lost since this error.
        case failing(SystemCallError)
        /// Records are written again, after so many were lost.
        case recovered(lost: UInt64)
        /// The file could not be renamed or an old one not removed, so it grows beyond its bound.
        case cannotRotate(SystemCallError)
    }

    private let names: RotationNames
    private let maximumSize: Int
    private var file: FileDescriptor?
    /// The size at which to rotate: later than the bound after a rotation that failed.
    private var rotationSize: Int
    private var lostInRow: UInt64 = 0

    /// The size of the present file in bytes.
    package private(set) var size = 0
    /// Records in the present file that were written by this value.
    private var records: UInt64 = 0
    /// Records that could not be written, since the start.
    package private(set) var lost: UInt64 = 0
    /// How often the file was renamed because it was full.
    package private(set) var rotations: UInt64 = 0

    /// A file that is opened, or made, at the first record.
    /// - Parameters:
    ///   - names: where it is and what it is called.
    ///   - maximumSize: the size in bytes beyond which it is renamed; a single larger record is written all the same.
    package init(_ names: RotationNames, maximumSize: Int) {
        self.names = names
        self.maximumSize = max(1, maximumSize)
        rotationSize = self.maximumSize
    }

    /// Writes a record after all others.
    /// - Parameters:
    ///   - record: its bytes, whole.
    ///   - count: how many records these bytes are, for the figures.
    /// - Returns: what has changed and is worth reporting; nil nearly always.
    package mutating func append(_ record: [UInt8], count: UInt64 = 1) -> Report? {
        do throws(SystemCallError) {
            try openIfNeeded()
            let warning = rotateIfFull(adding: record.count)
            try openIfNeeded()
            try write(record)
            records += count
            defer { lostInRow = 0 }
            return lostInRow > 0 ? .recovered(lost: lostInRow) : warning
        } catch {
            lost += count
            lostInRow += count
            return lostInRow == count ? .failing(error) : nil
        }
    }

    /// Finds out whether the file was removed, replaced or cut since it was last written; the next record begins another.
    ///
    /// - Returns: how many records went with it; `nil` if nothing of the kind has happened.
    package mutating func takeRemoval() -> UInt64? {
        guard let raw = file?.raw else { return nil }
        var status = stat()
        guard fstat(raw, &status) == 0 else { return nil }
        let isCut = Int(status.st_size) < size
        guard isCut || FileIdentity(status).differs(from: .present(at: path)) else { return nil }
        defer { records = 0 }
        file = nil
        (size, rotationSize) = (0, maximumSize)
        return records
    }

    private var path: String { "\(names.directory)/\(names.current)" }

    private mutating func openIfNeeded() throws(SystemCallError) {
        guard file == nil else { return }
        // O_NOFOLLOW: in a directory that others may write, no process can point us at another file.
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        let path = path
        let opened = try FileDescriptor("open", on: path) { open(path, flags, 0o640) }
        var status = stat()
        try systemCall("fstat", on: path) { fstat(opened.raw, &status) }
        size = Int(status.st_size)
        file = consume opened
    }

    private mutating func write(_ record: [UInt8]) throws(SystemCallError) {
        guard let raw = file?.raw else { return }
        var written = 0
        do throws(SystemCallError) {
            while written < record.count {
                written += try systemCall("write", on: path) {
                    record[written...].withUnsafeBytes { Glibc.write(raw, $0.baseAddress, $0.count) }
                }
            }
        } catch {
            // Half a record would spoil the next; if this fails too, readers still find the next line.
            _ = ftruncate(raw, off_t(size))
            throw error
        }
        size += record.count
    }

    private mutating func rotateIfFull(adding count: Int) -> Report? {
        guard size > 0, size + count > rotationSize else { return nil }
        do throws(SystemCallError) {
            try rotate()
            return nil
        } catch {
            rotationSize = max(maximumSize, size + max(1, maximumSize / 8))
            return .cannotRotate(error)
        }
    }

    private mutating func rotate() throws(SystemCallError) {
        let present = try namesInDirectory()
        let target = "\(names.directory)/\(names.next(present))"
        let path = path
        try systemCall("rename", on: path) { rename(path, target) }
        file = nil
        (size, records) = (0, 0)
        rotationSize = maximumSize
        rotations += 1
        try prune()
    }

    private func prune() throws(SystemCallError) {
        for name in names.surplus(try namesInDirectory()) {
            let path = "\(names.directory)/\(name)"
            try systemCall("unlink", on: path) { unlink(path) }
        }
    }

    private func namesInDirectory() throws(SystemCallError) -> [String] {
        guard let stream = opendir(names.directory) else {
            throw SystemCallError("opendir", on: names.directory, errno: .current)
        }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            found.append(name)
        }
        return found
    }
}
