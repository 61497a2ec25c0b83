import Testing

@testable import CausalClock

/// Three hosts, in the order of their names.
let hosts: [HostID] = ["a", "b", "c"].compactMap { HostID($0) }

@Suite("vector clocks")
struct VectorClockTests {
    private func dot(_ host: Int, _ epoch: UInt64, _ counter: UInt64) -> Dot {
        Dot(host: hosts[host], epoch: Epoch(epoch), counter: counter)
    }

    @Test("a host counts its own events from 1")
    func tick() {
        var clock = VectorClock(owner: hosts[0], epoch: Epoch(7))
        #expect(clock.latest(of: hosts[0]) == nil)
        #expect(clock.tick() == true)
        #expect(clock.tick() == true)
        #expect(clock.dot == dot(0, 7, 2))
        #expect(clock.latest(of: hosts[0]) == clock.dot)
    }

    @Test("a counter at its end is reported, and goes no further")
    func overflow() throws {
        var clock = VectorClock(owner: hosts[0], epoch: Epoch(1), counter: VectorClock.maximumCounter - 1)
        #expect(clock.tick() == true)
        #expect(clock.counter == (1 << 53) - 1)
        #expect(clock.tick() == false)
        #expect(clock.tick() == false)
        #expect(clock.counter == VectorClock.maximumCounter)
    }

    @Test("a later incarnation is later than every counter of an earlier one")
    func incarnations() {
        #expect(dot(1, 1, VectorClock.maximumCounter).precedes(dot(1, 2, 1)))
        #expect(!dot(1, 2, 1).precedes(dot(1, 1, 9)))
        var clock = VectorClock(owner: hosts[0], epoch: Epoch(1))
        clock.merge(dot(1, 1, 500))
        #expect(clock.merge(dot(1, 2, 1)) == true)
        #expect(clock.merge(dot(1, 1, 501)) == false, "an event of a life that is over")
        #expect(clock.latest(of: hosts[1]) == dot(1, 2, 1))
        #expect(clock.includes(dot(1, 1, 500)))
    }

    @Test("what is not known is not included")
    func unknownHost() {
        let clock = VectorClock(owner: hosts[0], epoch: Epoch(1))
        #expect(clock.latest(of: hosts[2]) == nil)
        #expect(!clock.includes(dot(2, 1, 1)))
        #expect(!clock.includes(dot(0, 1, 1)), "an event that has not happened yet")
    }

    @Test("a host that was removed is unknown again, and the others stay")
    func remove() {
        var clock = VectorClock(owner: hosts[0], epoch: Epoch(1))
        clock.merge(dot(1, 1, 3))
        clock.merge(dot(2, 1, 4))
        clock.remove(hosts[1])
        clock.remove(hosts[1])
        clock.remove(hosts[0])
        #expect(clock.entries == [dot(2, 1, 4)])
    }

    @Test("a claim about the owner's future is reported and changes nothing")
    func ownEntry() {
        var clock = VectorClock(owner: hosts[1], epoch: Epoch(5))
        clock.tick()
        for claimed in [dot(1, 5, 2), dot(1, 6, 1), dot(1, .max, VectorClock.maximumCounter)] {
            #expect(clock.merge([dot(0, 1, 1), claimed, dot(2, 1, 1)]) { _ in }.ownClaim == claimed)
            #expect(clock.merge(claimed) == false)
            #expect(clock.dot == dot(1, 5, 1))
        }
        #expect(clock.merge([dot(1, 5, 1)]) { _ in }.ownClaim == nil, "the truth is no conflict")
        #expect(clock.merge([dot(1, 4, 900)]) { _ in }.ownClaim == nil, "nor is what an earlier life did")
        #expect(clock.entries == [dot(0, 1, 1), dot(2, 1, 1)])
    }

    @Test("only entries that rise are reported")
    func rising() {
        var clock = VectorClock(owner: hosts[0], epoch: Epoch(1))
        clock.merge(dot(1, 1, 5))
        var reported: [Dot] = []
        clock.merge([dot(1, 1, 5), dot(2, 1, 1)]) { reported.append($0) }
        clock.merge([dot(1, 1, 4), dot(2, 1, 1)]) { reported.append($0) }
        clock.merge([dot(1, 1, 6), dot(2, 1, 1)]) { reported.append($0) }
        #expect(reported == [dot(2, 1, 1), dot(1, 1, 6)])
    }

    @Test("a clock that is full takes no further hosts, and still follows those it has")
    func limit() throws {
        let many = try (0...VectorClock.maximumEntries).map { number in
            let digits = String(number + 10_000)
            return Dot(host: try #require(HostID("h" + digits)), epoch: Epoch(1), counter: 1)
        }
        var clock = VectorClock(owner: hosts[0], epoch: Epoch(1))
        clock.merge(many) { _ in }
        #expect(clock.entries == Array(many.dropLast()))
        #expect(clock.merge(many[many.count - 1]) == false)
        var later = many[100]
        later.counter = 2
        #expect(clock.merge(later) == true)
        #expect(clock.entries.count == VectorClock.maximumEntries)
    }
}
