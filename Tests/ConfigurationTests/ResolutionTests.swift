import Testing

@testable import Configuration

@Suite("What is not set")
struct DefaultsTests {
    @Test("comes from the profile")
    func profiles() throws {
        let local = try settings("[detection]\nprofile = \"local\"").detection
        #expect(local.heartbeatInterval == .milliseconds(50))
        #expect(local.margin == .milliseconds(5))
        #expect(local.timeout == .milliseconds(75))
        #expect(local.startupGrace == .seconds(2))
        #expect(
            local.ping
                == PingSettings(
                    retries: 5, minimumTimeout: .milliseconds(7), maximumTimeout: .seconds(1),
                    maximumRound: .milliseconds(250)))

        let lan = try settings("").detection
        #expect(lan.profile == .lan)
        #expect(lan.mode == .heartbeatAndPing)
        #expect(lan.detector == .median)
        #expect(lan.threshold == 3)
        #expect(lan.heartbeatInterval == .milliseconds(200))
        #expect(lan.margin == .milliseconds(20))
        #expect(lan.timeout == .milliseconds(300))
        #expect(lan.startupGrace == .seconds(2))
        #expect(
            lan.ping
                == PingSettings(
                    retries: 5, minimumTimeout: .milliseconds(25), maximumTimeout: .seconds(1),
                    maximumRound: .seconds(1)))

        let wan = try settings("[detection]\nprofile = \"wan\"").detection
        #expect(wan.heartbeatInterval == .seconds(1))
        #expect(wan.margin == .milliseconds(200))
        #expect(wan.timeout == .milliseconds(1500))
        #expect(wan.startupGrace == .seconds(5))
        #expect(
            wan.ping
                == PingSettings(
                    retries: 5, minimumTimeout: .milliseconds(125), maximumTimeout: .seconds(3),
                    maximumRound: .seconds(5)))
    }

    @Test("follows the interval that is in effect")
    func derived() throws {
        let settings = try settings("[detection]\nheartbeat_interval = \"800ms\"").detection
        #expect(settings.margin == .milliseconds(80))
        #expect(settings.timeout == .milliseconds(1200))
        #expect(settings.startupGrace == .seconds(4))
        #expect(settings.ping.minimumTimeout == .milliseconds(100))
    }

    @Test(
        "is wider in mode heartbeat, where no ping follows",
        arguments: [
            ("local", 100, 150), ("lan", 400, 600), ("wan", 2000, 3000),
        ])
    func heartbeatOnly(profile: String, margin: Int, timeout: Int) throws {
        let text = "[detection]\nmode = \"heartbeat\"\nprofile = \"\(profile)\""
        let settings = try settings(text).detection
        #expect(settings.margin == .milliseconds(margin))
        #expect(settings.timeout == .milliseconds(timeout))
    }

    @Test("has its floor at short intervals")
    func floors() throws {
        let pinged = try settings("[detection]\nheartbeat_interval = \"5ms\"").detection
        #expect(pinged.margin == .milliseconds(5))
        #expect(pinged.ping.minimumTimeout == .milliseconds(7))
        #expect(pinged.ping.retries == 2)
        let silent = try settings("[detection]\nheartbeat_interval = \"5ms\"\nmode = \"heartbeat\"").detection
        #expect(silent.margin == .milliseconds(10))
    }

    @Test("lies in the range of what could be set, at every interval, mode and profile")
    func ranges() throws {
        for profile in Profile.allCases {
            for mode in DetectionMode.allCases {
                for interval in ["5ms", "7ms", "999ms", "13s", "20min", "1h"] {
                    let text = "profile = \"\(profile.rawValue)\"\nmode = \"\(mode.rawValue)\"\n"
                    let found = try settings("[detection]\nheartbeat_interval = \"\(interval)\"\n" + text)
                        .detection
                    #expect(Limits.margin.contains(found.margin))
                    #expect(Limits.timeout.contains(found.timeout))
                    #expect(Limits.startupGrace.contains(found.startupGrace))
                    #expect(Limits.minimumTimeout.contains(found.ping.minimumTimeout))
                    #expect(found.ping.minimumTimeout <= found.ping.maximumTimeout)
                }
            }
        }
    }

    @Test("gives way to the bound that is set")
    func bounds() throws {
        #expect(
            try settings("[ping]\nmaximum_timeout = \"20ms\"").detection.ping.minimumTimeout
                == .milliseconds(20))
        #expect(try settings("[ping]\nminimum_timeout = \"5s\"").detection.ping.maximumTimeout == .seconds(5))
    }

    @Test("is majority, no key and a causal log")
    func others() throws {
        let settings = try settings("")
        #expect(settings.quorum == .majority)
        #expect(settings.security.keys == [])
        #expect(settings.node.causalLog && !settings.node.causalLogStatesOnly)
        #expect(settings.node.causalLogSize == 16 && settings.node.causalLogFiles == 7)
        #expect(settings.detection.target == nil)
        #expect(settings.detection.heartbeatJitter == 0)
        #expect(!settings.detection.timeoutIsExplicit)
    }
}

