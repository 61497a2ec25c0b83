internal import ArgumentParser
internal import FailureDetection
internal import Glibc
internal import Simulation

/// What records cost while something goes wrong, and how soon all hosts hold the same afterwards.
struct RecordsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Measures records with a liar, a flapping host, a deaf one, and a split, on all cores.",
        discussion: """
            liar: a member writes services, views and facts in the name of another, and junk, 260 times a second. \
            flap: a host crashes every two seconds, and is back after one. deaf: a host loses 80 % of what it \
            receives. split: half of the hosts are cut off, and a service of every host changes once a second.
            Records and steps of repairs for each host and second, without those that the liar sends itself; then the \
            time until all stores are equal. Ends with 1 when a bound is broken: for each host and \
            second 20,000 bytes (deaf), 50,000 (flap, split) and 1,000,000 (liar), and equal stores after one second, \
            eight where a member lied.
            """)

    @Option(help: "The number of hosts.")
    var hosts: Int = 30
    @Option(help: "How many services each host reports, up to 32.")
    var services: Int = 4
    @Option(help: "For how long it goes wrong, in seconds.")
    var duration: Int64 = 20
    @Option(help: "The interval of the heartbeats, in milliseconds.")
    var interval: Int64 = 200
    @Option(help: "How many trials there are for each row.")
    var trials: UInt64 = 4
    @Option(parsing: .upToNextOption, help: "What goes wrong: liar, flap, deaf, split.")
    var troubles: [String] = RecordTrial.Trouble.allCases.map(\.rawValue)

    func validate() throws {
        guard (4...1_000).contains(hosts) else { throw ValidationError("--hosts must be 4 to 1000") }
        guard (1...32).contains(services), duration > 0, interval >= 5, trials > 0 else {
            throw ValidationError(
                "--services must be 1 to 32, --interval at least 5, --duration and --trials positive")
        }
        guard troubles.allSatisfy({ RecordTrial.Trouble(rawValue: $0) != nil }) else {
            throw ValidationError("--troubles may be liar, flap, deaf and split")
        }
    }

    func run() async throws {
        var table = TextTable(heading: [
            "trouble", "records, repairs meanwhile", "in the 10 s after", "equal after p50", "max", "never",
            "conflicts",
            "false records", "longest", "wrong suspicions",
        ])
        print(table.text)
        var isBroken = false
        for trouble in troubles.compactMap({ RecordTrial.Trouble(rawValue: $0) }) {
            let outcome = await measure(trouble)
            table.add(row(trouble, outcome))
            print(table.lastLine)
            for breach in outcome.breaches(of: trouble) {
                print("not within its bound: \(breach)")
                isBroken = true
            }
            fflush(nil)
        }
        if isBroken { throw ExitCode.failure }
    }

    private func row(_ trouble: RecordTrial.Trouble, _ outcome: RecordTrial.Outcome) -> [String] {
        let trials = Double(max(outcome.trials, 1))
        func text(_ quantile: Double) -> String {
            let times = outcome.equalAfter
            guard !times.isEmpty else { return "–" }
            return times[max(Int((quantile * Double(times.count)).rounded(.up)) - 1, 0)].seconds.milliseconds
        }
        return [
            trouble.rawValue, outcome.during.records.text(by: outcome.during),
            outcome.healing.records.text(by: outcome.healing), text(0.5), text(1), "\(outcome.unequal)",
            (Double(outcome.conflicts) / trials).short, "\((outcome.falseShare * 1_000).rounded() / 10) %",
            outcome.longestFalse.seconds.milliseconds, "\(outcome.mistakes)",
        ]
    }

    /// Runs the trials of a row on all cores; in which order they end makes no difference to their sum.
    private func measure(_ trouble: RecordTrial.Trouble) async -> RecordTrial.Outcome {
        let link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        let settings = ClusterSettings(nodes: hosts, interval: .milliseconds(interval), link: link)
        let (services, span) = (services, TimeSpan.seconds(duration))
        return await withTaskGroup(of: RecordTrial.Outcome.self) { group in
            for seed in 1...trials {
                group.addTask {
                    var trial = RecordTrial(settings, trouble, services: services, seed: seed)
                    return trial.run(span)
                }
            }
            return await group.reduce(into: RecordTrial.Outcome()) { $0.add($1) }
        }
    }
}

extension TimeSpan {
    /// The length in seconds.
    fileprivate var seconds: Double { Double(nanoseconds) / 1e9 }
}
