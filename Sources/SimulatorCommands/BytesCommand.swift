internal import ArgumentParser
internal import FailureDetection
internal import Glibc
internal import Simulation

/// What a host sends, by kind of message.
struct BytesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bytes",
        abstract: "Measures datagrams and bytes that a host sends, by kind of message.",
        discussion: """
            All hosts watch each other with the daemon's defaults, on links without loss and with a round trip of 0.5 \
            to 1.5 ms. A cell is datagrams and bytes for each host that runs and each second: what UDP carries, \
            without the 28 or 48 bytes of headers of each datagram, and without a seal, which adds 36. Records that \
            end a repair count as records. Measured while nothing happens, in the first second after one host \
            crashes, and while all others suspect it.
            """)

    @Option(parsing: .upToNextOption, help: "Numbers of hosts.")
    var hosts: [Int] = [3, 10, 30]
    @Option(help: "How many services each host reports, up to 32.")
    var services: Int = 0
    @Option(help: "For how many seconds is measured.")
    var duration: Int64 = 20
    @Option(help: "The interval of the heartbeats, in milliseconds.")
    var interval: Int64 = 200
    @Option(help: "How many trials there are for each number of hosts.")
    var trials: UInt64 = 4

    func validate() throws {
        guard hosts.allSatisfy({ (2...1_000).contains($0) }) else {
            throw ValidationError("--hosts must be 2 to 1000")
        }
        guard (0...32).contains(services), duration > 0, interval >= 5, trials > 0 else {
            throw ValidationError(
                "--services must be 0 to 32, --interval at least 5, --duration and --trials positive")
        }
    }

    func run() async throws {
        var table = TextTable(heading: ["hosts", "phase"] + TrafficMeter.headings)
        print(table.text)
        for count in hosts {
            let trial = await measure(count)
            for (phase, meter) in zip(BytesTrial.Phase.allCases, trial.meters) {
                table.add(["\(count)", phase.rawValue] + meter.columns.map { $0.text(by: meter) })
                print(table.lastLine)
            }
            fflush(nil)
        }
    }

    /// Runs the trials of one size on all cores; in which order they end makes no difference to their sum.
    private func measure(_ count: Int) async -> BytesTrial {
        let link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))
        let settings = ClusterSettings(nodes: count, interval: .milliseconds(interval), link: link)
        let (services, span) = (services, TimeSpan.seconds(duration))
        return await withTaskGroup(of: BytesTrial.self) { group in
            for seed in 1...trials {
                group.addTask {
                    var trial = BytesTrial()
                    trial.run(settings, services: services, span, seed: seed)
                    return trial
                }
            }
            return await group.reduce(into: BytesTrial()) { $0.add($1) }
        }
    }
}

extension TrafficMeter.Amount {
    /// Datagrams and bytes for each host and second: `10, 912 B`; `–` for none.
    func text(by meter: TrafficMeter) -> String {
        guard datagrams > 0 else { return "–" }
        let (rate, bytes) = (meter.perHostSecond(datagrams), meter.perHostSecond(self.bytes))
        return "\((rate * 10).rounded() / 10), \(Int(bytes.rounded())) B"
    }
}
