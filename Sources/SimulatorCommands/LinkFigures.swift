internal import FailureDetection
internal import Simulation

/// What many broken links and crashes in clusters of one size and one loss came to.
struct LinkFigures {
    static let heading = [
        "hosts", "loss", "sent", "falsely suspected", "cut: suspected p50", "link p50", "p99", "never",
        "right at first",
        "kill: right at first", "ever link", "until",
    ]

    private var cuts: [LinkTrial.Cut] = []
    private var kills: [LinkTrial.Kill] = []
    private var rests: [LinkTrial.Quiet] = []

    /// Cuts as many links, and kills as many hosts, as there are `trials`.
    mutating func measure(nodes: Int, loss: Double, interval: TimeSpan, trials: Int) {
        let each = LinkTrial.trials(nodes: nodes)
        for first in stride(from: 0, to: trials, by: each) {
            var trial = LinkTrial(nodes: nodes, interval: interval, loss: loss, seed: UInt64(first + 1))
            rests.append(trial.rest())
            for number in 0..<min(each, trials - first) {
                cuts.append(trial.cut(number))
                kills.append(trial.kill(number))
            }
        }
    }

    /// The cells of a row, after those that name it.
    var cells: [String] {
        let links = cuts.compactMap(\.link).sorted()
        let rightCuts = cuts.count { $0.first == .link || $0.first == .inbound }
        let observers = kills.reduce(0) { $0 + $1.observers }
        func mean(_ value: (LinkTrial.Quiet) -> Double) -> Double {
            rests.reduce(0) { $0 + value($1) } / Double(max(rests.count, 1))
        }
        return [
            "\((mean(\.sent) * 100).rounded() / 100)", mean(\.suspected).short,
            text(0.5, of: cuts.compactMap(\.suspected).sorted()), text(0.5, of: links), text(0.99, of: links),
            "\(cuts.count - links.count)", "\(rightCuts) of \(cuts.count)",
            "\(kills.reduce(0) { $0 + $1.rightAtFirst }) of \(observers)",
            "\(kills.count { $0.link > .zero }) of \(kills.count)", (kills.map(\.link).max() ?? .zero).text,
        ]
    }

    private func text(_ quantile: Double, of sorted: [TimeSpan]) -> String {
        guard !sorted.isEmpty else { return "-" }
        return sorted[max(Int((quantile * Double(sorted.count)).rounded(.up)) - 1, 0)].text
    }
}

extension TimeSpan {
    fileprivate var text: String { (Double(nanoseconds) / 1e9).milliseconds }
}
