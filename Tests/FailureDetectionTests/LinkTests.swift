import TestSupport
import Testing

@testable import FailureDetection

@Suite("link sequence numbers")
struct LinkTests {
    private let now = Instant(nanoseconds: 0)

    @Test("the window knows what a set of all numbers knows", arguments: 1...8 as ClosedRange<UInt64>)
    func oracle(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var receiver = LinkReceiver()
        var seen: Set<UInt64> = []
        for step in 0..<800 as Range<UInt64> {
            // Mostly the neighbourhood of the present, sometimes a leap.
            let leap: UInt64 = Int.random(in: 0..<60, using: &generator) == 0 ? 100 : 0
            let low = max(step, 75) - 74
            let sequence = UInt64.random(in: low...(step + 10), using: &generator) + leap
            let highest = seen.max() ?? 0
            let expected: LinkReceiver.Order =
                sequence > highest
                ? .fresh
                : highest - sequence > 64 ? .outdated : seen.contains(sequence) ? .duplicate : .reordered
            #expect(receiver.order(of: sequence) == expected)
            #expect(receiver.receive(sequence, at: now) == expected)
            if expected == .fresh || expected == .reordered { seen.insert(sequence) }
            #expect(receiver.highest == seen.max())
            let bitmap = (0..<64 as Range<UInt64>).reduce(into: UInt64(0)) { bits, bit in
                if receiver.highest > bit + 1, seen.contains(receiver.highest - 1 - bit) { bits |= 1 << bit }
            }
            #expect(receiver.bitmap == bitmap)
        }
    }

    @Test("the highest number there is fits, and number 0 is none")
    func extremes() {
        var receiver = LinkReceiver()
        #expect(receiver.receive(0, at: now) == .duplicate)
        #expect(receiver.receive(1, at: now) == .fresh)
        #expect(receiver.receive(.max, at: now) == .fresh)
        #expect(receiver.receive(.max - 64, at: now) == .reordered)
        #expect(receiver.receive(.max - 65, at: now) == .outdated)
        #expect(receiver.bitmap == 1 << 63)
        #expect(receiver.loss.perMille > 900)
    }

    @Test("losses are counted in both directions, reordering is none", arguments: [0, 100, 500])
    func loss(perMille: Int) {
        var generator = SeededGenerator(seed: 9)
        var (sender, receiver) = (LinkSender(), LinkReceiver())
        var underWay: [UInt64] = []
        for _ in 0..<3_000 {
            underWay.append(sender.takeSequence(at: now))
            guard underWay.count > 3 else { continue }
            let next = underWay.remove(at: .random(in: 0..<3, using: &generator))
            guard Int.random(in: 0..<1_000, using: &generator) >= perMille else { continue }
            _ = receiver.receive(next, at: now)
            let ack = LinkAcknowledgement(highest: receiver.highest, bitmap: receiver.bitmap, delay: .zero)
            _ = sender.receive(ack, at: now)
        }
        #expect(abs(receiver.loss.perMille - perMille) <= 60)
        #expect(abs(sender.loss.perMille - perMille) <= 60)
    }

    @Test("what is not acknowledged is as old as the first of it that is remembered")
    func oldestUnacknowledged() {
        var sender = LinkSender()
        let start = Instant(nanoseconds: 7_000_000_000)
        func age() -> TimeSpan { sender.oldestUnacknowledged(before: start + .seconds(100)) }
        for second in 1...3 as ClosedRange<Int64> { _ = sender.takeSequence(at: start + .seconds(second)) }
        #expect(age() == .zero, "nothing was ever acknowledged")
        _ = sender.receive(LinkAcknowledgement(highest: 1, bitmap: 0, delay: .zero), at: start + .seconds(4))
        #expect(age() == .seconds(98))
        #expect(sender.oldestUnacknowledged(before: start + .seconds(1)) == .zero)
        _ = sender.receive(
            LinkAcknowledgement(highest: 3, bitmap: 0b10, delay: .zero), at: start + .seconds(4))
        #expect(age() == .zero)
        for second in 5...80 as ClosedRange<Int64> { _ = sender.takeSequence(at: start + .seconds(second)) }
        #expect(age() == .seconds(100 - 17), "only the latest 64 are remembered")
    }

    @Test("what was sent before the first acknowledgement is no loss")
    func startedLate() {
        var sender = LinkSender()
        for _ in 0..<50 { _ = sender.takeSequence(at: now) }
        _ = sender.receive(LinkAcknowledgement(highest: 50, bitmap: 0, delay: .zero), at: now)
        for _ in 0..<20 { _ = sender.takeSequence(at: now) }
        _ = sender.receive(LinkAcknowledgement(highest: 70, bitmap: (1 << 19) - 1, delay: .zero), at: now)
        #expect(sender.loss.perMille == 0)
    }

    @Test("an acknowledgement gives one sample of the round trip, less the time it was held")
    func sample() {
        var sender = LinkSender()
        let sequence = sender.takeSequence(at: now)
        let ack = LinkAcknowledgement(highest: sequence, bitmap: 0, delay: .milliseconds(30))
        #expect(sender.receive(ack, at: now + .milliseconds(50)) == .milliseconds(20))
        #expect(sender.receive(ack, at: now + .milliseconds(60)) == nil)
        #expect(sender.unacknowledgedCount == 0 && sender.unacknowledgedSince == nil)
    }

    @Test(
        "an acknowledgement of what was never sent changes nothing", arguments: [2, 1_000, .max] as [UInt64])
    func neverSent(highest: UInt64) {
        var sender = LinkSender()
        _ = sender.takeSequence(at: now)
        let lie = LinkAcknowledgement(highest: highest, bitmap: .max, delay: .zero)
        #expect(sender.receive(lie, at: now) == nil)
        #expect(sender.acknowledged == 0 && sender.loss.perMille == 0)
    }

    @Test("a sample of a number whose time of sending was overwritten is none")
    func overwritten() {
        var sender = LinkSender()
        for _ in 0..<100 { _ = sender.takeSequence(at: now) }
        #expect(sender.receive(LinkAcknowledgement(highest: 30, bitmap: 0, delay: .zero), at: now) == nil)
        #expect(sender.receive(LinkAcknowledgement(highest: 99, bitmap: 0, delay: .zero), at: now) == .zero)
    }

    @Test("a rate of loss follows the link and stays between none and all")
    func rate() {
        var rate = LossRate()
        #expect(rate.perMille == 0)
        rate.count(expected: .max, arrived: 0)
        #expect(rate.perMille == 1_000)
        for _ in 0..<3_000 { rate.count(expected: 1, arrived: 1) }
        #expect(rate.perMille < 10)
        rate.count(expected: 0, arrived: .max)
        #expect(rate.perMille == 0)
    }
}
