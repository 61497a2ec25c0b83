internal import ArgumentParser
internal import FailureDetection
internal import Glibc
internal import Simulation

/// Detection and mistakes in large clusters with loss and starved hosts.
struct ScaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Measures detection and mistakes over sizes, loss and starved hosts, on all cores.",
        discussion: """
            A host crashes in the middle of each trial. Mistakes are suspicions of hosts that live, for each trial: \
            by hosts that are well of hosts that are well; by starved hosts of those that are well; and of starved \
            hosts. A host whose whole loop is starved is silent for up to 2.5 s: no detector that finds a crash within a \
            second can distinguish it from one, so the last column is not zero then.
            """)

    @Option(parsing: .upToNextOption, help: "Numbers of hosts.")
    var nodes: [Int] = [10, 100]
    @Option(help: "How many others each host watches, at most.")
    var watched: Int = 1_000
    @Option(parsing: .upToNextOption, help: "Shares of datagrams lost, in percent.")
    var loss: [Int] = [0, 1, 3, 5]
    @Option(parsing: .upToNextOption, help: "Shares of starved hosts, in percent.")
    var starved: [Int] = [0, 1, 5, 10]
    @Option(help: "Trials for each cell.")
    var seeds: UInt64 = 5
    @Option(help: "Seconds for each trial.")
    var duration: Int64 = 30
    @Option(help: "The interval of the heartbeats, in milliseconds.")
    var interval: Int64 = 200
    @Flag(help: "Starved hosts read late and send in time, instead of doing all late.")
    var lateReads = false

    func validate() throws {
        guard nodes.allSatisfy({ (2...10_000).contains($0) }) else {
            throw ValidationError("--nodes must be 2 to 10000")
        }
        guard watched > 0, duration > 1, seeds > 0, interval >= 5 else {
            throw ValidationError("--watched, --duration, --seeds and --interval must be positive")
        }
    }

    func run() async throws {
        let heading = [
            "hosts", "loss", "starved", "T_D p50", "p99", "max", "missed", "well of well", "starved of well",
            "of starved",
        ]
        // A large cell takes minutes: each is shown when it is done.
        var table = TextTable(heading: heading)
        print(table.text)
        for count in nodes {
            for loss in loss {
                for starved in starved {
                    table.add(await cell(count, loss, starved))
                    print(table.lastLine)
                    fflush(nil)
                }
            }
        }
    }

    private func cell(_ count: Int, _ loss: Int, _ starved: Int) async -> [String] {
        var link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        link.loss = Double(loss) / 100
        var settings = ClusterSettings(nodes: count, interval: .milliseconds(interval), link: link)
        settings.watched = min(watched, count - 1)
        settings.lag = .microseconds(200)
        let total = await trials(of: settings, starvedShare: Double(starved) / 100)
        let trials = Double(max(total.trials, 1))
        return [
            "\(count)", "\(loss) %", "\(starved) %: \(total.starved)", total.quantile(0.5),
            total.quantile(0.99),
            total.quantile(1),
            "\(total.missed)", (Double(total.mistakes) / trials).short,
            (Double(total.starvedMistakes) / trials).short,
            (Double(total.suspectedStarved) / trials).short,
        ]
    }

    /// Runs the trials of a cell.
    private func trials(of settings: ClusterSettings, starvedShare share: Double) async -> ScaleTrial.Outcome
    {
        let (starvation, span) = (lateReads ? ScaleTrial.Starvation.reads : .loop, TimeSpan.seconds(duration))
        return await ScaleTrial.Outcome(seeds: 1..<seeds + 1) { seed in
            var trial = ScaleTrial(settings, starvedShare: share, starvation, seed: seed)
            return trial.run(span)
        }
    }
}

extension ScaleTrial.Outcome {
    fileprivate func quantile(_ share: Double) -> String {
        guard !detectionTimes.isEmpty else { return "–" }
        let place = min(Int(share * Double(detectionTimes.count)), detectionTimes.count - 1)
        return (Double(detectionTimes[place].nanoseconds) / 1e9).milliseconds
    }
}
