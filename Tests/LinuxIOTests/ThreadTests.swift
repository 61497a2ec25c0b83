import Glibc
import Synchronization
import Testing

@testable import LinuxIO

/// Background threads, the queue between them and the loop, and name resolution.
struct ThreadTests {
    @Test("a full queue refuses immediately, and takes more when something was taken out")
    func fullQueue() {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect([queue.tryEnqueue(1), queue.tryEnqueue(2), queue.tryEnqueue(3)] == [true, true, false])
        #expect(queue.dequeue() == 1)
        #expect(queue.tryEnqueue(4))
        #expect([queue.dequeue(), queue.dequeue()] == [2, 4])
        #expect(queue.count == 0)
    }

    @Test("a closed queue takes nothing more, and gives what it holds, then nil to everyone")
    func closedQueue() {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.tryEnqueue(1))
        queue.close()
        queue.close()
        #expect(!queue.tryEnqueue(2))
        #expect([queue.dequeue(), queue.dequeue(), queue.dequeue()] == [1, nil, nil])
    }

    @Test("a thread waits for elements and gets them in order")
    func acrossThreads() throws {
        let (requests, replies) = (BoundedQueue<Int>(capacity: 4), BoundedQueue<Int>(capacity: 2000))
        let thread = try BackgroundThread(name: "echo") {
            while let number = requests.dequeue() { _ = replies.tryEnqueue(number) }
            replies.close()
        }
        for number in 0..<1000 { while !requests.tryEnqueue(number) { sched_yield() } }
        requests.close()
        thread.join()
        var received: [Int] = []
        while let number = replies.dequeue() { received.append(number) }
        #expect(received == Array(0..<1000))
    }

    @Test("what is taken out of a queue is not kept alive by it")
    func released() {
        final class Token: Sendable {}
        let queue = BoundedQueue<Token>(capacity: 1)
        weak let token: Token?
        do {
            let strong = Token()
            token = strong
            #expect(queue.tryEnqueue(strong))
            _ = queue.dequeue()
        }
        #expect(token == nil)
    }

    @Test("a background thread takes no signal and has its name")
    func threadState() throws {
        let maskBefore = blockedSignals()
        let results = BoundedQueue<[String]>(capacity: 1)
        let thread = try BackgroundThread(name: "a-name-of-more-than-15-bytes") {
            let name = try? DurableFile.read("/proc/thread-self/comm")
            _ = results.tryEnqueue([
                String(decoding: (name ?? nil) ?? [], as: UTF8.self),
                blockedSignals().contains(SIGTERM) ? "blocked" : "open",
            ])
        }
        thread.join()
        #expect(results.dequeue() == ["a-name-of-more-\n", "blocked"])
        #expect(blockedSignals() == maskBefore, "the starting thread has its mask again")
    }

    @Test("a numeric host is no question for a name server", arguments: ["192.0.2.1", "2001:db8::1"])
    func numericHost(host: String) throws {
        let addresses = try NameResolver.resolve(host: host, port: 7946)
        #expect(addresses == [SocketAddress(host: host, port: 7946)])
    }

    @Test("localhost is loopback, each address once, with the port")
    func localhost() throws {
        let addresses = try NameResolver.resolve(host: "localhost", port: 7946)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { $0.isLoopback && $0.port == 7946 })
        #expect(Set(addresses).count == addresses.count)
    }

    @Test("a name that cannot be resolved is an error that says which")
    func badName() {
        // Two dots in a row are no name, so no name server is asked.
        let error = #expect(throws: NameResolutionError.self) {
            try NameResolver.resolve(host: "no..name", port: 1)
        }
        #expect(error?.description.hasPrefix("resolve no..name: ") == true)
    }
}

/// The signals that the calling thread blocks.
private func blockedSignals() -> [CInt] {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    return (1...31).filter { sigismember(&mask, $0) == 1 }
}
