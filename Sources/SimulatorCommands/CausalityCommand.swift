internal import ArgumentParser
internal import FailureDetection
internal import Simulation

/// What is proved of causes, how soon, at what cost.
struct CausalityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causality",
        abstract: "Checks what is called proved, and measures clocks and link verdicts.",
        subcommands: [Proofs.self, Links.self, Sizes.self, Clocks.self])

    /// Whatever is called proved under faults without a rest, against what the simulator knows.
    struct Proofs: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Checks every proof in clusters under faults without a rest, until so many were checked.",
            discussion: "Ends with 1 when one of them is false.")

        @Option(help: "How many proofs to check.")
        var proofs: UInt64 = 1_000_000
        @Option(help: "For how many seconds at most.")
        var seconds: Int64 = 300
        @Option(help: "The first seed.")
        var seed: UInt64 = 1

        func run() throws {
            let began = ContinuousClock.now
            var checked = Array(repeating: UInt64(0), count: Proof.allCases.count)
            var wrong: [String] = []
            var next = seed
            while checked.reduce(0, +) < proofs, ContinuousClock.now - began < .seconds(seconds) {
                var trial = ProofTrial(nodes: 3 + Int(next % 4), seed: next)
                trial.run(.seconds(60))
                for place in checked.indices { checked[place] += trial.checked[place] }
                wrong += trial.wrong.map { "seed \(next), \($0)" }
                next += 1
            }
            for proof in Proof.allCases { print("\(proof): \(checked[proof.rawValue])") }
            let took = (ContinuousClock.now - began).seconds
            print(
                "\(checked.reduce(0, +)) proofs in \(next - seed) runs of a minute, \(wrong.count) of them false; "
                    + "\(Int(Double(checked.reduce(0, +)) / took)) a second")
            for line in wrong.prefix(5) { print("  \(line)") }
            if !wrong.isEmpty { throw ExitCode(1) }
        }
    }

    /// How soon a broken link is called one, and for how long a crash is.
    struct Links: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Times the verdict on a broken link, and counts the crashes that are taken for one.",
            discussion: """
                Sent, and falsely suspected, are datagrams and suspicions for each heartbeat while nothing is \
                broken. Right at first are the suspicions whose first cause was the true one: of the host at one \
                end of the link after a cut, of all others after a kill.
                """)

        @Option(parsing: .upToNextOption, help: "Numbers of hosts.")
        var nodes: [Int] = [3, 10, 50]
        @Option(parsing: .upToNextOption, help: "Shares of datagrams lost, in percent.")
        var loss: [Int] = [0, 30]
        @Option(help: "Trials for each cell.")
        var trials = 100
        @Option(help: "The interval of the heartbeats, in milliseconds.")
        var interval: Int64 = 200

        func validate() throws {
            guard nodes.allSatisfy({ (3...1_000).contains($0) }), loss.allSatisfy({ (0...90).contains($0) }),
                trials > 0, (5...60_000).contains(interval)
            else { throw ValidationError("--nodes must be 3 to 1000, --loss 0 to 90, --interval 5 to 60000") }
        }

        func run() {
            var table = TextTable(heading: LinkFigures.heading)
            for count in nodes {
                for share in loss {
                    var figures = LinkFigures()
                    figures.measure(
                        nodes: count, loss: Double(share) / 100, interval: .milliseconds(interval),
                        trials: trials)
                    table.add(["\(count)", "\(share) %"] + figures.cells)
                }
            }
            print(table.text)
        }
    }

    /// How long heartbeats are.
    struct Sizes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measures the bytes of a heartbeat, UDP payload, by the number of peers.",
            discussion: """
                Up to --mesh peers all hosts watch each other; beyond, the peers watch the first host only, whose \
                messages are as long then.
                """)

        @Option(parsing: .upToNextOption, help: "Numbers of peers.")
        var peers: [Int] = [3, 10, 50, 200, 1_000]
        @Option(help: "The most peers that all watch each other.")
        var mesh: Int = 60

        func run() {
            var table = TextTable()
            table.add(["peers", "steady: mean", "longest", "after a restart: mean", "longest"])
            for count in peers {
                var trial = SizeTrial(peers: count, mesh: count <= mesh, interval: .milliseconds(200))
                let steady = trial.run(intervals: 20)
                trial.restart()
                let fresh = trial.run(intervals: 5)
                table.add(
                    ["\(count)"]
                        + [steady, fresh].flatMap { ["\(Int($0.mean.rounded()))", "\($0.longest)"] })
            }
            print(table.text)
        }
    }

    /// How long merging and comparing take.
    struct Clocks: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Times merging and comparing vector clocks, in nanoseconds.")

        @Option(parsing: .upToNextOption, help: "Numbers of entries.")
        var entries: [Int] = [3, 50, 1_000]

        func run() {
            var table = TextTable()
            table.add(["entries", "merge, all rise", "merge, none rises", "compare"])
            for count in entries {
                let (rising, still) = (
                    ClockWork(entries: count, rising: true), ClockWork(entries: count, rising: false)
                )
                let merges = Double(rising.merges)
                table.add([
                    "\(count)", "\(Int(time { rising.merge() } / merges)) ns",
                    "\(Int(time { still.merge() } / merges)) ns",
                    "\(Int(time { still.compare() ? 1 : 0 })) ns",
                ])
            }
            print(table.text)
        }

        /// The median of many runs, in nanoseconds, each long enough for the clock.
        private func time(_ work: () -> Int) -> Double {
            var sum = 0
            let samples = (0..<51).map { _ in
                let began = ContinuousClock.now
                for _ in 0..<200 { sum &+= work() }
                return (ContinuousClock.now - began).seconds * 1e9 / 200
            }
            // What is not used might be left out by the compiler.
            return sum >= 0 ? samples.sorted()[25] : 0
        }
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
