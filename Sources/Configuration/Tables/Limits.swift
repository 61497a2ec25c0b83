/// The ranges of every number in a configuration.
enum Limits {
    static let heartbeatInterval = Duration.milliseconds(5)...Duration.hours(1)
    static let heartbeatJitter = 0...90
    static let margin = Duration.zero...Duration.hours(1)
    static let timeout = Duration.milliseconds(1)...Duration.hours(24)
    static let startupGrace = Duration.zero...Duration.hours(24)
    static let minimumTimeout = Duration.milliseconds(1)...Duration.seconds(10)
    static let maximumTimeout = Duration.milliseconds(1)...Duration.seconds(60)
    static let maximumRound = Duration.milliseconds(1)...Duration.seconds(60)
    static let detectionTime = Duration.milliseconds(10)...Duration.hours(24)
    static let mistakeRecurrence = Duration.seconds(1)...Duration.hours(24 * 3650)
    static let mistakeDuration = Duration.milliseconds(1)...Duration.hours(24)
    static let threshold = 0.1...300.0
    static let retries = 0...20
    static let causalLogSize = 1...1024
    static let causalLogFiles = 0...1000
    static let quorum = 1...maximumPeers

    /// The most `[[peer]]` entries, our own included.
    static let maximumPeers = 4096

    /// How long a service may make no call, before it is called hung.
    static let hungAfter = Duration.milliseconds(100)...Duration.hours(24)

    /// The most services of one host.
    static let maximumServices = 32

    /// The most `[[service]]` tables, those of other hosts included.
    static let maximumServiceTables = 2048

    /// The longest name of a unit, in bytes, as systemd allows it.
    static let unitName = 255

    /// The longest path of a UNIX socket on Linux, in bytes, without its final NUL.
    static let socketPath = 107
}

extension Duration {
    /// `count` hours.
    static func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }
}
