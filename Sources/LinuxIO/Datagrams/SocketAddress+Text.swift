internal import Glibc

extension SocketAddress {
    /// Reads a numeric address with its port: "192.0.2.1:7946", "[2001:db8::1]:7946", "[fe80::1%eth0]:7946".
    ///
    /// Names are never looked up here, so this cannot block; nil for anything else.
    package init?(parsing text: String) {
        guard let (host, port) = HostAndPort.split(text) else { return nil }
        self.init(host: host, port: port)
    }

    /// Reads a numeric address without brackets: "192.0.2.1", "2001:db8::1", "fe80::1%eth0".
    package init?(host: String, port: UInt16) {
        guard
            let address = SocketAddress(ipv4Text: host, port: port)
                ?? SocketAddress(ipv6Text: host, port: port)
        else { return nil }
        self = address
    }

    private init?(ipv4Text text: String, port: UInt16) {
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        self.init(ipv4: UInt32(bigEndian: address.s_addr), port: port)
    }

    private init?(ipv6Text text: String, port: UInt16) {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var words: (UInt64, UInt64) = (0, 0)
        guard let host = parts.first, inet_pton(AF_INET6, String(host), &words) == 1 else { return nil }
        var scope: UInt32 = 0
        if parts.count > 1 {
            guard let index = interfaceIndex(String(parts[1])) else { return nil }
            scope = index
        }
        self.init(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1), scope: scope, port: port)
    }

    /// The address alone, without port and brackets.
    package var hostDescription: String {
        let text = isIPv4 ? ipv4Text : ipv6Text
        return scope == 0 ? text : "\(text)%\(interfaceName(scope) ?? "\(scope)")"
    }

    private var ipv4Text: String {
        let shifts: [UInt64] = [24, 16, 8, 0]
        return shifts.map { "\((low >> $0) & 0xff)" }.joined(separator: ".")
    }

    private var ipv6Text: String {
        var words = (high.bigEndian, low.bigEndian)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard let start = buffer.baseAddress,
                inet_ntop(AF_INET6, &words, start, socklen_t(INET6_ADDRSTRLEN)) != nil
            else { return "?" }
            return String(cString: start)
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The numeric form that `init(parsing:)` reads.
    package var description: String {
        isIPv4 ? "\(hostDescription):\(port)" : "[\(hostDescription)]:\(port)"
    }
}

extension SocketAddress: Comparable {
    /// Orders by address, then port: an order that is the same on every host.
    package static func < (left: SocketAddress, right: SocketAddress) -> Bool {
        (left.high, left.low, left.scope, left.port) < (right.high, right.low, right.scope, right.port)
    }
}

/// "host:port" taken apart, whether or not the host is numeric.
package enum HostAndPort {
    /// Splits "db1.example:7946" or "[::1]:7946"; nil when the port is missing or not 0…65535.
    ///
    /// An IPv6 address needs its brackets: without them its last group would pass for a port.
    package static func split(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = portNumber(text[text.index(after: colon)...])
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { return bracketed(host.dropFirst().dropLast(), port) }
        guard !host.isEmpty, !host.contains(where: { ":[]".contains($0) }) else { return nil }
        return (String(host), port)
    }

    /// Only an IPv6 address stands in brackets: "[localhost]" and "[1.2.3.4]" are mistakes.
    private static func bracketed(_ host: Substring, _ port: UInt16) -> (host: String, port: UInt16)? {
        host.contains(":") ? (String(host), port) : nil
    }

    private static func portNumber(_ text: Substring) -> UInt16? {
        // UInt16 alone would also take "+7946".
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt16(text) : nil
    }
}

/// The name of an interface by its number; nil when there is none.
private func interfaceName(_ index: UInt32) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { buffer in
        guard let start = buffer.baseAddress, if_indextoname(index, start) != nil else { return nil }
        return String(cString: start)
    }
}

/// The number of an interface given by name or number; nil when there is none of that name.
private func interfaceIndex(_ text: String) -> UInt32? {
    let index = UInt32(text) ?? if_nametoindex(text)
    return index == 0 ? nil : index
}
