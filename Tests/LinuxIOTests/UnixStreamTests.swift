import Glibc
import Testing

@testable import LinuxIO

/// Reading and writing a connected stream.
struct UnixStreamTests {
    @Test("what is written is read, and then there is nothing, and then the end")
    func readAndWrite() throws {
        let pair = try UnixStream.pair()
        #expect(try read(pair.second) == (.wouldBlock, []))
        #expect(try write([1, 2, 3], to: pair.first) == .bytes(3))
        #expect(try read(pair.second) == (.bytes(3), [1, 2, 3]))
        #expect(try read(pair.second) == (.wouldBlock, []))
        try pair.first.finishWriting()
        #expect(try read(pair.second) == (.closed, []))
    }

    @Test("a reader that does not read fills the buffer and no more")
    func wouldBlock() throws {
        let pair = try UnixStream.pair()
        let block = [UInt8](repeating: 1, count: 100_000)
        var outcomes: [WriteOutcome] = []
        while outcomes.last != .wouldBlock, outcomes.count < 100 {
            outcomes.append(try write(block, to: pair.first))
        }
        #expect(outcomes.last == .wouldBlock)
        #expect(outcomes.count > 1)
    }

    @Test("a write to a peer that is gone is an outcome, and no signal")
    func brokenPipe() throws {
        let survivor = try UnixStream.pair().split { first, _ in first }
        #expect(try write([1], to: survivor) == .closed)
    }

    @Test("a peer that went with unread input has closed, too")
    func reset() throws {
        let pair = try UnixStream.pair()
        #expect(try write([1], to: pair.first) == .bytes(1))
        let survivor = pair.split { first, _ in first }
        #expect(try read(survivor) == (.closed, []))
    }

    @Test("a bounded read ends when its time is up, and not before")
    func readTimeout() throws {
        let pair = try UnixStream.pair()
        let before = Clocks.monotonic()
        #expect(try read(pair.first, timeout: 20 * millisecond) == (.wouldBlock, []))
        #expect(Clocks.monotonic() - before >= 20 * millisecond)
    }

    @Test("a bounded read waits for what another thread writes, a bounded write for space")
    func boundedTransfer() throws {
        let contents = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let reader = try UnixStream.pair().split { first, second in
            Self.startWriter(contents, second)
            return first
        }
        var received: [UInt8] = []
        while true {
            let (outcome, bytes) = try read(reader, timeout: 5 * second)
            guard case .bytes = outcome else {
                #expect(outcome == .closed)
                break
            }
            received += bytes
        }
        #expect(received == contents)
    }

    /// Writes everything on a thread of its own and then closes.
    private static func startWriter(_ contents: [UInt8], _ stream: consuming UnixStream) {
        let owner = StreamOwner(stream)
        _ = try? BackgroundThread(name: "writer") {
            _ = try? contents.withUnsafeBytes { try owner.stream.writeAll($0, timeout: 5 * second) }
            try? owner.stream.finishWriting()
        }
    }

    @Test("a bounded write gives up on a peer that does not read")
    func writeTimeout() throws {
        let pair = try UnixStream.pair()
        let contents = [UInt8](repeating: 1, count: 10_000_000)
        let done = try contents.withUnsafeBytes { try pair.first.writeAll($0, timeout: 20 * millisecond) }
        #expect(!done)
    }

    private func write(_ bytes: [UInt8], to stream: borrowing UnixStream) throws -> WriteOutcome {
        let raw = bytes
        return try raw.withUnsafeBytes { bytes in try stream.write(bytes) }
    }

    private func read(_ stream: borrowing UnixStream, timeout: Int64? = nil) throws -> (ReadOutcome, [UInt8])
    {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let outcome = try buffer.withUnsafeMutableBytes { bytes in
            if let timeout { return try stream.read(into: bytes, timeout: timeout) }
            return try stream.read(into: bytes)
        }
        guard case .bytes(let count) = outcome else { return (outcome, []) }
        return (outcome, Array(buffer[..<count]))
    }
}

/// Carries a stream into a closure that runs once.
private final class StreamOwner: Sendable {
    let stream: UnixStream

    init(_ stream: consuming UnixStream) {
        self.stream = stream
    }
}
