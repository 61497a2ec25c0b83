internal import ArgumentParser
internal import FailureDetection
internal import Glibc
internal import Simulation

/// False suspicions and detection times in clusters whose links lose.
struct LossCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss",
        abstract: "Measures false suspicions and detection times on links that lose, on all cores.",
        discussion: """
            All hosts watch each other with the daemon's defaults. After ten clean seconds every link begins to lose: \
            false suspicions are counted for ten seconds (at onset) and then for the duration, for each trial. Then \
            hosts crash one after another; T_D is from a crash to the suspicion by each other host.
            """)

    @Option(help: "The number of hosts.")
    var nodes: Int = 10
    @Option(parsing: .upToNextOption, help: "Shares of datagrams lost each way, in percent.")
    var loss: [Int] = [0, 10, 30, 50]
    @Option(
        parsing: .upToNextOption, help: "Mean lengths of loss bursts in milliseconds; 0 is independent loss.")
    var bursts: [Int] = [0]
    @Option(help: "The round trip in milliseconds, without jitter.")
    var roundTrip: Double = 0.5
    @Option(help: "How much longer each way may take, in milliseconds.")
    var jitter: Double = 0.5
    @Option(help: "For how long mistakes are counted in a trial, in seconds.")
    var duration: Int64 = 60
    @Option(help: "How many crashes there are in a trial.")
    var kills: Int = 10
    @Option(help: "For how long all hosts run between two crashes, in seconds.")
    var recovery: Int64 = 20
    @Option(help: "The interval of the heartbeats, in milliseconds.")
    var interval: Int64 = 200
    @Option(help: "The longest round of pings, in milliseconds; 0 for rounds that do not grow with losses.")
    var longestRound: Int64?
    @Option(help: "How many trials there are for each row.")
    var trials: UInt64 = 4
    @Option(help: "The first trial's seed.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (2...200).contains(nodes) else { throw ValidationError("--nodes must be 2 to 200") }
        guard loss.allSatisfy({ (0...90).contains($0) }) else {
            throw ValidationError("--loss must be 0 to 90 percent")
        }
        guard duration > 0, interval >= 5, trials > 0, kills >= 0, recovery >= 0, roundTrip >= 0, jitter >= 0
        else {
            throw ValidationError("--duration, --interval and --trials must be positive")
        }
    }

    func run() async throws {
        var table = TextTable(heading: [
            "lost each way", "at onset", "false suspicions", "in seconds", "T_D p50", "p99", "max", "missed",
            "datagrams/s", "wrong among crashes",
        ])
        print(table.text)
        for burst in bursts {
            for share in loss {
                table.add(await row(share, burst))
                print(table.lastLine)
                fflush(nil)
            }
        }
    }

    private func row(_ share: Int, _ burst: Int) async -> [String] {
        let link = LinkModel(
            delay: .microseconds(Int64(roundTrip * 500)), jitter: .microseconds(Int64(jitter * 1_000)))
        var settings = ClusterSettings(nodes: nodes, interval: .milliseconds(interval), link: link)
        if let longestRound { settings.longestRound = .milliseconds(longestRound) }
        let total = await outcome(of: settings, share, burst)
        let trials = Double(max(total.trials, 1))
        func text(_ quantile: Double) -> String {
            total.detectionTime(quantile: quantile).map { (Double($0.nanoseconds) / 1e9).milliseconds } ?? "–"
        }
        return [
            "\(share) %" + (burst > 0 ? ", bursts of \(burst) ms" : ""),
            (Double(total.atOnset) / trials).short,
            (Double(total.mistakes) / trials).short, "\(duration)", text(0.5), text(0.99), text(1),
            "\(total.missed)", total.datagramRate.short, (Double(total.mistakesAmongCrashes) / trials).short,
        ]
    }

    private func outcome(of settings: ClusterSettings, _ share: Int, _ burst: Int) async -> LossTrial.Outcome
    {
        let (span, kills, recovery) = (TimeSpan.seconds(duration), kills, TimeSpan.seconds(recovery))
        let burst: TimeSpan? = burst > 0 ? .milliseconds(Int64(burst)) : nil
        return await LossTrial.Outcome(seeds: seed..<seed + trials) { seed in
            var trial = LossTrial(settings, loss: Double(share) / 100, burst: burst, seed: seed)
            trial.recovery = recovery
            return trial.run(span, kills: kills)
        }
    }
}
