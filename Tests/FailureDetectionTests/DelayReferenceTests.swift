import Testing

@testable import FailureDetection

@Suite("how long a message was under way, at most")
struct DelayReferenceTests {
    private let start = Instant(nanoseconds: 0)

    @Test("nothing is known before a round trip was measured")
    func unknown() {
        #expect(DelayReference().longest(ofDelay: .milliseconds(5)) == nil)
    }

    /// The peer's clock is an hour behind, the way there takes 2 ms, the way back 3 ms.
    @Test("the offset of the clocks cancels out", arguments: [-3_600_000, 0, 3_600_000] as [Int64])
    func offset(milliseconds: Int64) throws {
        let offset = TimeSpan.milliseconds(milliseconds)
        var reference = DelayReference()
        reference.note(roundTrip: .milliseconds(5), delay: offset + .milliseconds(3), at: start)
        let slow = try #require(reference.longest(ofDelay: offset + .milliseconds(200)))
        #expect(slow == .milliseconds(202), "no less than the 200 ms that it took")
    }

    @Test("the round trip with the quickest way there shows most, for a minute")
    func quickest() {
        var reference = DelayReference()
        reference.note(roundTrip: .milliseconds(90), delay: .milliseconds(10), at: start)
        reference.note(roundTrip: .milliseconds(12), delay: .milliseconds(10), at: start + .seconds(1))
        reference.note(roundTrip: .milliseconds(90), delay: .milliseconds(10), at: start + .seconds(2))
        #expect(reference.longest(ofDelay: .milliseconds(50)) == .milliseconds(52))
        reference.note(roundTrip: .milliseconds(30), delay: .milliseconds(10), at: start + .seconds(62))
        #expect(reference.longest(ofDelay: .milliseconds(50)) == .milliseconds(70))
    }

    @Test("no message takes less than no time")
    func negative() {
        var reference = DelayReference()
        reference.note(roundTrip: .milliseconds(5), delay: .milliseconds(3), at: start)
        #expect(reference.longest(ofDelay: .milliseconds(-9)) == .zero)
    }
}
