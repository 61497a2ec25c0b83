internal import ArgumentParser
internal import StatusAPI

/// Which events a follower wants, and by whose threshold: its own, or the daemon's.
struct SubscriptionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Judge by a detection time of your own: suspect after so long a silence, such as 500ms or 2s.",
            valueName: "duration"))
    var detectionTime: WaitLimit?

    @Option(
        help: ArgumentHelp(
            "Judge by a level of your own (detectors phi and exponential), such as 3 or 1.5.",
            valueName: "number"))
    var level: SuspicionLevel?

    @Argument(
        help: "Only these peers with their services, or these services as HOST/SERVICE (default: all).",
        completion: PeerCompletion.withServices)
    var peers: [String] = []

    func validate() throws {
        if let problem = parameters.problem { throw ValidationError(Self.words(problem)) }
    }

    /// What to subscribe with.
    var parameters: SubscribeParameters {
        SubscribeParameters(
            snapshot: true, detectionTimeUSec: detectionTime?.microseconds, level: level?.thousandths,
            peers: peers.isEmpty ? nil : peers)
    }

    /// The interface's words for its parameters, as options.
    private static func words(_ problem: String) -> String {
        if problem.contains("two thresholds") { return "Give --detection-time or --level, not both." }
        if problem.hasPrefix("detectionTimeUSec") { return "--detection-time takes 1ms to 24h." }
        if problem.hasPrefix("level") { return "--level takes 0.01 to 1000; 8 is usual for phi." }
        return problem
    }
}

/// A level of suspicion on the command line.
struct SuspicionLevel: ExpressibleByArgument {
    /// The level in thousandths.
    let thousandths: Int

    init?(argument: String) {
        guard let level = Double(argument), level.magnitude <= 1e6 else { return nil }
        thousandths = Int((level * 1_000).rounded())
    }
}
