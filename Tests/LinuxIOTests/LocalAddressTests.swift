import Testing

@testable import LinuxIO

@Suite("the address of ours that a datagram was sent to, and the one that it leaves from")
struct LocalAddressTests {
    private func local(_ last: UInt32, port: UInt16 = 0) -> SocketAddress {
        SocketAddress(ipv4: 0x7f00_0000 | last, port: port)
    }

    private func receive(_ socket: inout UDPSocket) throws -> DatagramHeader? {
        var batch = try ReceiveBatch(capacity: 4)
        try socket.receive(into: &batch, now: Clocks.boottime())
        return batch.datagrams.first?.header
    }

    @Test("a socket that is bound to all addresses shows to which one a datagram was sent")
    func reported() throws {
        var socket = try UDPSocket(binding: SocketAddress(ipv4: 0, port: 0))
        let port = try socket.localAddress().port
        let sender = try UDPSocket(binding: Loopback.ipv4)
        for last in [1, 5, 77] as [UInt32] {
            try send([1], from: sender, to: local(last, port: port))
            #expect(try receive(&socket)?.local == local(last))
        }
    }

    @Test(
        "the same on an IPv6 socket",
        .enabled(if: Loopback.hasIPv6, "this machine has no ::1"))
    func toldIPv6() throws {
        var socket = try UDPSocket(binding: SocketAddress(high: 0, low: 0, port: 0))
        let port = try socket.localAddress().port
        try send([1], from: UDPSocket(binding: Loopback.ipv6), to: Loopback.ipv6.with(port: port))
        #expect(try receive(&socket)?.local == Loopback.ipv6)
    }

    @Test("a datagram leaves from the address that it is given, in one batch with others")
    func source() throws {
        var receiver = try UDPSocket(binding: Loopback.ipv4)
        let destination = try receiver.localAddress()
        let sender = try UDPSocket(binding: SocketAddress(ipv4: 0, port: 0))
        var batch = try SendBatch()
        for last in 0..<4 as Range<UInt32> {
            let fits = batch.append(
                [UInt8(last)].span.bytes, to: destination, from: last == 0 ? nil : local(last + 10))
            #expect(fits)
        }
        #expect(sender.flush(&batch) == 4)
        var received = try ReceiveBatch()
        try receiver.receive(into: &received, now: Clocks.boottime())
        let port = try sender.localAddress().port
        #expect(
            received.datagrams.map(\.header.source)
                == [
                    local(1, port: port), local(11, port: port), local(12, port: port), local(13, port: port),
                ])
    }

    @Test("an address that this host has not is a failure of that datagram alone, known by its tag")
    func gone() throws {
        let receiver = try UDPSocket(binding: Loopback.ipv4)
        let destination = try receiver.localAddress()
        let sender = try UDPSocket(binding: SocketAddress(ipv4: 0, port: 0))
        var batch = try SendBatch()
        let foreign = SocketAddress(ipv4: 0xC000_0201, port: 0)
        _ = batch.append([1].span.bytes, to: destination, from: foreign, tag: 7)
        _ = batch.append([2].span.bytes, to: destination, tag: 8)
        #expect(sender.flush(&batch) == 1)
        var failures: [SendFailure] = []
        batch.forEachFailure { failures.append($0) }
        #expect(failures.map(\.tag) == [7] && failures.map(\.destination) == [destination])
        let isTheAddress = failures.allSatisfy { [.invalidArgument, .networkUnreachable].contains($0.errno) }
        #expect(isTheAddress, "\(failures)")
    }

    @Test("the kernel says from where it would send, without sending")
    func preferred() throws {
        var receiver = try UDPSocket(binding: Loopback.ipv4)
        #expect(try receiver.localAddress().preferredSource == Loopback.ipv4)
        #expect(try receive(&receiver) == nil)
    }
}
