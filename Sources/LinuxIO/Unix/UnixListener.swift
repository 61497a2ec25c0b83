internal import CLinux
internal import Glibc

/// A UNIX stream socket that accepts connections without blocking.
package struct UnixListener: ~Copyable, Sendable {
    private let descriptor: FileDescriptor
    /// The file that leads to this socket; nil when it has none.
    private let file: SocketFile?
    /// Whether this socket made the file; one that systemd made is not ours to remove, nor to make again.
    package let isOwn: Bool

    /// Where clients find it; empty when it has no file.
    package var path: String { file?.path ?? "" }

    /// Whether a client that connects to the path still comes to this socket: the file may have been removed, or
    /// replaced.
    package var isInPlace: Bool { file?.isInPlace ?? true }

    /// The number, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Listens at a path, instead of a socket that a dead daemon left there.
    ///
    /// Two daemons that start at the same moment could both find the dead socket; the UDP port,
    /// which only one of them can bind, has to be bound before.
    /// - Parameters:
    ///   - path: at most 107 bytes.
    ///   - mode: which users may connect, whatever the umask; that needs write permission.
    ///   - backlog: connections the kernel keeps for us between two turns.
    /// - Throws: `SystemCallError`: EADDRINUSE when another daemon answers there, or when something
    ///   that is no socket has the path.
    package init(binding path: String, mode: UInt32 = 0o660, backlog: CInt = 128) throws(SystemCallError) {
        let address = try UnixAddress(path, for: "bind")
        let descriptor = try unixStreamSocket(for: path, nonblocking: true)
        // The mode of the socket itself is that of the file bind makes, less the umask: so no process
        // gets in between bind and the chmod that restores what the umask took.
        try systemCall("fchmod", on: path) { fchmod(descriptor.raw, mode) }
        try descriptor.bindReplacingDeadSocket(address)
        let file = SocketFile(path)
        do {
            try openSocketFile(path, mode: mode)
            try systemCall("listen", on: path) { listen(descriptor.raw, backlog) }
        } catch {
            file?.remove()
            throw error
        }
        self.descriptor = descriptor
        self.file = file
        isOwn = true
    }

    /// Takes over a listening socket that another process made, such as systemd; its path stays.
    /// - Throws: `SystemCallError`; EINVAL when it is not a listening UNIX socket.
    package init(adopting descriptor: consuming FileDescriptor) throws(SystemCallError) {
        let family = try descriptor.option("SO_DOMAIN", level: SOL_SOCKET, option: SO_DOMAIN)
        let listening = try descriptor.option("SO_ACCEPTCONN", level: SOL_SOCKET, option: SO_ACCEPTCONN)
        guard family == AF_UNIX, listening == 1 else {
            throw SystemCallError(
                "adopt", on: "descriptor \(descriptor.raw)", errno: .invalidArgument,
                remedy: "this is no listening UNIX socket; use ListenStream=/PATH in the .socket unit")
        }
        try descriptor.makeNonblocking()
        file = boundPath(of: descriptor.raw).flatMap { SocketFile($0) }
        self.descriptor = descriptor
        isOwn = false
    }

    deinit {
        if isOwn { file?.remove() }
    }

    /// Takes one connection; nil when none waits or it has gone again.
    /// - Throws: `SystemCallError`, such as EMFILE: the connection waits on then, and epoll reports it
    ///   again immediately, so the caller has to stop watching until it has closed something.
    package func accept() throws(SystemCallError) -> UnixStream? {
        switch uninterrupted({ clinux_accept(raw) }) {
        case .success(let connection): return UnixStream(FileDescriptor(owning: connection))
        case .failure(.wouldBlock), .failure(.connectionAborted): return nil
        case .failure(let errno): throw SystemCallError("accept4", errno: errno)
        }
    }
}

extension FileDescriptor {
    /// Binds; a path taken by a socket that no process serves is freed first.
    fileprivate func bindReplacingDeadSocket(_ address: UnixAddress) throws(SystemCallError) {
        let socket = raw
        let attempt = { address.withSockaddr { bind(socket, $0, $1) } }
        switch uninterrupted(attempt) {
        case .success: return
        case .failure(.addressInUse): try removeDeadSocket(at: address)
        case .failure(let errno): throw SystemCallError("bind", on: address.path, errno: errno)
        }
        try systemCall("bind", on: address.path, attempt)
    }
}

/// Removes the socket at the path if no process answers there.
private func removeDeadSocket(at address: UnixAddress) throws(SystemCallError) {
    guard let file = SocketFile(address.path) else {
        throw SystemCallError(
            "bind", on: address.path, errno: .addressInUse,
            remedy: "something that is no socket has this path; remove it or name another")
    }
    let probe = try unixStreamSocket(for: address.path, nonblocking: true)
    let answer = uninterrupted { address.withSockaddr { connect(probe.raw, $0, $1) } }
    guard case .failure(.connectionRefused) = answer else {
        throw SystemCallError(
            "bind", on: address.path, errno: .addressInUse,
            remedy: "another daemon already serves \(address.path); see 'ss -lxp'")
    }
    file.remove()
}

/// Gives the file of a socket that we have just bound the mode that the umask took from it.
///
/// In a folder that others may write, something else may have taken the name meanwhile: what is not a socket of this
/// user is left alone.
func openSocketFile(_ path: String, mode: UInt32) throws(SystemCallError) {
    let file = try FileDescriptor("open", on: path) { clinux_open_name(path) }
    var status = stat()
    try systemCall("fstat", on: path) { fstat(file.raw, &status) }
    guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else {
        throw SystemCallError(
            "bind", on: path, errno: .addressInUse,
            remedy:
                "another process replaced the socket while it was made; name a folder that only this user may write"
        )
    }
    guard status.st_mode & 0o777 != mode else { return }
    try systemCall("chmod", on: path) { chmod("/proc/self/fd/\(file.raw)", mode) }
}

/// The path to which a socket is bound; nil for one without, as in the abstract namespace.
private func boundPath(of socket: CInt) -> String? {
    var name = sockaddr_un()
    var length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafeMutablePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    guard result == 0 else { return nil }
    let path = withUnsafeBytes(of: &name.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return path.isEmpty ? nil : path
}

/// A socket in the file system, known by its inode so that a successor's is never removed for it.
private struct SocketFile: Sendable {
    let path: String
    private let device: dev_t
    private let inode: ino_t

    /// The socket that is at the path now; nil when there is none.
    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        self.path = path
        device = status.st_dev
        inode = status.st_ino
    }

    /// Whether the path still leads to this socket.
    var isInPlace: Bool {
        guard let present = SocketFile(path) else { return false }
        return present.device == device && present.inode == inode
    }

    /// Removes the path if it is still this socket.
    func remove() {
        if isInPlace { unlink(path) }
    }
}
