internal import Glibc

/// A name for which no address was found.
package struct NameResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name.
    package let host: String
    /// Why, in the resolver's words.
    package let reason: String
    /// Whether asking again later may help; false when the name is known not to exist.
    package let isTemporary: Bool
    /// What to do, if that is not what it mostly is.
    private let remedy: String?

    /// Describes a failure.
    package init(host: String, reason: String, isTemporary: Bool, remedy: String? = nil) {
        self.host = host
        self.reason = reason
        self.isTemporary = isTemporary
        self.remedy = remedy
    }

    /// One line with the remedy.
    package var description: String {
        let remedy =
            self.remedy
            ?? (isTemporary
                ? "it is asked for again; see /etc/resolv.conf"
                : "check the spelling, or try 'getent ahosts \(host)'")
        return "resolve \(host): \(reason); \(remedy)"
    }
}

/// Finds the addresses of a name.
package enum NameResolver {
    /// The addresses of a host, in the order of preference of this system, each once.
    ///
    /// Blocks for as long as the name servers take, which can be a minute: never to be called by the
    /// loop. A numeric address is returned immediately.
    /// - Throws: `NameResolutionError`.
    package static func resolve(host: String, port: UInt16) throws(NameResolutionError) -> [SocketAddress] {
        if let numeric = SocketAddress(host: host, port: port) { return [numeric] }
        if host.contains(":"), let zone = host.split(separator: "%", maxSplits: 1).dropFirst().first {
            // No name server knows of our interfaces.
            throw NameResolutionError(
                host: host, reason: "there is no interface \(zone)",
                isTemporary: true, remedy: "it is looked for again; see 'ip link'")
        }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_DGRAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &first)
        let cause = Errno.current
        guard status == 0 else { throw NameResolutionError(host: host, status: status, cause: cause) }
        defer { freeaddrinfo(first) }
        return addresses(from: first, port: port)
    }

    private static func addresses(from first: UnsafeMutablePointer<addrinfo>?, port: UInt16)
        -> [SocketAddress]
    {
        var found: [SocketAddress] = []
        for entry in sequence(first: first, next: { $0?.pointee.ai_next }).prefix(while: { $0 != nil }) {
            guard let info = entry?.pointee, let name = info.ai_addr,
                let address = SocketAddress(name, length: info.ai_addrlen)?.with(port: port),
                !found.contains(address)
            else { continue }
            found.append(address)
        }
        return found
    }
}

extension NameResolutionError {
    fileprivate init(host: String, status: CInt, cause: Errno) {
        self.init(
            host: host,
            reason: status == EAI_SYSTEM ? cause.description : String(cString: gai_strerror(status)),
            isTemporary: status == EAI_AGAIN || status == EAI_SYSTEM || status == EAI_MEMORY)
    }
}
