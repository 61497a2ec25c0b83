import Testing

@testable import FailureDetection

@Suite("the normal tail on the scale of φ")
struct NormalTailTests {
    @Test(
        "φ is turned into the published numbers of standard deviations",
        arguments: [
            (1, 1.2816), (2, 2.3263), (3, 3.0902), (5, 4.2649), (8, 5.6120), (10, 6.3613), (12, 7.0345),
            (16, 8.2221),
        ] as [(Double, Double)])
    func published(level: Double, z: Double) {
        #expect(abs(NormalTail.quantile(of: level) - z) < 5e-5)
    }

    @Test("back and forth is the same, from hardly any surprise to where erfc is zero")
    func inverse() {
        var level = 0.01
        while level <= 1_000 {
            let back = NormalTail.level(of: NormalTail.quantile(of: level))
            #expect(abs(back - level) <= 1e-12 * max(1, level), "\(level) came back as \(back)")
            level *= 1.07
        }
    }

    @Test("the level grows with every step, also where one formula takes over from another")
    func monotone() {
        var last = NormalTail.level(of: -9)
        for step in -8_999...60_000 {
            let level = NormalTail.level(of: Double(step) / 1_000)
            // Far below the mean the level is nearly 0, and neighbours may be equal in double precision.
            #expect(step < -8_000 ? level >= last : level > last, "at z = \(Double(step) / 1_000)")
            last = level
        }
        #expect(last > 700 && last.isFinite)
    }

    @Test("the two formulas agree where one takes over, to eleven digits")
    func seam() {
        let below = NormalTail.level(of: 30.0.nextDown)
        let above = NormalTail.level(of: 30)
        #expect(abs(above - below) < 1e-11 * above)
    }
}
