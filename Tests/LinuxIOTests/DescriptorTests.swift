import Glibc
import Testing

@testable import LinuxIO

/// epoll, timerfd, signalfd, eventfd.
struct DescriptorTests {
    @Test("epoll reports what is ready by its token, again and again until it is dealt with")
    func levelTriggered() throws {
        let (first, second) = (try WakeupDescriptor(), try WakeupDescriptor())
        var epoll = try Epoll()
        try epoll.add(first.raw, token: 7, interest: .read)
        try epoll.add(second.raw, token: .max, interest: .read)
        #expect(try epoll.wait(timeout: 0) == 0)
        second.signal()
        for _ in 0..<2 {
            #expect(try epoll.wait(timeout: 0) == 1)
            #expect(epoll[0].token == .max)
            #expect(epoll[0].readiness == .read)
        }
        second.acknowledge()
        #expect(try epoll.wait(timeout: 0) == 0)
    }

    @Test("epoll reports only what is asked for")
    func interest() throws {
        let pair = try UnixStream.pair()
        var epoll = try Epoll()
        try epoll.add(pair.first.raw, token: 1, interest: .read)
        #expect(try epoll.wait(timeout: 0) == 0)
        try epoll.modify(pair.first.raw, token: 2, interest: [.read, .write])
        #expect(try epoll.wait(timeout: 0) == 1)
        #expect(epoll[0].token == 2)
        #expect(epoll[0].readiness == .write)
        try epoll.remove(pair.first.raw)
        #expect(try epoll.wait(timeout: 0) == 0)
    }

    @Test("epoll reports a peer that closed, whatever is asked for")
    func hangup() throws {
        var epoll = try Epoll()
        let pair = try UnixStream.pair()
        let survivor = pair.split { first, _ in first }
        try epoll.add(survivor.raw, token: 1, interest: [])
        #expect(try epoll.wait(timeout: 0) == 1)
        #expect(epoll[0].readiness.contains(.hangup))
    }

    @Test("more ready descriptors than fit are reported in the next turns")
    func moreThanFit() throws {
        var epoll = try Epoll(capacity: 2)
        let wakeups = try (0..<5).map { _ in try WakeupDescriptor() }
        for (index, wakeup) in wakeups.enumerated() {
            try epoll.add(wakeup.raw, token: UInt64(index), interest: .read)
            wakeup.signal()
        }
        var seen: Set<UInt64> = []
        for _ in 0..<3 {
            let count = try epoll.wait(timeout: 0)
            for index in 0..<count { seen.insert(epoll[index].token) }
        }
        #expect(seen == [0, 1, 2, 3, 4])
    }

    @Test("a descriptor that is not watched cannot be modified")
    func unknownDescriptor() throws {
        let epoll = try Epoll()
        let wakeup = try WakeupDescriptor()
        let error = #expect(throws: SystemCallError.self) {
            try epoll.modify(wakeup.raw, token: 0, interest: .read)
        }
        #expect(error?.errno == .noSuchFileOrDirectory)
    }

    @Test("a timer expires at its instant and not before")
    func timerExpires() throws {
        var timer = try TimerDescriptor()
        let instant = Clocks.boottime() + 20 * millisecond
        try timer.arm(at: instant)
        let ready = try becomesReady(timer.raw)
        let woken = Clocks.boottime()
        #expect(ready)
        #expect(woken >= instant)
        #expect(try timer.acknowledge())
        #expect(try !isReady(timer.raw))
    }

    @Test("an instant that has passed expires immediately", arguments: [Int64.min, 0, 1])
    func timerInThePast(instant: Int64) throws {
        var timer = try TimerDescriptor()
        try timer.arm(at: instant)
        #expect(try becomesReady(timer.raw))
    }

    @Test("a timer moved back, or disarmed, no longer expires")
    func timerMoves() throws {
        var timer = try TimerDescriptor()
        try timer.arm(at: 1)
        try timer.arm(at: Clocks.boottime() + 3600 * second)
        #expect(try !isReady(timer.raw))
        try timer.arm(at: 1)
        #expect(try becomesReady(timer.raw))
        try timer.disarm()
        #expect(try !isReady(timer.raw))
        #expect(try !timer.acknowledge())
    }

    @Test("a timer armed again for an instant that has expired expires again")
    func timerRepeats() throws {
        var timer = try TimerDescriptor()
        for _ in 0..<2 {
            try timer.arm(at: 1)
            #expect(try becomesReady(timer.raw))
            try timer.acknowledge()
        }
    }

    @Test("signals are read one by one, with their sender")
    func signals() throws {
        var former = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        let descriptor = try SignalDescriptor([SIGUSR1, SIGUSR2])
        #expect(try descriptor.next() == nil)
        pthread_kill(pthread_self(), SIGUSR2)
        pthread_kill(pthread_self(), SIGUSR1)
        #expect(try isReady(descriptor.raw))
        let received = [try descriptor.next(), try descriptor.next(), try descriptor.next()]
        #expect(received.map { $0?.number } == [SIGUSR1, SIGUSR2, nil])
        #expect(received[0]?.senderProcess == getpid())
    }

    @Test("another thread wakes the loop, once for however many signals")
    func wakeup() throws {
        let wakeup = try WakeupDescriptor()
        let thread = try BackgroundThread(name: "waker") {
            wakeup.signal()
            wakeup.signal()
        }
        #expect(try becomesReady(wakeup.raw))
        thread.join()
        #expect(wakeup.acknowledge())
        #expect(!wakeup.acknowledge())
    }

    @Test("a descriptor is closed when its owner goes, and not when it is given away")
    func ownership() throws {
        let wakeup = try WakeupDescriptor()
        let copy = dup(wakeup.raw)
        do { _ = FileDescriptor(owning: copy) }
        #expect(fcntl(copy, F_GETFD) == -1)
        let kept = FileDescriptor(owning: dup(wakeup.raw)).release()
        #expect(fcntl(kept, F_GETFD) != -1)
        try FileDescriptor(owning: kept).close()
    }
}
