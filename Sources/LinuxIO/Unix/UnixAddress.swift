internal import Glibc

/// A path as the kernel wants it for a UNIX socket.
struct UnixAddress {
    /// The largest length of a path in bytes; one more is the terminating NUL.
    static let maximumLength = 107

    let path: String
    private let name: sockaddr_un

    /// Checks the path.
    /// - Throws: `SystemCallError` with ENAMETOOLONG, or EINVAL for an empty path or one with a NUL.
    init(_ path: String, for call: String) throws(SystemCallError) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, !bytes.contains(0) else {
            throw SystemCallError(
                call, on: "socket '\(path)'", errno: .invalidArgument, remedy: "give the path of a file")
        }
        guard bytes.count <= Self.maximumLength else {
            throw SystemCallError(
                call, on: path, errno: .nameTooLong,
                remedy:
                    "a socket path has at most \(Self.maximumLength) bytes and this one has \(bytes.count)")
        }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        self.path = path
        self.name = name
    }

    /// Calls `body` with the address in the form that the kernel reads.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Opens a UNIX stream socket.
func unixStreamSocket(for path: String, nonblocking: Bool) throws(SystemCallError) -> FileDescriptor {
    let extra = nonblocking ? CInt(SOCK_NONBLOCK.rawValue) : 0
    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | extra
    return try FileDescriptor("socket", on: path) { socket(AF_UNIX, type, 0) }
}
