internal import Glibc

/// A host and a UDP port as they are written in the file.
///
/// A name is checked for its syntax, never resolved here.
package struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    /// What the host part is.
    package enum Kind: Sendable, Hashable {
        /// A numeric IPv4 address.
        case ipv4
        /// A numeric IPv6 address, perhaps with a zone as in `fe80::1%eth0`.
        case ipv6
        /// A host name that has to be resolved.
        case name
    }

    /// What `host` is.
    package let kind: Kind

    /// The address or name, without brackets.
    package let host: String

    /// The port, 1 to 65535.
    package let port: UInt16

    /// The port when nothing else says one.
    package static let defaultPort: UInt16 = 7946

    /// All local addresses of both families with this port.
    static func wildcards(port: UInt16) -> [Self] {
        [Self(kind: .ipv4, host: "0.0.0.0", port: port), Self(kind: .ipv6, host: "::", port: port)]
    }

    /// `host:port`, with brackets around an IPv6 address.
    package var description: String {
        kind == .ipv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether only this host can be reached through it.
    package var isLoopback: Bool {
        switch kind {
        case .ipv4: host.hasPrefix("127.")
        case .ipv6: Self.ipv6Bytes(host) == [UInt8](repeating: 0, count: 15) + [1]
        case .name: host.lowercased() == "localhost"
        }
    }

    /// The 16 bytes of a numeric address, IPv4 as ::ffff:a.b.c.d and without a zone; nil for a name.
    var bytes: [UInt8]? {
        switch kind {
        case .ipv4: Self.ipv6Bytes("::ffff:\(host)")
        case .ipv6: Self.ipv6Bytes(host)
        case .name: nil
        }
    }

    /// Whether a numeric address is IPv4, however it is written; nil for a name.
    var isIPv4: Bool? { bytes.map { $0[..<12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] } }

    /// Why a text is no address: what is wrong, and the remedy.
    struct Failure: Error {
        let problem: String
        let remedy: String
    }

    /// Reads `host:port`, `1.2.3.4:port` or `[v6]:port`.
    static func parse(_ text: String) throws(Failure) -> Self {
        let (host, portText) = try split(text)
        guard let port = UInt16(portText), port > 0, portText.utf8.allSatisfy({ $0 != UInt8(ascii: "+") })
        else {
            throw Failure(
                problem: "\(quoted(text)) has the port \(quoted(portText))",
                remedy: "write a port from 1 to 65535 after the last colon")
        }
        return Self(
            kind: try kind(of: host, isBracketed: text.hasPrefix("["), in: text), host: host, port: port)
    }

    private static func split(_ text: String) throws(Failure) -> (host: String, port: String) {
        let isBracketed = text.hasPrefix("[")
        if !isBracketed && ipv6Bytes(text) != nil {
            throw Failure(
                problem: "\(quoted(text)) lacks brackets around the IPv6 address, or a port",
                remedy: bracketed(text))
        }
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else {
            throw Failure(
                problem: "\(quoted(text)) lacks a port", remedy: "write host:port, as in \"\(example(text))\""
            )
        }
        var host = text[..<colon]
        if isBracketed {
            guard host.hasSuffix("]") else { throw malformed(text) }
            host = host.dropFirst().dropLast()
        }
        return (String(host), String(text[text.index(after: colon)...]))
    }

    /// What an IPv6 address without brackets means: its last group may have been meant as the port.
    private static func bracketed(_ text: String) -> String {
        let whole = "\"[\(text)]:\(defaultPort)\""
        guard let colon = text.lastIndex(of: ":"), ipv6Bytes(String(text[..<colon])) != nil,
            let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { return "write \(whole)" }
        return "write \"[\(text[..<colon])]:\(port)\" if \(port) is the port, or \(whole)"
    }

    private static func example(_ text: String) -> String {
        quoted(text) == "\"\(text)\"" && !text.isEmpty
            ? "\(text):\(defaultPort)" : "db1.example.net:\(defaultPort)"
    }

    private static func kind(of host: String, isBracketed: Bool, in text: String) throws(Failure) -> Kind {
        if isBracketed {
            guard ipv6Bytes(host) != nil else { throw malformed(text) }
            return .ipv6
        }
        if isIPv4(host) { return .ipv4 }
        guard HostName.isValid(host) else { throw malformed(text) }
        return .name
    }

    private static func malformed(_ text: String) -> Failure {
        Failure(
            problem: "\(quoted(text)) is not an address",
            remedy: "write \"host:port\", \"192.0.2.1:port\" or \"[2001:db8::1]:port\"")
    }

    private static func isIPv4(_ host: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1
    }

    /// The 16 bytes of a numeric IPv6 address; a zone after `%` is an interface's name, up to 15 bytes.
    private static func ipv6Bytes(_ host: String) -> [UInt8]? {
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2,
            !(1...15).contains(parts[1].utf8.count) || parts[1].contains(where: \.isWhitespace)
        {
            return nil
        }
        var address = in6_addr()
        guard let digits = parts.first, inet_pton(AF_INET6, String(digits), &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }
}
