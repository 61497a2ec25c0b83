/// How much there is to do.
extension Monitor {
    /// How many regular messages go out every second, to all peers together, at the intervals that are set.
    public var messagesPerSecond: Int {
        let second = TimeSpan.seconds(1).nanoseconds
        return Int(clamping: peers.reduce(0) { $0 + second / max($1.settings.interval.nanoseconds, 1) })
    }
}
