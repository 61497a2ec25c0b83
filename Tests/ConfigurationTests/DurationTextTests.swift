import Testing

@testable import Configuration

@Suite("A duration's text")
struct DurationTextTests {
    @Test(
        "is a number and its unit",
        arguments: [
            ("200ms", Duration.milliseconds(200)), ("1s", .seconds(1)), ("2.5s", .milliseconds(2500)),
            ("1min", .seconds(60)), ("30d", .seconds(2_592_000)), ("500us", .microseconds(500)),
            ("0s", .zero), ("1h", .seconds(3600)), ("7ns", .nanoseconds(7)), ("0.25ms", .microseconds(250)),
            ("1.0000000019s", .nanoseconds(1_000_000_001)),
        ])
    func valid(text: String, duration: Duration) throws {
        #expect(try DurationText.parse(text) == duration)
    }

    @Test(
        "is refused with the reason",
        arguments: [
            ("200", DurationText.Failure.noUnit), ("", .noNumber), ("ms", .noNumber), ("1.s", .noNumber),
            (".5s", .noNumber), ("1.2.3s", .noNumber), ("-1s", .negative), ("1 s", .unknownUnit(" s")),
            ("1msec", .unknownUnit("msec")), ("1S", .unknownUnit("S")), ("99999999999999999999s", .tooLong),
            ("106752d", .tooLong), ("+1s", .noNumber), ("١s", .noNumber),
        ])
    func invalid(text: String, failure: DurationText.Failure) {
        #expect(throws: failure) { try DurationText.parse(text) }
    }

    @Test(
        "is written in the longest whole unit, and read back the same",
        arguments: [
            (Duration.milliseconds(200), "200ms"), (.milliseconds(2500), "2500ms"), (.seconds(3600), "1h"),
            (.zero, "0s"), (.nanoseconds(1), "1ns"), (.seconds(86_400), "1d"), (.seconds(90), "90s"),
        ])
    func roundTrip(duration: Duration, text: String) throws {
        #expect(DurationText.format(duration) == text)
        #expect(try DurationText.parse(text) == duration)
    }
}
