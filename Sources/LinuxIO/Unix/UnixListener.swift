internal import CLinux
internal import Glibc

/// A UNIX stream socket that accepts connections without blocking.
package struct UnixListener: ~Copyable {
    private let descriptor: FileDescriptor
    /// The file that this socket made; nil when systemd made it, and then it is not ours to remove.
    private let file: SocketFile?

    /// The number, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Listens at a path, in place of a socket that a dead daemon left there.
    ///
    /// Two daemons that start at the same moment could both find the dead socket; the UDP port,
    /// which only one of them can bind, has to be bound before.
    /// - Parameters:
    ///   - path: at most 107 bytes.
    ///   - mode: who may connect, whatever the umask; that needs write permission.
    ///   - backlog: connections the kernel keeps for us between two turns.
    /// - Throws: `SystemCallError`: EADDRINUSE when another daemon answers there, or when something
    ///   that is no socket has the path.
    package init(binding path: String, mode: UInt32 = 0o660, backlog: CInt = 128) throws(SystemCallError) {
        let address = try UnixAddress(path, for: "bind")
        let descriptor = try unixStreamSocket(for: path, nonblocking: true)
        // The mode of the socket itself is that of the file bind makes, less the umask: so nobody
        // gets in between bind and the chmod that restores what the umask took.
        try systemCall("fchmod", on: path) { fchmod(descriptor.raw, mode) }
        try descriptor.bindReplacingDeadSocket(address)
        let file = SocketFile(path)
        do {
            try systemCall("chmod", on: path) { chmod(path, mode) }
            try systemCall("listen", on: path) { listen(descriptor.raw, backlog) }
        } catch {
            file?.remove()
            throw error
        }
        self.descriptor = descriptor
        self.file = file
    }

    /// Takes over a listening socket that somebody else made, such as systemd; its path stays.
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
        self.descriptor = descriptor
        file = nil
    }

    deinit {
        file?.remove()
    }

    /// Takes one connection; nil when none waits or it has gone again.
    /// - Throws: `SystemCallError`, such as EMFILE: the connection waits on then, and epoll reports it
    ///   again at once, so the caller has to stop watching until it has closed something.
    package func accept() throws(SystemCallError) -> UnixStream? {
        switch uninterrupted({ clinux_accept(raw) }) {
        case .success(let connection): return UnixStream(FileDescriptor(owning: connection))
        case .failure(.wouldBlock), .failure(.connectionAborted): return nil
        case .failure(let errno): throw SystemCallError("accept4", errno: errno)
        }
    }
}

extension FileDescriptor {
    /// Binds; a path taken by a socket that nobody serves is freed first.
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

/// Removes the socket at the path if nobody answers there.
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

/// A socket in the file system, known by its inode so that a successor's is never removed for it.
private struct SocketFile {
    private let path: String
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

    /// Removes the path if it is still this socket.
    func remove() {
        guard let present = SocketFile(path), present.device == device, present.inode == inode else { return }
        unlink(path)
    }
}
