import Testing

@testable import FailureDetection

/// A peer that comes and goes has to show more each time.
@Suite("flap damping")
struct FlapDamperTests {
    private let start = Instant(nanoseconds: 0)

    /// One suspicion and recovery; how many messages the recovery took.
    private func flap(_ damper: inout FlapDamper, at now: Instant) -> Int {
        _ = damper.suspected(at: now)
        var messages = 1
        while !damper.recovers() { messages += 1 }
        damper.recovered(at: now)
        return messages
    }

    @Test("the first recovery takes one message, each next two more, and eleven at most")
    func growth() {
        var damper = FlapDamper()
        let messages = (0..<8).map { _ in flap(&damper, at: start) }
        #expect(messages == [1, 3, 5, 7, 9, 11, 11, 11])
    }

    @Test("one is forgotten every ten seconds")
    func forgetting() {
        var damper = FlapDamper()
        _ = flap(&damper, at: start)
        _ = flap(&damper, at: start)
        let soon = flap(&damper, at: start + .seconds(9))
        // Six so far; three are forgotten by then.
        let later = flap(&damper, at: start + .seconds(30))
        let muchLater = flap(&damper, at: start + .seconds(3_600))
        #expect([soon, later, muchLater] == [5, 4, 1])
    }

    @Test("a relapse begins the count anew")
    func relapse() {
        var damper = FlapDamper()
        _ = flap(&damper, at: start)
        _ = damper.suspected(at: start)
        let before = (0..<2).map { _ in damper.recovers() }
        damper.relapsed()
        let after = (0..<3).map { _ in damper.recovers() }
        #expect(before == [false, false] && after == [false, false, true])
    }

    @Test("flapping is told once, and again only after calm")
    func told() {
        var damper = FlapDamper()
        var told: [Bool] = []
        for _ in 0..<6 {
            told.append(damper.suspected(at: start))
            damper.recovered(at: start)
        }
        #expect(told == [false, false, false, true, false, false])
        let afterCalm = damper.suspected(at: start + .seconds(3_600))
        #expect(!afterCalm)
    }

    @Test("a new life begins without a record")
    func newLife() {
        var damper = FlapDamper()
        for _ in 0..<4 { _ = flap(&damper, at: start) }
        damper.reset()
        let messages = flap(&damper, at: start)
        #expect(messages == 1)
    }
}
