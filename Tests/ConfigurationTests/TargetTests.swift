import Testing

@testable import Configuration

@Suite("A target")
struct TargetTests {
    private func targets(_ text: String) throws -> [DetectionTarget?] {
        let text = text + "\n[security]\nallow_unauthenticated = true\n"
        return try ConfigurationFolder(main: text).load().settings.peers.map(\.detection.target)
    }

    private static let second = DetectionTarget(
        detectionTime: .seconds(1), mistakeRecurrence: .hours(24 * 30), mistakeDuration: .seconds(60))

    @Test("of a detection time alone asks for a mistake a month and a minute at the most")
    func defaults() throws {
        #expect(
            try settings("[detection.target]\ndetection_time = \"1s\"").peers.map(\.detection.target) == [
                Self.second
            ])
    }

    @Test("is for all peers but those with knobs, a profile or a target of their own")
    func peers() throws {
        let found = try targets(
            """
            [detection.target]
            detection_time = "1s"
            [[peer]]
            id = "a"
            address = "a:1"
            detector = "chen"
            maximum_timeout = "2s"
            [[peer]]
            id = "b"
            address = "b:1"
            heartbeat_interval = "1s"
            [[peer]]
            id = "c"
            address = "c:1"
            profile = "wan"
            [[peer]]
            id = "d"
            address = "d:1"
            profile = "wan"
            [peer.target]
            detection_time = "5s"
            mistake_recurrence = "1d"
            mistake_duration = "2min"
            """)
        let own = DetectionTarget(
            detectionTime: .seconds(5), mistakeRecurrence: .hours(24), mistakeDuration: .seconds(120))
        #expect(found == [Self.second, nil, nil, own])
    }

    @Test("that is wrong is an error with its line")
    func errorLines() throws {
        #expect(
            try errors("[detection.target]\ndetection_time = 3\nmistake_duration = \"2d\"") == [
                "suspectd.toml:6: detection.target.detection_time: 3 has no unit; write it with its unit in quotes, for example \"3ms\" or \"3s\"",
                "suspectd.toml:7: detection.target.mistake_duration: \"2d\" is out of range; write a duration from \"1ms\" to \"1d\"",
            ])
        #expect(
            try errors("[detection.target]\nmistake_duration = \"2s\"") == [
                "suspectd.toml:5: detection.target.detection_time: is missing; "
                    + "add detection_time = \"1s\", the longest from a crash to the suspicion"
            ])
    }

    @Test("cannot set the threshold of a detector that has no margin")
    func detector() throws {
        #expect(
            try errors("[detection]\ndetector = \"phi\"\n[detection.target]\ndetection_time = \"1s\"") == [
                "suspectd.toml:6: detection.detector: \"phi\" has no margin that the target at suspectd.toml:7 could set; "
                    + "use median, chen, two-window or fixed, or remove the target"
            ])
    }

    @Test("makes the knobs beside it useless, which is a warning")
    func knobs() throws {
        let text = "[detection]\nheartbeat_interval = \"1s\"\n[detection.target]\ndetection_time = \"1s\""
        #expect(
            try ConfigurationFolder(main: quietStart + "\n" + text).warnings() == [
                "suspectd.toml:6: detection.heartbeat_interval: has no effect beside the target at suspectd.toml:7; "
                    + "remove it, or the target, which derives it"
            ])
    }
}