@Suite("What is set")
struct OverrideTests {
    @Test("wins over every default")
    func everything() throws {
        let settings = try settings(
            """
            [node]
            causal_log = false
            causal_log_size = 1024
            causal_log_files = 0
            causal_log_states_only = true
            [detection]
            profile = "wan"
            mode = "ping"
            heartbeat_interval = "2.5s"
            heartbeat_jitter = 25
            detector = "fixed"
            margin = "1ms"
            threshold = 3
            timeout = "1min"
            startup_grace = "0s"
            [ping]
            retries = 0
            minimum_timeout = "500us"
            maximum_timeout = "60s"
            maximum_round = "900ms"
            [verdict]
            quorum = 3
            """.replacing("500us", with: "1500us"))
        #expect(settings.quorum == .count(3))
        #expect(!settings.node.causalLog && settings.node.causalLogStatesOnly)
        #expect(settings.node.causalLogSize == 1024 && settings.node.causalLogFiles == 0)
        #expect(
            settings.detection
                == DetectionSettings(
                    profile: .wan, mode: .ping, heartbeatInterval: .milliseconds(2500),
                    heartbeatJitter: 25, detector: .fixed, margin: .milliseconds(1), threshold: 3,
                    timeout: .seconds(60), timeoutIsExplicit: true, startupGrace: .zero,
                    ping: PingSettings(
                        retries: 0, minimumTimeout: .microseconds(1500), maximumTimeout: .seconds(60),
                        maximumRound: .milliseconds(900)),
                    target: nil))
        #expect(settings.peers.map(\.detection) == [settings.detection])
    }

    @Test("for one peer changes that peer alone, and what follows from it")
    func peers() throws {
        let text = """
            [detection]
            startup_grace = "9s"
            [[peer]]
            id = "z"
            address = "z:1"
            [[peer]]
            id = "far"
            address = "[2001:db8::1]:9"
            heartbeat_interval = "1s"
            retries = 9
            [security]
            allow_unauthenticated = true
            """
        let settings = try ConfigurationFolder(main: text).load().settings
        #expect(settings.peers.map(\.id) == ["far", "z"])
        #expect(settings.peers[0].address.description == "[2001:db8::1]:9")
        #expect(settings.peers[1].detection == settings.detection)
        let far = settings.peers[0].detection
        #expect(far.heartbeatInterval == .seconds(1))
        #expect(far.margin == .milliseconds(100))
        #expect(far.startupGrace == .seconds(9))
        #expect(far.ping.retries == 9)
        #expect(far.ping.minimumTimeout == .milliseconds(125))
    }

    @Test("for one peer with a profile of its own starts from that profile")
    func peerProfile() throws {
        let text = """
            peer = [{ id = "far", address = "far:1", profile = "wan", retries = 1 }]
            detection = { heartbeat_interval = "10ms", margin = "7ms" }
            ping.maximum_timeout = "30ms"
            security.allow_unauthenticated = true
            """
        let far = try #require(try ConfigurationFolder(main: text).load().settings.peers.first).detection
        #expect(far.heartbeatInterval == .seconds(1))
        #expect(far.margin == .milliseconds(200))
        #expect(
            far.ping
                == PingSettings(
                    retries: 1, minimumTimeout: .milliseconds(125), maximumTimeout: .seconds(3),
                    maximumRound: .seconds(5)))
    }
}
