import Glibc
import Testing

@testable import LinuxIO

@Suite("a memory file")
struct MemoryFileTests {
    @Test("holds what was written, where it was written")
    func readBack() throws {
        let file = try MemoryFile(name: "test")
        #expect(try file.size() == 0)
        try file.write([1, 2, 3], at: 4_096)
        #expect(try file.size() == 4_099)
        #expect(try file.read(10, at: 4_096) == [1, 2, 3])
        #expect(try file.read(2, at: 4_095) == [0, 1])
        #expect(try file.read(1, at: 9_000) == [])
    }

    @Test("is the same file through a second descriptor")
    func adopted() throws {
        let file = try MemoryFile(name: "test")
        let second = try MemoryFile(adopting: FileDescriptor(owning: dup(file.raw)))
        try second.write([7], at: 0)
        #expect(try file.read(1, at: 0) == [7])
    }

    @Test("is not adopted from a descriptor of another kind")
    func refused() throws {
        let pipe = try Pipe()
        let error = try #require(throws: SystemCallError.self) {
            _ = try MemoryFile(adopting: FileDescriptor(owning: dup(pipe.reading.raw)))
        }
        #expect(error.errno == .invalidArgument)
    }
}

@Suite("the kind of a descriptor")
struct DescriptorKindTests {
    @Test("is recognised as what a service manager may pass")
    func kinds() throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let datagrams = try UDPSocket(binding: address)
        let file = try MemoryFile(name: "test")
        let pipe = try Pipe()
        #expect(DescriptorKind(of: datagrams.raw) == .datagrams)
        #expect(DescriptorKind(of: file.raw) == .file)
        #expect(DescriptorKind(of: pipe.reading.raw) == .other)
        let web = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(web) }
        #expect(DescriptorKind(of: web) == .other, "it does not listen")
        try #require(listen(web, 1) == 0)
        #expect(DescriptorKind(of: web) == .tcpListener)
        let stream = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(stream) }
        // It does not listen.
        #expect(DescriptorKind(of: stream) == .other)
        #expect(DescriptorKind(of: -1) == .other)
    }
}
