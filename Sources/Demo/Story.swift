internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// The job of a failure detector in half a dozen steps, with the measured time of each.
///
/// A step that does not happen in time, or a suspicion that should not be, ends the story with a failure.
struct Story {
    private let cluster: DemoCluster
    private let started = Clocks.monotonic()
    private var observations: [Observation] = []
    /// Which host the others have reason to suspect.
    private var crashed: String?

    /// Prepares the story of these daemons, which have not been started.
    init(_ cluster: DemoCluster) { self.cluster = cluster }

    /// Reports it.
    mutating func play() throws(DemoFailure) {
        try startAll()
        try serve(seenBy: ["b", "c"])
        let epoch = try crash("c", seenBy: ["a", "b"])
        try restart("c", seenBy: ["a", "b"], after: epoch)
        try leave("b", seenBy: ["a", "c"])
        try endAll()
        say("all of it happened; no other suspicion arose")
    }

    private mutating func startAll() throws(DemoFailure) {
        for node in cluster.nodes { try node.start() }
        let begun = Clocks.monotonic()
        let processes = cluster.nodes.map { "\($0.id) (process \($0.process))" }.joined(separator: ", ")
        say("three daemons start: \(processes)")
        try wait("all three trust each other", within: 5) { story in
            story.cluster.nodes.allSatisfy(\.trustsBothOthers)
        }
        say("all three trust each other, \(since(begun)) after the start")
    }

    /// Starts a service of node a, kills it, has it started again, and has it hang.
    private mutating func serve(seenBy observers: [String]) throws(DemoFailure) {
        let service = cluster.service
        try service.start()
        say("\(DemoService.id), a service of a, is started (process \(service.process))")
        try know(.up, at: observers, since: Clocks.monotonic(), "the start")
        let killed = Clocks.monotonic()
        service.kill()
        say("kill -9 of \(DemoService.id)")
        try know(.down, at: observers, since: killed, "the kill")
        try service.noteEnd()
        try know(.restarting, at: observers, since: killed, "the kill")
        try service.start()
        try know(.up, at: observers, since: killed, "the kill")
        try service.callAlive("build/demo/a/io.suspectd.Monitor")
        let called = Clocks.monotonic()
        say("\(DemoService.id) calls Alive, and then makes no more calls")
        try know(.hung, at: observers, since: called, "its last call")
        try service.callAlive("build/demo/a/io.suspectd.Monitor")
        try know(.up, at: observers, since: called, "that call")
    }

    private mutating func know(
        _ state: ReportedServiceState, at observers: [String], since start: Int64, _ what: String
    ) throws(DemoFailure) {
        try eachOnce(observers, sees: "\(DemoService.id) is \(state.rawValue)", within: 5) { observation in
            guard observation.event.service == "web", observation.event.state == state else { return nil }
            return "\(observation.observer) knows that \(observation.event.evidence.reason), "
                + "\(Self.span(start, observation.at)) after \(what)"
        }
    }

    /// Kills a node and returns the epoch that it had.
    private mutating func crash(_ id: String, seenBy observers: [String]) throws(DemoFailure) -> Int {
        let epoch = observers.compactMap { peer(id, seenBy: $0)?.epoch }.max() ?? 0
        crashed = id
        let killed = Clocks.monotonic()
        cluster[id].send(SIGKILL)
        say("kill -9 of \(id), whose epoch is \(epoch)")
        try eachOnce(observers, sees: "\(id) is suspected with cause crash", within: 2) { observation in
            let event = observation.event
            guard event.event == .suspect, event.peer == id, event.cause == .crash else { return nil }
            return
                "\(observation.observer) suspects \(id), cause crash, \(Self.span(killed, observation.at)) "
                + "after the kill (\(Self.grounds(event.evidence)))"
        }
        return epoch
    }

    private mutating func restart(
        _ id: String, seenBy observers: [String], after epoch: Int
    ) throws(DemoFailure) {
        let begun = Clocks.monotonic()
        try cluster[id].start()
        say("\(id) is started again (process \(cluster[id].process))")
        let oldEpoch = epoch
        try eachOnce(observers, sees: "\(id) is trusted again, in a new epoch", within: 5) { observation in
            guard observation.event.event == .trust, observation.event.peer == id,
                observation.at > begun, let now = observation.peer?.epoch, now > oldEpoch
            else { return nil }
            return "\(observation.observer) trusts \(id) again, epoch \(oldEpoch) → \(now), "
                + "\(Self.span(begun, observation.at)) after its start"
        }
        try wait("\(id) trusts the others again", within: 5) { $0.cluster[id].trustsBothOthers }
        crashed = nil
    }

