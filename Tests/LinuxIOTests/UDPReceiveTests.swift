import Glibc
import Testing

@testable import LinuxIO

/// Receiving on real loopback sockets.
struct UDPReceiveTests {
    @Test("a datagram arrives between its sending and the turn's now (IPv4)")
    func stampsIPv4() throws { try checkStamps(Loopback.ipv4) }

    @Test(
        "a datagram arrives between its sending and the turn's now (IPv6)",
        .enabled(if: Loopback.hasIPv6, "this machine has no ::1"))
    func stampsIPv6() throws { try checkStamps(Loopback.ipv6) }

    /// Loopback delivers within the send, so each arrival is bracketed by two reads of the clock.
    private func checkStamps(_ loopback: SocketAddress) throws {
        let sender = try UDPSocket(binding: loopback)
        var receiver = try UDPSocket(binding: loopback)
        let destination = try receiver.localAddress()
        try #require(try Loopback.stampsArrivals())
        var brackets: [ClosedRange<Int64>] = []
        for number in 0..<5 as Range<UInt8> {
            let before = Clocks.boottime()
            try send([number], from: sender, to: destination)
            brackets.append(before...Clocks.boottime())
        }
        var batch = try ReceiveBatch()
        try receiver.receive(into: &batch, now: Clocks.boottime())
        let datagrams = batch.datagrams
        #expect(datagrams.map(\.bytes) == [[0], [1], [2], [3], [4]])
        for (datagram, bracket) in zip(datagrams, brackets) {
            #expect(bracket.contains(datagram.header.arrival))
            #expect(try datagram.header.source == sender.localAddress())
        }
    }

    @Test("a receive buffer is enlarged as far as the system allows, and never made smaller")
    func enlarging() throws {
        let socket = try UDPSocket(binding: Loopback.ipv4, options: .init(receiveBuffer: 50_000))
        let before = try socket.grantedReceiveBuffer()
        let enlarged = try socket.enlargeReceiveBuffer(to: before + 50_000)
        #expect(enlarged > before)
        #expect(try socket.enlargeReceiveBuffer(to: before) == enlarged)
        #expect(try socket.grantedReceiveBuffer() == enlarged)
    }

    @Test("nothing arrives later than now, even if it does")
    func neverInTheFuture() throws {
        let sender = try UDPSocket(binding: Loopback.ipv4)
        var receiver = try UDPSocket(binding: Loopback.ipv4)
        let now = Clocks.boottime()
        try send([1], from: sender, to: receiver.localAddress())
        var batch = try ReceiveBatch()
        try receiver.receive(into: &batch, now: now)
        #expect(batch.datagrams.map(\.header.arrival) == [now])
    }

    @Test("two hundred datagrams are drained in order, in full batches and a rest")
    func drainInOrder() throws {
        let sender = try UDPSocket(binding: Loopback.ipv4)
        var receiver = try UDPSocket(binding: Loopback.ipv4)
        let destination = try receiver.localAddress()
        for number in 0..<200 as Range<UInt8> {
            try send([number, 0, number], from: sender, to: destination)
        }

        var batch = try ReceiveBatch()
        var counts: [Int] = []
        var bytes: [[UInt8]] = []
        repeat {
            counts.append(try receiver.receive(into: &batch, now: Clocks.boottime()))
            bytes += batch.datagrams.map(\.bytes)
        } while !batch.socketIsEmpty && counts.count < 10
        #expect(counts == [64, 64, 64, 8])
        #expect(bytes == (0..<200).map { [$0, 0, $0] })
    }

    @Test("a datagram longer than a slot is cut off and marked, and only it")
    func truncation() throws {
        let sender = try UDPSocket(binding: Loopback.ipv4)
        var receiver = try UDPSocket(binding: Loopback.ipv4)
        for size in [2048, 2049, 0] {
            try send(Array(repeating: 7, count: size), from: sender, to: receiver.localAddress())
        }
        var batch = try ReceiveBatch()
        try receiver.receive(into: &batch, now: Clocks.boottime())
        #expect(batch.datagrams.map(\.bytes.count) == [2048, 2048, 0])
        #expect(batch.datagrams.map(\.header.isTruncated) == [false, true, false])
    }

