import Testing

@testable import FailureDetection

@Suite("time")
struct TimeSpanTests {
    @Test("sums, differences and products saturate, they never trap")
    func saturation() {
        let (largest, smallest) = (TimeSpan.maximum, TimeSpan(nanoseconds: .min))
        #expect(largest + .seconds(1) == largest)
        #expect(smallest - .seconds(1) == smallest)
        #expect(TimeSpan.zero - smallest == largest)
        #expect(largest * 2 == largest && largest * -2 == smallest && smallest * 2 == smallest)
        #expect(TimeSpan.seconds(.max) == largest && TimeSpan.microseconds(.min) == smallest)
        #expect(Instant.never + .seconds(1) == .never)
        #expect(Instant(nanoseconds: .min) - .seconds(1) == Instant(nanoseconds: .min))
        #expect(Instant.never - Instant(nanoseconds: -1) == largest)
    }

    @Test("units are what they say")
    func units() {
        #expect(TimeSpan.seconds(3) == .milliseconds(3_000))
        #expect(TimeSpan.milliseconds(3) == .microseconds(3_000))
        #expect(TimeSpan.microseconds(3) == TimeSpan(nanoseconds: 3_000))
        #expect(TimeSpan(nanoseconds: 3_999).microseconds == 3)
    }

    @Test("settings that make no sense are brought into range")
    func settings() {
        let wild = PeerSettings(
            id: host("b"), mode: .heartbeatAndPing, interval: .zero, detector: .median(margin: .seconds(-5)),
            retries: .max, minimumTimeout: .zero, maximumTimeout: .zero, startupGrace: .zero)
        #expect(wild.interval == .milliseconds(1) && wild.retries == 1_000)
        #expect(wild.minimumTimeout == .milliseconds(1) && wild.maximumTimeout == .milliseconds(1))
        #expect(wild.detector.margin(at: wild.interval) == .zero)
        #expect(DetectorChoice.fixed(timeout: .seconds(1)).margin(at: .seconds(3)) == .zero)
    }

    @Test("a lag counts as recent for 10 to 20 seconds")
    func recentLag() {
        var health = LocalHealth()
        let start = Instant(nanoseconds: 0)
        #expect(health.woke(late: .milliseconds(9), at: start) == false)
        #expect(health.woke(late: .milliseconds(10), at: start + .seconds(1)) == true)
        #expect(health.woke(late: .zero, at: start + .seconds(11)) == false)
        #expect(health.recentLag == .milliseconds(10))
        #expect(health.woke(late: .zero, at: start + .seconds(22)) == false)
        #expect(health.recentLag == .zero && health.maximumLag == .milliseconds(10))
        #expect(health.stalls == 1 && health.lastStallDuration == .milliseconds(10))
    }
}
