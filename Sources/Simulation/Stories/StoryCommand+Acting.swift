internal import FailureDetection

/// What the commands of a story do.
extension StoryCommand {
    /// Does what it says to a world.
    func act(on world: inout World, of settings: ClusterSettings) throws(StoryError) {
        let host = try host(1, of: settings)
        switch verb {
        case "kill": world.kill(host)
        case "suspend": world.suspend(host)
        case "resume": world.resume(host)
        case "start": world.start(host)
        case "crash": world.crash(host, refuses: words.last == "process")
        case "leave": world.leave(host)
        case "forget": world.loseState(of: host)
        case "pause": world.pause(host, for: try span(2))
        case "clock": world.moveWallClock(of: host, by: try span(2).nanoseconds / 1_000_000_000)
        case "cut", "mend", "record", "hold", "pass", "play", "lossy":
            try act(on: &world, from: host, to: try self.host(2, of: settings), of: settings)
        case "isolate", "rejoin":
            change(.partition([host]), isOn: verb == "isolate", in: &world, of: settings)
        case "starve", "feed": change(.starve(host), isOn: verb == "starve", in: &world, of: settings)
        case "clone", "unclone": change(.clone(host), isOn: verb == "clone", in: &world, of: settings)
        default: try inform(host, in: &world, of: settings)
        }
    }

    /// What becomes of the datagrams from one host to another.
    private func act(
        on world: inout World, from host: Int, to other: Int, of settings: ClusterSettings
    ) throws(StoryError) {
        switch verb {
        case "cut": world.cut(from: host, to: other)
        case "mend": world.mend(from: host, to: other)
        case "record": world.tap(from: host, to: other, holding: 0)
        case "hold": world.tap(from: host, to: other, holding: 1)
        case "pass": world.untap(from: host, to: other)
        case "play": world.play(from: host, to: other)
        default:
            var model = settings.link
            model.loss = try share(3)
            world.setLink(model, from: host, to: other)
        }
    }

    /// What a host learns from its operator, its resolver, its kernel and the network.
    private func inform(_ host: Int, in world: inout World, of settings: ClusterSettings) throws(StoryError) {
        let isEnd = ["resolve", "correct", "accept", "desist", "unblock", "unstep"].contains(verb)
        switch verb {
        case "reload": return try reload(host, in: &world, of: settings)
        case "move": return world.move(host)
        case "announce": return world.announceAddress(of: host)
        case "nowhere": return world.setRefusesElsewhere(words.last == "refuses", at: host)
        default: break
        }
        change(try fault(host, of: settings), isOn: !isEnd, in: &world, of: settings)
    }

    private func change(_ fault: Fault, isOn: Bool, in world: inout World, of settings: ClusterSettings) {
        let planned = PlannedFault(fault, begins: world.now, lasts: .zero)
        if isOn { world.begin(planned, of: settings) } else { world.end(planned, of: settings) }
    }

    /// What goes wrong, or ceases to, between two hosts.
    private func fault(_ host: Int, of settings: ClusterSettings) throws(StoryError) -> Fault {
        switch verb {
        case "unresolve", "resolve": return .unresolved(by: host, of: try self.host(2, of: settings))
        case "misdirect", "correct": return .misdirected(from: host, to: try self.host(2, of: settings))
        case "reject", "accept":
            let isVerified = words.last != "elsewhere"
            return .reject(from: host, to: try self.host(2, of: settings), isVerified: isVerified)
        case "forge", "desist":
            let rate = words.count > 3 ? Int(words[3]) ?? 0 : 1
            guard rate > 0 else { throw error("\(words[3]) is no number of errors a second; write 5") }
            return .forgery(to: host, about: try self.host(2, of: settings), perSecond: rate)
        case "block", "unblock":
            return .unsendable(from: host, to: words.count > 2 ? try self.host(2, of: settings) : nil)
        case "step":
            return .steps(from: host, to: try self.host(2, of: settings), by: try span(3), every: try span(4))
        case "unstep":
            return .steps(from: host, to: try self.host(2, of: settings), by: .zero, every: .seconds(1))
        default: throw error("there is no command \(verb)")
        }
    }

    /// `reload n1 without=n3 interval=100ms mode=ping quorum=all target=1s`: all that differs from the others.
    private func reload(_ host: Int, in world: inout World, of settings: ClusterSettings) throws(StoryError) {
        var differences: [Reload] = []
        for option in try options(from: 2, as: "without=n3") {
            differences.append(try difference(option.name, String(option.value), of: settings))
        }
        world.configure(host, differences, of: settings)
    }

    private func difference(
        _ name: Substring, _ value: String, of settings: ClusterSettings
    ) throws(StoryError) -> Reload {
        let span = StoryCommand.span(Substring(value))
        switch (name, span, MonitoringMode(rawValue: value)) {
        case ("without", _, _):
            let command = StoryCommand(words: [verb, Substring(value)], line: line)
            return .without(try command.host(1, of: settings))
        case ("interval", let span?, _):
            return .interval(percent: span.nanoseconds * 100 / settings.interval.nanoseconds)
        case ("mode", _, let mode?): return .mode(mode)
        case ("quorum", _, _) where value == "all": return .quorum(.all)
        case ("quorum", _, _): if let count = Int(value) { return .quorum(.count(count)) }
        case ("target", let span?, _):
            return .target(
                QualityTarget(
                    detectionTime: span, mistakeRecurrence: .seconds(30 * 86_400),
                    mistakeDuration: .seconds(60)))
        default: break
        }
        throw error("\(name)=\(value) is no option of reload")
    }
}