    @Test("what a full receive buffer drops is counted to the last datagram")
    func overflow() throws {
        let sender = try UDPSocket(binding: Loopback.ipv4)
        var receiver = try UDPSocket(binding: Loopback.ipv4, options: UDPSocketOptions(receiveBuffer: 1))
        let destination = try receiver.localAddress()
        var batch = try ReceiveBatch()
        var received = 0
        for _ in 0..<2 {
            for _ in 0..<100 { try send(Array(repeating: 1, count: 500), from: sender, to: destination) }
            received += try receiver.receive(into: &batch, now: Clocks.boottime())
        }
        // The kernel reports drops with the next datagram that it can queue.
        try send([1], from: sender, to: destination)
        received += try receiver.receive(into: &batch, now: Clocks.boottime())
        let dropped = Int(receiver.droppedByKernel)
        #expect(dropped > 0)
        #expect(received + dropped == 201)
    }

    @Test("an empty socket yields nothing and says so")
    func empty() throws {
        var socket = try UDPSocket(binding: Loopback.ipv4)
        var batch = try ReceiveBatch()
        #expect(try socket.receive(into: &batch, now: Clocks.boottime()) == 0)
        let isEmpty = batch.socketIsEmpty
        #expect(isEmpty)
    }

    @Test("an adopted socket is as good as one's own")
    func adopted() throws {
        let sender = try UDPSocket(binding: Loopback.ipv4)
        let bound = try UDPSocket(binding: Loopback.ipv4)
        let destination = try bound.localAddress()
        try #require(try Loopback.stampsArrivals())
        let before = Clocks.boottime()
        try send([9], from: sender, to: destination)
        let after = Clocks.boottime()
        var adopted = try UDPSocket(adopting: FileDescriptor(owning: dup(bound.raw)))
        #expect(try adopted.localAddress() == destination)
        var batch = try ReceiveBatch()
        try adopted.receive(into: &batch, now: Clocks.boottime())
        #expect(batch.datagrams.map(\.bytes) == [[9]])
        #expect(batch.datagrams.allSatisfy { (before...after).contains($0.header.arrival) })
    }

    @Test("only a UDP socket is adopted")
    func adoptedStream() throws {
        let error = #expect(throws: SystemCallError.self) {
            let pair = try UnixStream.pair()
            _ = try UDPSocket(adopting: FileDescriptor(owning: dup(pair.first.raw)))
        }
        #expect(error?.errno == .invalidArgument)
        #expect(error?.remedy?.contains("ListenDatagram=") == true)
    }

    @Test("a port that is taken is an error with its remedy")
    func portInUse() throws {
        let first = try UDPSocket(binding: Loopback.ipv4)
        let address = try first.localAddress()
        let error = #expect(throws: SystemCallError.self) { _ = try UDPSocket(binding: address) }
        let text = "bind \(address): Address already in use; is another suspectd running? see 'ss -lunp'"
        #expect(error?.description == text)
    }

    @Test("both families share a port", .enabled(if: Loopback.hasIPv6, "this machine has no ::1"))
    func bothFamilies() throws {
        let ipv6 = try UDPSocket(binding: SocketAddress(high: 0, low: 0, port: 0))
        let port = try ipv6.localAddress().port
        let ipv4 = try UDPSocket(binding: SocketAddress(ipv4: 0, port: port))
        #expect(try ipv4.localAddress().port == port)
    }

    @Test(
        "an address that no interface has is refused, unless it is to be bound freely",
        arguments: ["192.0.2.1:0"] + (Loopback.hasIPv6 ? ["[2001:db8::1]:0"] : []))
    func freeBind(address: String) throws {
        let documentation = try #require(SocketAddress(parsing: address))
        #expect(documentation.isMissingHere)
        #expect(!SocketAddress(ipv4: SocketAddress.loopbackIPv4, port: 1).isMissingHere)
        let error = #expect(throws: SystemCallError.self) { _ = try UDPSocket(binding: documentation) }
        #expect(error?.errno == .addressNotAvailable)
        let socket = try UDPSocket(binding: documentation, options: UDPSocketOptions(freeBind: true))
        #expect(try socket.localAddress().with(port: 0) == documentation)
    }
}
