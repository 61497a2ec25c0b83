internal import Glibc

/// Which file is at a path: another one may have the name of one that is held open.
package enum FileIdentity: Equatable, Sendable {
    /// This one, by its file system and its number there.
    case file(device: UInt64, number: UInt64)
    /// None.
    case missing
    /// That cannot be known, such as on a disk with errors.
    case unknown

    /// What is at a path; a symbolic link is not followed.
    package static func present(at path: String) -> FileIdentity {
        var status = stat()
        guard lstat(path, &status) != 0 else { return FileIdentity(status) }
        switch Errno.current {
        case .noSuchFileOrDirectory, .notDirectory: return .missing
        default: return .unknown
        }
    }

    /// An open file.
    static func of(descriptor: CInt) -> FileIdentity {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? FileIdentity(status) : .unknown
    }

    /// The one that a call has described.
    init(_ status: stat) {
        self = .file(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// Whether this is certainly not the other.
    func differs(from other: FileIdentity) -> Bool {
        self != .unknown && other != .unknown && self != other
    }
}
