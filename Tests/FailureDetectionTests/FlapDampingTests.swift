import Testing

@testable import FailureDetection

/// A peer that comes and goes has to show more each time.
@Suite("flap damping")
struct FlapDampingTests {
    private let start = Instant(nanoseconds: 0)

    /// One suspicion and recovery; how many messages the recovery took.
    private func flap(_ damper: inout FlapDamping, at now: Instant) -> Int {
        _ = damper.suspected(at: now)
        var messages = 1
        while !damper.recovers() { messages += 1 }
        damper.recovered(at: now)
        return messages
    }

    @Test("the first recovery takes one message, each next two more, and eleven at most")
    func growth() {
        var damper = FlapDamping()
        let messages = (0..<8).map { _ in flap(&damper, at: start) }
        #expect(messages == [1, 3, 5, 7, 9, 11, 11, 11])
    }

    @Test("one is forgotten every ten seconds")
    func forgetting() {
        var damper = FlapDamping()
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
        var damper = FlapDamping()
        _ = flap(&damper, at: start)
        _ = damper.suspected(at: start)
        let before = (0..<2).map { _ in damper.recovers() }
        damper.relapsed()
        let after = (0..<3).map { _ in damper.recovers() }
        #expect(before == [false, false] && after == [false, false, true])
    }

    @Test("several answers simultaneously count as one message")
    func atOnce() {
        var damper = FlapDamping()
        _ = flap(&damper, at: start)
        _ = damper.suspected(at: start)
        let heard = [0, 1, 2, 60, 61, 120].map {
            damper.recovers(at: start + .milliseconds($0), spacing: .milliseconds(50))
        }
        #expect(heard == [false, false, false, false, false, true])
    }

    @Test("flapping is reported once, and again only after calm")
    func reported() {
        var damper = FlapDamping()
        var reported: [Bool] = []
        for _ in 0..<6 {
            reported.append(damper.suspected(at: start))
            damper.recovered(at: start)
        }
        #expect(reported == [false, false, false, true, false, false])
        let afterCalm = damper.suspected(at: start + .seconds(3_600))
        #expect(!afterCalm)
    }

    /// One suspicion that ends with a restart; how many messages of the new incarnation the recovery took.
    private func crash(_ damper: inout FlapDamping, at now: Instant, reported: inout [Bool]) -> Int {
        let suspected = damper.suspected(at: now)
        let restarted = damper.restarted(at: now)
        reported.append(suspected || restarted)
        var messages = 1
        while !damper.recovers() { messages += 1 }
        damper.recovered(at: now)
        return messages
    }

    @Test(
        "one restart, and a second, are trusted immediately; from the third suspicion on they are damped, and reported once"
    )
    func crashLoop() {
        var damper = FlapDamping()
        var reported: [Bool] = []
        let messages = (0..<6).map { crash(&damper, at: start + .seconds(Int64($0)), reported: &reported) }
        #expect(messages == [1, 1, 3, 5, 7, 9])
        #expect(reported == [false, false, false, true, false, false])
        #expect(damper.restartsInRow == 6 && damper.restartsBegan == start)
        var slow = FlapDamping()
        let thirds = [0, 15, 29].map { crash(&slow, at: start + .seconds($0), reported: &reported) }
        #expect(thirds.last == 2, "the third suspicion within half a minute is damped")
    }

    @Test("restarts more than a minute apart are each a first one")
    func rareRestarts() {
        var damper = FlapDamping()
        var reported: [Bool] = []
        let messages = (0..<5).map {
            crash(&damper, at: start + .seconds(61 * Int64($0)), reported: &reported)
        }
        #expect(messages == [1, 1, 1, 1, 1] && !reported.contains(true) && damper.restartsInRow == 1)
    }

    @Test("a peer that restarts before it has shown enough must show it in its present incarnation")
    func restartsWhileDamped() {
        var damper = FlapDamping()
        var reported: [Bool] = []
        for _ in 0..<3 { _ = crash(&damper, at: start, reported: &reported) }
        _ = damper.suspected(at: start)
        let recoveries = (0..<4).map { _ in
            _ = damper.restarted(at: start)
            return (0..<4).contains { _ in damper.recovers() }
        }
        #expect(recoveries == [false, false, false, false])
    }
}
