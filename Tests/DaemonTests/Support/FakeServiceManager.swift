import Glibc
import LinuxIO
import Testing

/// A service manager as far as a service can see: a datagram socket.
final class FakeServiceManager {
    /// What the daemon is to find in its environment.
    let environment: [String]
    private let descriptor: FileDescriptor
    /// Every message so far, in order.
    private(set) var messages: [String] = []

    /// Binds a socket of this name in the abstract namespace.
    init(_ name: String, watchdogUSec: Int) throws {
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(raw >= 0)
        descriptor = FileDescriptor(owning: raw)
        environment = ["NOTIFY_SOCKET=@\(name)", "WATCHDOG_USEC=\(watchdogUSec)"]
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name.utf8) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(raw, $0, length) }
        }
        try #require(bound == 0)
    }

    /// Takes the messages that have come, and returns how many there were ever.
    func takeAll() throws -> Int {
        while let bytes = try descriptor.read(upTo: 8_192, timeout: 0) {
            messages.append(String(decoding: bytes, as: UTF8.self))
        }
        return messages.count
    }

    /// Waits for a message that begins with `start`, among those after the first `skipped`, and returns its position.
    func index(of start: String, from skipped: Int = 0) throws -> Int? {
        let deadline = Clocks.monotonic() + 10 * second
        while true {
            if let index = messages.indices.dropFirst(skipped).first(where: { messages[$0].hasPrefix(start) })
            {
                return index
            }
            let left = deadline - Clocks.monotonic()
            guard left > 0, let bytes = try descriptor.read(upTo: 8_192, timeout: left) else { return nil }
            messages.append(String(decoding: bytes, as: UTF8.self))
        }
    }
}
