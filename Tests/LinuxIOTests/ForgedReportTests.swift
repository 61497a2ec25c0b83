import Glibc
import Testing

@testable import LinuxIO

/// ICMP messages that quote a datagram of ours, as any host can forge them that knows two addresses and a port.
@Suite("forged reports")
struct ForgedReportTests {
    @Test(
        "no ICMP message about our datagrams makes a socket fail",
        .enabled(if: RawSocket.isAllowed, "raw sockets take root"), arguments: [3, 4, 5, 11, 12] as [UInt8])
    func ipv4(type: UInt8) throws {
        try check(Loopback.ipv4, type: type, raw: RawSocket(AF_INET, CInt(IPPROTO_ICMP)))
    }

    @Test(
        "no ICMPv6 message about our datagrams makes a socket fail",
        .enabled(if: RawSocket.isAllowed && Loopback.hasIPv6, "raw sockets take root, and this takes ::1"),
        arguments: [1, 2, 3, 4] as [UInt8])
    func ipv6(type: UInt8) throws {
        try check(Loopback.ipv6, type: type, raw: RawSocket(AF_INET6, CInt(IPPROTO_ICMPV6)))
    }

    /// Every code of a type: the socket receives and sends as before, and some of the reports do reach it.
    private func check(_ loopback: SocketAddress, type: UInt8, raw: borrowing RawSocket) throws {
        let peer = try UDPSocket(binding: loopback)
        var socket = try UDPSocket(binding: loopback)
        let (own, other) = (try socket.localAddress(), try peer.localAddress())
        var batch = try ReceiveBatch()
        for code in 0...255 as ClosedRange<UInt8> {
            try raw.report(type: type, code: code, of: own.port, to: other.port)
            try socket.receive(into: &batch, now: Clocks.boottime())
            try raw.report(type: type, code: code, of: own.port, to: other.port)
            try socket.drainErrors { _ in }
            try raw.report(type: type, code: code, of: own.port, to: other.port)
            try send([code], from: socket, to: other)
        }
        try send([42], from: peer, to: own)
        repeat { try socket.receive(into: &batch, now: Clocks.boottime()) } while batch.count == 0
        #expect(batch.datagrams.map(\.bytes) == [[42]])
    }

    @Test("such a report reaches the socket", .enabled(if: RawSocket.isAllowed, "raw sockets take root"))
    func arrives() throws {
        let socket = try UDPSocket(binding: Loopback.ipv4)
        let other = try UDPSocket(binding: Loopback.ipv4).localAddress()
        let raw = try RawSocket(AF_INET, CInt(IPPROTO_ICMP))
        try raw.report(type: 3, code: 5, of: socket.localAddress().port, to: other.port)
        var errors: [Errno] = []
        try socket.drainErrors { errors.append($0.errno) }
        #expect(errors == [Errno(rawValue: EOPNOTSUPP)])
    }
}

/// A socket that sends ICMP messages over loopback.
private struct RawSocket: ~Copyable {
    /// Whether this process may open one.
    static let isAllowed = (try? RawSocket(AF_INET, CInt(IPPROTO_ICMP))) != nil

    private let descriptor: CInt
    private let isIPv6: Bool

    init(_ family: CInt, _ proto: CInt) throws {
        descriptor = socket(family, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), proto)
        isIPv6 = family == AF_INET6
        guard descriptor >= 0 else { throw SystemCallError("socket", errno: Errno(rawValue: errno)) }
    }

    deinit { close(descriptor) }

    /// Reports to loopback that a datagram from one of its ports to another could not be delivered.
    func report(type: UInt8, code: UInt8, of source: UInt16, to destination: UInt16) throws {
        var message: [UInt8] = [type, code, 0, 0, 0, 0, 0, 0]
        // The least MTU that IPv6 allows, where the message has one.
        if isIPv6, type == 2 { message[6...7] = [0x05, 0x00] }
        message += isIPv6 ? Self.ipv6Header : Self.ipv4Header
        for field in [source, destination, 180, 0] { message += [UInt8(field >> 8), UInt8(field & 0xFF)] }
        message += [UInt8](repeating: 0xA5, count: 8)
        if !isIPv6 { setChecksum(&message) }
        try send(message)
    }

    private static let ipv4Header: [UInt8] =
        [0x45, 0, 0, 200, 0, 1, 0, 0, 64, 17, 0, 0] + [127, 0, 0, 1] + [127, 0, 0, 1]
    private static let ipv6Header: [UInt8] = {
        let loopback = [UInt8](repeating: 0, count: 15) + [1]
        return [0x60, 0, 0, 0, 0, 180, 17, 64] + loopback + loopback
    }()

    /// The Internet checksum (RFC 1071); of ICMPv6 the kernel computes it.
    private func setChecksum(_ message: inout [UInt8]) {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: message.count, by: 2) {
            sum += UInt32(message[index]) << 8 | UInt32(message[index + 1])
        }
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        let checksum = ~UInt16(sum)
        (message[2], message[3]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
    }

    private func send(_ message: [UInt8]) throws {
        let sent = isIPv6 ? sendIPv6(message) : sendIPv4(message)
        guard sent == message.count else { throw SystemCallError("sendto", errno: Errno(rawValue: errno)) }
    }

    private func sendIPv4(_ message: [UInt8]) -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            sendto(
                descriptor, message, message.count, 0,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    private func sendIPv6(_ message: [UInt8]) -> Int {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return withUnsafeBytes(of: &address) { bytes in
            sendto(
                descriptor, message, message.count, 0,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }
}
