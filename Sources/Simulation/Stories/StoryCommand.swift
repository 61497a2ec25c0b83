internal import FailureDetection

/// One command of a story.
struct StoryCommand {
    let words: [Substring]
    let line: Int

    var verb: Substring { words.first ?? "" }

    func error(_ problem: String) -> StoryError { StoryError(line: line, problem: problem) }

    /// The word at an index; `what` says what is wanted there.
    func word(_ index: Int, _ what: String) throws(StoryError) -> Substring {
        guard index < words.count else { throw error("\(verb) wants \(what)") }
        return words[index]
    }

    /// The host named at an index, as `n1`.
    func host(_ index: Int, of settings: ClusterSettings) throws(StoryError) -> Int {
        let name = try word(index, "a host, as n1")
        guard name.hasPrefix("n"), let number = Int(name.dropFirst()), (1...settings.nodes).contains(number)
        else {
            throw error("there is no host \(name); hosts are n1 to n\(settings.nodes)")
        }
        return number - 1
    }

    /// The time at an index, as `5s` or `200ms`.
    func span(_ index: Int) throws(StoryError) -> TimeSpan {
        let text = try word(index, "a time, as 5s or 200ms")
        guard let span = StoryCommand.span(text) else { throw error("\(text) is no time; write 5s or 200ms") }
        return span
    }

    /// The share at an index, as `0.1`.
    func share(_ index: Int) throws(StoryError) -> Double {
        let text = try word(index, "a share, as 0.1")
        guard let share = Double(text), (0...1).contains(share) else {
            throw error("\(text) is no share; write 0 to 1")
        }
        return share
    }

    static func span(_ text: Substring) -> TimeSpan? {
        if text.hasSuffix("ms") { return Int64(text.dropLast(2)).map { .milliseconds($0) } }
        return text.hasSuffix("s") ? Int64(text.dropLast(1)).map { .seconds($0) } : nil
    }

    /// The cluster of `hosts 3 interval=200ms delay=1ms jitter=0ms loss=0.1 mode=heartbeat key=yes`.
    func settings() throws(StoryError) -> ClusterSettings {
        guard let nodes = Int(try word(1, "a number of hosts")), (2...9).contains(nodes) else {
            throw error("hosts wants 2 to 9")
        }
        var cluster = ClusterOptions()
        for option in try options(from: 2, as: "interval=200ms") { try take(option, into: &cluster) }
        var settings = ClusterSettings(nodes: nodes, interval: cluster.interval, link: cluster.link)
        (settings.drift, settings.hasKey) = (0, cluster.hasKey)
        guard let mode = cluster.mode else { return settings }
        settings.mode = mode
        if mode == .heartbeat { settings.detector = .median(margin: cluster.interval * 2) }
        return settings
    }

    /// The options from the word at an index on; `example` says how one is written.
    func options(
        from index: Int, as example: String
    ) throws(StoryError) -> [(name: Substring, value: Substring)] {
        var options: [(name: Substring, value: Substring)] = []
        for word in words.dropFirst(index) {
            let parts = word.split(separator: "=")
            guard parts.count == 2 else { throw error("\(word) is no option; write \(example)") }
            options.append((parts[0], parts[1]))
        }
        return options
    }

    /// What the options of a cluster say, or its defaults.
    private struct ClusterOptions {
        var interval = TimeSpan.milliseconds(200)
        var link = LinkModel(delay: .milliseconds(1))
        var hasKey = false
        var mode: MonitoringMode?
    }

    private func take(
        _ option: (name: Substring, value: Substring), into cluster: inout ClusterOptions
    ) throws(StoryError) {
        switch (option.name, StoryCommand.span(option.value), Double(option.value)) {
        case ("interval", let span?, _): cluster.interval = span
        case ("delay", let span?, _): cluster.link.delay = span
        case ("jitter", let span?, _): cluster.link.jitter = span
        case ("loss", _, let share?): cluster.link.loss = share
        case ("key", _, _) where option.value == "yes": cluster.hasKey = true
        case ("mode", _, _):
            guard let mode = MonitoringMode(rawValue: String(option.value)) else {
                throw error("\(option.value) is no mode; write heartbeat+ping, heartbeat or ping")
            }
            cluster.mode = mode
        default: throw error("\(option.name)=\(option.value) is no option of hosts")
        }
    }
}
