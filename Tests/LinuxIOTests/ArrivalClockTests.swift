import Testing

@testable import LinuxIO

/// Stamps and a wall clock that is set while datagrams wait.
///
/// In each test boot time and wall time differ by `offset`, the socket was empty at 1000 s of boot
/// time, a datagram arrived at 1002 s, and the turn's `now` is 1003 s.
struct ArrivalClockTests {
    private let offset: Int64 = -1_700_000_000 * second
    private let empty = 1000 * second
    private let arrival = 1002 * second
    private let now = 1003 * second

    private var clock: ArrivalClock { ArrivalClock(emptySince: empty, offset: offset) }

    /// The stamp that the kernel put on the datagram, before anything was set.
    private var stamp: Int64 { arrival - offset }

    @Test("with a steady wall clock the stamp is exact")
    func steady() {
        #expect(clock.boottime(ofStamp: stamp, now: now) == arrival)
    }

    @Test(
        "a step of the wall clock after the arrival is undone exactly",
        arguments: [-3600 * second, -2 * second, 3 * second, 3600 * second])
    func stepAfterArrival(step: Int64) {
        var clock = clock
        clock.sample(offset: offset - step)
        #expect(clock.boottime(ofStamp: stamp, now: now) == arrival)
    }

    @Test(
        "a step of the wall clock before the arrival does not matter",
        arguments: [-3600 * second, 3600 * second])
    func stepBeforeArrival(step: Int64) {
        var clock = clock
        clock.sample(offset: offset - step)
        #expect(clock.boottime(ofStamp: stamp + step, now: now) == arrival)
    }

    @Test(
        "a step too small to notice misplaces by its own size at most", arguments: [-second / 2, second / 2])
    func smallStep(step: Int64) {
        var clock = clock
        clock.sample(offset: offset - step)
        #expect(abs(clock.boottime(ofStamp: stamp, now: now) - arrival) <= abs(step))
    }

    @Test("two steps leave an instant that was possible")
    func twoSteps() {
        var clock = clock
        clock.sample(offset: offset - 3600 * second)
        let instant = clock.boottime(ofStamp: stamp + 1800 * second, now: now)
        #expect(instant >= empty && instant <= now)
    }

    @Test("what arrives during the drain has arrived now")
    func duringDrain() {
        #expect(clock.boottime(ofStamp: now + 5 - offset, now: now) == now)
    }

    @Test("a nonsensical stamp is clamped and does not trap", arguments: [Int64.min, -1, 0, Int64.max])
    func nonsense(stamp: Int64) {
        let instant = clock.boottime(ofStamp: stamp, now: now)
        #expect(instant >= empty && instant <= now)
    }

    @Test("a datagram that the kernel delivers late keeps its stamp")
    func lateDelivery() {
        var clock = clock
        clock.socketWasEmptied(at: arrival + second / 2)
        clock.sample(offset: offset + 1_000)
        #expect(clock.boottime(ofStamp: stamp, now: now) == arrival + 1_000)
    }

    @Test(
        "a stamp from before a step of the wall clock is no late delivery",
        arguments: [-5 * second, 5 * second])
    func lateDeliveryAndStep(step: Int64) {
        var clock = clock
        clock.sample(offset: offset - step)
        clock.socketWasEmptied(at: arrival + second / 2)
        #expect(clock.boottime(ofStamp: stamp, now: now) >= arrival + second / 2)
    }

    @Test("more than ten seconds late is nonsense")
    func veryLate() {
        var clock = clock
        clock.socketWasEmptied(at: empty + 20 * second)
        #expect(clock.boottime(ofStamp: stamp, now: empty + 21 * second) == empty + 20 * second)
    }

    @Test("the steps that came before the socket was empty are forgotten")
    func emptied() {
        var clock = clock
        let stepped = offset - 3600 * second
        clock.sample(offset: stepped)
        clock.socketWasEmptied(at: now)
        clock.sample(offset: stepped + 60 * second)
        #expect(clock.boottime(ofStamp: now + second - stepped, now: now + 2 * second) == now + second)
    }

    @Test("the offset of the two clocks is found again")
    func offsetSample() {
        let before = Clocks.boottime() - Clocks.realtime()
        let sample = Clocks.realtimeToBoottimeOffset()
        #expect(abs(sample - before) < 10 * millisecond)
    }
}
