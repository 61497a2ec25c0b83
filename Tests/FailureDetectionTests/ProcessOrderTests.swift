import TestSupport
import Testing

@testable import FailureDetection

/// Two messages of one number prove two processes, so a copy must never look like another message.
@Suite("messages of one process")
struct ProcessOrderTests {
    private func stamp(_ sequence: UInt64, digest: UInt32? = nil) -> ProcessOrder.Stamp {
        ProcessOrder.Stamp(
            sequence: sequence, counter: sequence, known: 0, acknowledged: 0,
            digest: digest ?? UInt32(sequence) &* 2_654_435_761 | 1)
    }

    @Test(
        "whatever the order in which they arrive, a copy is no other message, and another message is",
        arguments: 1...8 as ClosedRange<UInt64>)
    func anyOrder(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var (receiver, order) = (LinkReceiver(), ProcessOrder())
        var (copies, others) = (0, 0)
        for step in 100..<3_000 as Range<UInt64> {
            let sequence = UInt64.random(in: (step - 70)...(step + 3), using: &generator)
            switch receiver.receive(sequence, at: Instant(nanoseconds: 0)) {
            case .fresh, .reordered: order.note(stamp(sequence))
            case .duplicate:
                copies += 1
                #expect(!order.isAnother(stamp(sequence)))
                others += order.isAnother(stamp(sequence, digest: 2)) ? 1 : 0
            case .outdated: break
            }
        }
        #expect(copies > 500)
        // The oldest number of the window shares its position with the highest.
        #expect(others > copies * 95 / 100)
    }

    @Test("a copy of what was received before an incarnation was resumed is no other message")
    func resumed() {
        var order = ProcessOrder()
        order.note(stamp(70))
        #expect(!order.isAnother(stamp(69)) && !order.isAnother(stamp(70)))
        #expect(order.isAnother(stamp(70, digest: 2)))
    }
}