    private mutating func leave(_ id: String, seenBy observers: [String]) throws(DemoFailure) {
        let asked = Clocks.monotonic()
        cluster[id].send(SIGTERM)
        say("SIGTERM to \(id): a planned stop")
        try eachOnce(observers, sees: "\(id) has left", within: 2) { observation in
            guard observation.event.event == .leave, observation.event.peer == id else { return nil }
            return "\(observation.observer) knows that \(id) has left, \(Self.span(asked, observation.at)) "
                + "after the signal"
        }
        try end(id)
        let silence: Int64 = 1_000_000_000
        try watch(for: silence)
        for observer in observers where peer(id, seenBy: observer)?.state != .left {
            throw .step("\(observer) no longer knows that \(id) has left")
        }
        say("\(id) has been silent for \(since(asked)), and no node suspects it")
    }

    private mutating func endAll() throws(DemoFailure) {
        let running = cluster.nodes.filter(\.isAlive)
        for node in running { node.send(SIGTERM) }
        for node in running { try end(node.id) }
    }
}

extension Story {
    private mutating func end(_ id: String) throws(DemoFailure) {
        try wait("\(id) ends after SIGTERM", within: 3) { !$0.cluster[id].isAlive }
        guard cluster[id].condition == .ended(.exited(0)) else {
            throw .step("\(id) did not end with exit status 0 after SIGTERM")
        }
    }

    /// Waits until each of the observers has reported something, and says each when it comes.
    private mutating func eachOnce(
        _ observers: [String], sees step: String, within seconds: Int64,
        _ sentence: (Observation) -> String?
    ) throws(DemoFailure) {
        var missing = observers
        var next = observations.count
        try wait(step, within: seconds, missing: { missing }) { story in
            for observation in story.observations[next...] {
                guard missing.contains(observation.observer), let sentence = sentence(observation) else {
                    continue
                }
                missing.removeAll { $0 == observation.observer }
                story.say(sentence, at: observation.at)
            }
            next = story.observations.count
            return missing.isEmpty
        }
    }

    private mutating func wait(
        _ step: String, within seconds: Int64, missing: () -> [String] = { [] },
        until condition: (Story) -> Bool
    ) throws(DemoFailure) {
        let deadline = Clocks.monotonic() + seconds * 1_000_000_000
        while !condition(self) {
            guard Clocks.monotonic() < deadline else {
                let who = missing().isEmpty ? "" : " at \(missing().joined(separator: " and "))"
                throw .step("'\(step)' did not happen within \(seconds) s\(who)")
            }
            try observe(until: deadline)
        }
    }

    /// Lets time pass in which nothing may happen.
    private mutating func watch(for nanoseconds: Int64) throws(DemoFailure) {
        let deadline = Clocks.monotonic() + nanoseconds
        while Clocks.monotonic() < deadline { try observe(until: deadline) }
    }

    private mutating func observe(until deadline: Int64) throws(DemoFailure) {
        let news = cluster.observe(until: deadline)
        observations += news
        for signal in cluster.takeSignals() where [SIGINT, SIGTERM, SIGHUP].contains(signal) {
            throw .interrupted(signal)
        }
        for node in cluster.nodes {
            guard case .ended(let status) = node.condition, !node.isToEnd else { continue }
            throw .ended(node: node.id, how: status.text)
        }
        for observation in news where isUnjust(observation.event) {
            throw .step("\(observation.observer) was wrong: \(observation.event.evidence.reason)")
        }
    }

    private func isUnjust(_ event: EventReport) -> Bool {
        event.event == .isolated || (event.event == .suspect && event.peer != crashed)
    }

    private func peer(_ id: String, seenBy observer: String) -> PeerReport? {
        cluster[observer].feed.peers.first { $0.id == id }
    }

    private func say(_ sentence: String, at instant: Int64 = Clocks.monotonic()) {
        let time = TimeText.seconds(nanoseconds: instant - started)
        let indent = String(repeating: " ", count: max(0, 7 - time.count))
        Output.write("\(indent)\(time) s  \(sentence)\n")
    }

    /// What a suspicion rests on, in few words.
    private static func grounds(_ evidence: EvidenceReport) -> String {
        let silence = evidence.silenceUSec.map { span(0, Int64($0.times(1_000))) } ?? "ever"
        let unanswered = evidence.probes.count { !$0.answered }
        let port = evidence.portUnreachableUSec == nil ? "" : ", its port is closed"
        return "silent for \(silence), \(unanswered) pings unanswered\(port)"
    }

    private func since(_ instant: Int64) -> String { Self.span(instant, Clocks.monotonic()) }

    private static func span(_ from: Int64, _ to: Int64) -> String {
        TimeText.duration(nanoseconds: to - from)
    }
}
