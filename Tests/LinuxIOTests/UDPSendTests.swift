import Glibc
import Testing

@testable import LinuxIO

/// Sending on real loopback sockets, to peers that are not all there.
struct UDPSendTests {
    @Test("a closed port is reported with its destination (IPv4)")
    func refusedIPv4() throws { try checkRefusal(Loopback.ipv4, origin: .icmp) }

    @Test(
        "a closed port is reported with its destination (IPv6)",
        .enabled(if: Loopback.hasIPv6, "this machine has no ::1"))
    func refusedIPv6() throws { try checkRefusal(Loopback.ipv6, origin: .icmpv6) }

    private func checkRefusal(_ loopback: SocketAddress, origin: NetworkError.Origin) throws {
        let socket = try UDPSocket(binding: loopback)
        let closed = try Loopback.closed(loopback)
        let datagram = (1...40).map { UInt8($0) }
        try send(datagram, from: socket, to: closed)
        #expect(try becomesReady(socket.raw, for: []))
        var errors: [NetworkError] = []
        try socket.drainErrors { errors.append($0) }
        let error = try #require(errors.first)
        #expect(errors.count == 1 && error.errno == .connectionRefused && error.destination == closed)
        #expect(error.origin == origin)
        #expect(
            error.offender.map { [$0.high, $0.low] } == [closed.high, closed.low], "the host itself says so")
        #expect(error.quote == Array(datagram.prefix(32)))
        #expect(try !isReady(socket.raw, for: []), "the error queue is empty, so epoll is quiet")
    }

    @Test("sends to closed ports stop none of the others (IPv4)")
    func othersAreSentIPv4() throws { try checkOthersAreSent(Loopback.ipv4) }

    @Test(
        "sends to closed ports stop none of the others (IPv6)",
        .enabled(if: Loopback.hasIPv6, "this machine has no ::1"))
    func othersAreSentIPv6() throws { try checkOthersAreSent(Loopback.ipv6) }

    /// Loopback answers within the send: every second datagram meets the refusal of the one before.
    private func checkOthersAreSent(_ loopback: SocketAddress) throws {
        let sender = try UDPSocket(binding: loopback)
        var receiver = try UDPSocket(binding: loopback)
        let closed = try Loopback.closed(loopback)
        var batch = try SendBatch()
        for number in 0..<32 as Range<UInt8> {
            try append([number], to: closed, in: &batch)
            try append([number], to: receiver.localAddress(), in: &batch)
        }
        #expect(sender.flush(&batch) == 64)
        #expect(batch.count == 0)
        #expect(batch.failureCount == 0)
        var received = try ReceiveBatch()
        try receiver.receive(into: &received, now: Clocks.boottime())
        #expect(received.datagrams.map(\.bytes) == (0..<32).map { [$0] })
        var refused = 0
        try sender.drainErrors { refused += $0.destination == closed ? 1 : 0 }
        #expect(refused == 32)
    }

    @Test("pending errors stand in the way of no datagram that is received")
    func errorsDoNotStopReceiving() throws {
        let peer = try UDPSocket(binding: Loopback.ipv4)
        var socket = try UDPSocket(binding: Loopback.ipv4)
        for number in 0..<3 as Range<UInt8> {
            try send([number], from: peer, to: socket.localAddress())
            try send([0], from: socket, to: Loopback.closed(Loopback.ipv4))
        }
        var batch = try ReceiveBatch()
        try socket.receive(into: &batch, now: Clocks.boottime())
        #expect(batch.datagrams.map(\.bytes) == [[0], [1], [2]])
        let (isEmpty, errors) = (batch.socketIsEmpty, socket.receiveErrors)
        #expect(isEmpty)
        #expect(errors == 1, "Linux keeps one pending error, the rest are in the queue")
    }

    @Test("errors that found no space in the queue leave no descriptor that is ready indefinitely")
    func errorQueueOverflow() throws {
        let socket = try UDPSocket(binding: Loopback.ipv4, options: UDPSocketOptions(receiveBuffer: 1))
        let sender = try UDPSocket(binding: Loopback.ipv4)
        // The queue shares its space with the datagrams that no host has received.
        for _ in 0..<100 { try send([0], from: sender, to: socket.localAddress()) }
        try send([0], from: socket, to: Loopback.closed(Loopback.ipv4))
        #expect(try isReady(socket.raw, for: []))
        #expect(try socket.drainErrors { _ in } == 0)
        #expect(try !isReady(socket.raw, for: []))
    }

    @Test("errors are drained in bounded portions")
    func boundedDrain() throws {
        let socket = try UDPSocket(binding: Loopback.ipv4)
        let closed = try Loopback.closed(Loopback.ipv4)
        for _ in 0..<5 { try send([0], from: socket, to: closed) }
        let taken = try [socket.drainErrors(limit: 3) { _ in }, socket.drainErrors(limit: 3) { _ in }]
        #expect(taken == [3, 2])
    }

    @Test("a datagram that cannot be sent is noted with its errno, and the others are sent")
    func failuresAreNoted() throws {
        let sender = try UDPSocket(binding: Loopback.ipv4)
        var receiver = try UDPSocket(binding: Loopback.ipv4)
        let destination = try receiver.localAddress()
        let otherFamily = SocketAddress.loopbackIPv6(port: 9)
        var batch = try SendBatch(arenaSize: 256 << 10)
        try append([1], to: destination, in: &batch)
        try append([2], to: otherFamily, in: &batch)
        try append(Array(repeating: 3, count: 65_600), to: destination, in: &batch)
        try append([4], to: destination, in: &batch)
        #expect(sender.flush(&batch) == 2)

        var failures: [SendFailure] = []
        batch.forEachFailure { failures.append($0) }
        #expect(
            failures == [
                SendFailure(destination: otherFamily, errno: .addressFamilyNotSupported, tag: 1),
                SendFailure(destination: destination, errno: .messageTooLong, tag: 2),
            ])
        var totals: [Errno: UInt64] = [:]
        batch.forEachTotal { totals[$0] = $1 }
        #expect(totals == [.addressFamilyNotSupported: 1, .messageTooLong: 1])
        var received = try ReceiveBatch()
        try receiver.receive(into: &received, now: Clocks.boottime())
        #expect(received.datagrams.map(\.bytes) == [[1], [4]])
    }

    @Test("totals outlast a flush, the failures of one flush do not")
    func totals() throws {
        let socket = try UDPSocket(binding: Loopback.ipv4)
        var batch = try SendBatch()
        for _ in 0..<2 {
            try append([2], to: SocketAddress.loopbackIPv6(port: 9), in: &batch)
            #expect(socket.flush(&batch) == 0)
        }
        #expect(batch.failureCount == 1)
        var total: UInt64 = 0
        batch.forEachTotal { total += $0 == .addressFamilyNotSupported ? $1 : 0 }
        #expect(total == 2)
        #expect(socket.flush(&batch) == 0)
        #expect(batch.failureCount == 0)
    }

    @Test("a full batch takes no more, neither datagrams nor bytes")
    func fullBatch() throws {
        var few = try SendBatch(capacity: 1, arenaSize: 100)
        let fits = (
            few.append([1].span.bytes, to: Loopback.ipv4), few.append([1].span.bytes, to: Loopback.ipv4)
        )
        #expect(fits == (true, false))
        var small = try SendBatch(capacity: 9, arenaSize: 3)
        let bytes: [UInt8] = [1, 2]
        let space = (
            small.append(bytes.span.bytes, to: Loopback.ipv4),
            small.append(bytes.span.bytes, to: Loopback.ipv4)
        )
        #expect(space == (true, false))
        #expect(small.count == 1)
    }

    @Test(
        "a dual-stack socket that was adopted reaches IPv4 peers and knows them by their IPv4 address",
        .enabled(if: Loopback.hasIPv6, "this machine has no ::1"))
    func dualStack() throws {
        let raw = socket(AF_INET6, CInt(SOCK_DGRAM.rawValue), 0)
        let unbound = FileDescriptor(owning: raw)
        try unbound.setOption("IPV6_V6ONLY", level: SOL_IPV6, option: IPV6_V6ONLY, to: 0)
        let everywhere = SocketAddress(high: 0, low: 0, port: 0)
        try #require(everywhere.withSockaddr { bind(raw, $0, $1) } == 0)
        var dual = try UDPSocket(adopting: unbound)
        var peer = try UDPSocket(binding: Loopback.ipv4)
        try send([1], from: dual, to: peer.localAddress())
        var batch = try ReceiveBatch()
        try peer.receive(into: &batch, now: Clocks.boottime())
        let source = try #require(batch.datagrams.first?.header.source)
        try send([2], from: peer, to: source)
        try dual.receive(into: &batch, now: Clocks.boottime())
        let header = try #require(batch.datagrams.first?.header)
        #expect(try header.source == peer.localAddress() && header.local == Loopback.ipv4)
        // The address of the other family goes along with it too.
        var answers = try SendBatch(capacity: 1)
        let local = SocketAddress(ipv4: 0x7f00_0009, port: 0)
        let fits = try answers.append([3].span.bytes, to: peer.localAddress(), from: local)
        #expect(fits && dual.flush(&answers) == 1)
        try peer.receive(into: &batch, now: Clocks.boottime())
        #expect(batch.datagrams.first?.header.source.with(port: 0) == local)
    }

    private func append(_ bytes: [UInt8], to destination: SocketAddress, in batch: inout SendBatch) throws {
        let appended = batch.append(bytes.span.bytes, to: destination, tag: batch.count)
        try #require(appended)
    }
}
