internal import FailureDetection
internal import Wire

/// Why a story cannot be played.
package struct StoryError: Error, CustomStringConvertible {
    /// The line, from 1.
    package var line: Int
    /// What is wrong with it, and what to write instead.
    package var problem: String

    /// The error in one line.
    package var description: String { "line \(line): \(problem)" }
}

/// A story that operators know, played in a simulated world.
///
/// A line that begins with `> ` is a command; lines that begin with four spaces say what the hosts reported while
/// it ran, with the milliseconds since its beginning; everything else is prose. A story holds when playing it
/// writes the same text again.
package struct Story: Sendable {
    private var settings = ClusterSettings(
        nodes: 2, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
    private var world: World?

    /// Plays a story.
    ///
    /// - Parameter text: the story.
    /// - Returns: its text with what the hosts reported this time.
    /// - Throws: `StoryError` for a command that is not known or not complete.
    package static func played(_ text: String) throws(StoryError) -> String {
        var story = Story()
        var lines: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.hasPrefix("    ") else { continue }
            lines.append(String(line))
            guard line.hasPrefix("> ") else { continue }
            let command = StoryCommand(words: line.dropFirst(2).split(separator: " "), line: index + 1)
            lines += try story.obey(command)
        }
        return lines.joined(separator: "\n")
    }

    private mutating func obey(_ command: StoryCommand) throws(StoryError) -> [String] {
        if command.verb == "hosts" {
            settings = try command.settings()
            // Two clones in one story are enough.
            world = World(settings, spare: 2, seed: 1)
            for place in 0..<settings.nodes { world?.keepMemory(of: place) }
            return []
        }
        guard var present = world else { throw command.error("begin with: > hosts 3") }
        // Moved out, so that it is changed in place.
        world = nil
        defer { world = present }
        switch command.verb {
        case "run": return try run(&present, for: command.span(1))
        case "show": return show(present)
        default:
            try command.act(on: &present, of: settings)
            return []
        }
    }

    private func run(_ world: inout World, for span: TimeSpan) -> [String] {
        var reported: [String] = []
        let began = world.now
        while let place = world.step(before: began + span) {
            // Pings are the daemon's own affair, and would fill the page.
            for notice in world.outbox.notices where notice.kind != .pending {
                let after = "\((world.now - began).milliseconds)"
                let space = String(repeating: " ", count: max(6 - after.count, 0))
                let name = "\(world.hosts[place].id)" + (place < settings.nodes ? "" : "'")
                reported.append("    \(space)\(after) ms  \(NoticeText.line(notice, by: name))")
            }
        }
        return reported
    }

    /// What every host thinks of every other one.
    private func show(_ world: World) -> [String] {
        (0..<settings.nodes).map { place in
            guard let monitor = world.hosts[place].endpoint?.monitor else {
                return "    \(world.hosts[place].id) does not run"
            }
            let states = (0..<monitor.count).map {
                let cause = monitor.report(ofPeer: $0).verdict.map { ":\($0.cause.rawValue)" } ?? ""
                return "\(monitor.id(ofPeer: $0)) \(monitor.state(ofPeer: $0).rawValue)\(cause)"
            }
            return "    \(world.hosts[place].id): " + states.joined(separator: ", ")
        }
    }
}
