import Glibc
import Testing

/// A service manager as far as a service can see: a datagram socket whose name is in the environment.
///
/// To be made in an exit test only: there it has a process, and so an environment, of its own.
struct FakeServiceManager: ~Copyable {
    private let descriptor: CInt

    /// Binds a socket in the abstract namespace and announces it in `$NOTIFY_SOCKET`.
    init() throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(descriptor >= 0)
        let name = "suspectd-test-\(getpid())"
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path[0] = 0
            path[1...].copyBytes(from: name.utf8)
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(bound == 0)
        setenv("NOTIFY_SOCKET", "@" + name, 1)
    }

    deinit { close(descriptor) }

    /// The next datagram's text, or `nil` when none is there.
    ///
    /// No waiting: on a UNIX socket a datagram that was sent has arrived.
    func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
